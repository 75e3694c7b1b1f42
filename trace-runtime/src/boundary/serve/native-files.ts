/**
 * Native code that opens files by itself is led to the overlay, and below that to what it had found in the recorded run.
 * It never changes a real file. What it reads of a file that was not recorded is noted by the helper.
 */
import path from 'node:path';
import { DOUBTS_FILE } from '../../model/recorded-world.ts';
import { leadNativeCode } from '../native-code.ts';
import type { Serving } from './serving.ts';

export function serveNativeFiles(serving: Serving): void {
  const { world, options } = serving;
  const { scratch, own, native } = world;
  const { hide, late, helper, folder } = options;
  const unled = (code: string): void =>
    serving.unmatched('files', `files that ${code} opens by itself`, serving.caller());
  leadNativeCode({ hide, late, helper, unled, quietly: options.quietly }, ({ leadFiles }) =>
    leadFiles({
      overlay: path.join(scratch, 'overlay'),
      gone: path.join(scratch, 'gone'),
      recorded: native && path.join(native.folder, 'recorded'),
      absent: native && path.join(native.folder, 'absent'),
      sources: world.exact?.sources,
      doubts: path.join(scratch, DOUBTS_FILE),
      copies: path.join(scratch, 'copies'),
      own: [scratch, ...own],
      folder,
    }),
  );
}
