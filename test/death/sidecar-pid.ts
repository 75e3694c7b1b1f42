import { readFileSync } from 'node:fs';
import path from 'node:path';
import { highestLock } from '../../trace-runtime/src/wire/sidecar-lock.ts';
import { lockFileName } from '../../trace-runtime/src/wire/spool.ts';

/** The pid of the process that collects a recording now. */
export function readSidecarLock(recording: string): number | undefined {
  const spool = path.join(recording, 'spool');
  try {
    return Number(readFileSync(path.join(spool, lockFileName(highestLock(spool))), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
