/** A light recording executed again within this process: what `hindcast materialise --again` does, without starting it. */
import path from 'node:path';
import { findInstallation } from '../../cli/src/installation.ts';
import { materialise } from '../../trace-runtime/src/rerun/materialise.ts';
import type { Verification } from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { defaultStore } from '../../trace-runtime/src/store/recordings.ts';

const root = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const cli = path.join(root, 'cli/dist');

/** Throws where there is no recording. */
export function opened(folder: string): Recording {
  const recording = openRecording(folder);
  if (!recording.ok) throw new Error(recording.error.message);
  return recording.value;
}

/** `timeout` in milliseconds; default: as the command's. Rejects where its command cannot be executed again. */
export function executeAgain(folder: string, timeout?: number): Promise<Verification> {
  const recording = opened(folder);
  const { cwd, options } = recording.manifest;
  const { cache } = options;
  return materialise(recording, {
    record: [process.execPath, path.join(cli, 'record.cjs'), 'record'],
    own: [findInstallation(cli).runtime, defaultStore(cwd), folder, ...(typeof cache === 'string' ? [cache] : [])],
    timeout,
    signal: new AbortController().signal,
  });
}
