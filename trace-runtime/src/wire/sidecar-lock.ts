/** Who collects a recording: the process whose pid stands in the lock with the highest number. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { processLives } from '../base/processes.ts';
import { readWhole } from '../base/whole-files.ts';
import { lockFileName, parseLockName } from './spool.ts';

/** A lock file is empty for a moment after it was made. */
const GRACE_MS = 2000;

/** Does nothing to a process that does not listen for it. */
export const WAKE_SIGNAL = 'SIGCONT';

const now = Date.now;
const readFolder = readdirSync;
const stat = statSync;

/** -1 where there was none yet. Throws what the file system says. */
export function highestLock(spool: string): number {
  return Math.max(-1, ...readFolder(spool).map(parseLockName));
}

/** Never throws. */
export function lockHolderLives(spool: string, number: number): boolean {
  const lock = path.join(spool, lockFileName(number));
  try {
    const holder = Number(readWhole(lock, 'utf8'));
    return holder ? processLives(holder) : now() - stat(lock).mtimeMs < GRACE_MS;
  } catch {
    return false;
  }
}

/** Never throws. */
export function sidecarLives(recording: string): boolean {
  const spool = path.join(recording, 'spool');
  try {
    return lockHolderLives(spool, highestLock(spool));
  } catch {
    return false;
  }
}

/** Lets the sidecar look at once. Where that is not possible it looks a little later. Never throws. */
export function wakeSidecar(recording: string): void {
  if (process.platform === 'win32') return;
  const spool = path.join(recording, 'spool');
  try {
    const holder = Number(readWhole(path.join(spool, lockFileName(highestLock(spool))), 'utf8'));
    if (holder > 0) process.kill(holder, WAKE_SIGNAL);
  } catch {
    // No sidecar yet, or one that has ended.
  }
}
