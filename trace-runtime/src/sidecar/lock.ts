/**
 * One sidecar per recording. A lock is a file of its own number: whoever makes the next number holds the recording, so
 * two that find a dead holder at once cannot both win, and nothing is deleted.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { highestLock, lockHolderLives } from '../wire/sidecar-lock.ts';
import { lockFileName } from '../wire/spool.ts';

export interface Lock {
  /** how many sidecars there were before */
  readonly number: number;
  /** false once another process has taken over */
  held(): boolean;
}

/** undefined while another living process holds it. Throws what the file system says. */
export function takeLock(spool: string): Lock | undefined {
  const number = highestLock(spool) + 1;
  if (number > 0 && lockHolderLives(spool, number - 1)) return undefined;
  let handle: number;
  try {
    handle = openSync(path.join(spool, lockFileName(number)), 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
  // On a full disk the lock stays empty: the pid is not worth the recording.
  try {
    writeSync(handle, String(process.pid));
  } finally {
    closeSync(handle);
  }
  return { number, held: () => highestLock(spool) === number };
}
