/**
 * Files that native code opens by itself, as `native.file`: what was there before it got at them. A rerun leads it to
 * these (serve/native-files.ts).
 */
import fs from 'node:fs';
import path from 'node:path';
import { readWhole } from '../base/whole-files.ts';
import type { RecordedCall } from '../model/recorded-world.ts';
import { safely } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { leadNativeCode, type NativeHelper, type NativeParts, type WatchedFile } from './native-code.ts';
import { recordedContent } from './recorded-calls.ts';

export const NATIVE_FILE = 'native.file';

const { unlinkSync } = fs;

export interface NativeFilesOptions extends NativeParts {
  readonly recording: string;
  readonly own: readonly string[];
}

export function watchNativeFiles(log: BoundaryLog, { recording, own, ...parts }: NativeFilesOptions): void {
  leadNativeCode(parts, (helper) => {
    helper.watchFiles({ copies: path.join(recording, 'spool', 'native'), own: [recording, ...own] });
    log.beforeReport = () => take(log, helper);
  });
}

/** A rerun's recording says it again: it may be run again itself. */
export function tellNativeFiles(log: BoundaryLog, found: readonly RecordedCall['detail'][]): void {
  for (const { content: kept, time: _time, ...detail } of found) {
    const content = recordedContent(kept);
    log.aside(NATIVE_FILE, { ...detail, ...(content === undefined ? {} : { content: log.content(content) }) });
  }
}

function take(log: BoundaryLog, helper: NativeHelper): void {
  const files = helper.takeFiles();
  if (files) for (const file of files) safely(log, () => report(log, file));
}

/** Not compared with what an exact run meets: it meets these. */
function report(log: BoundaryLog, { path: file, kind, copy, at, changed, permissions }: WatchedFile): void {
  const content = copy === undefined ? undefined : log.content(readWhole(copy));
  if (copy !== undefined) unlinkSync(copy);
  const of = content === undefined ? {} : { changed, permissions, content };
  log.aside(NATIVE_FILE, { path: file, was: kind, at, ...of });
}
