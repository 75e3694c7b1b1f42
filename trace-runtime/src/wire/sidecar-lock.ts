/** Who collects a recording: the process whose pid stands in the lock with the highest number. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { processLives } from '../base/processes.ts';
import { lockFileName, parseLockName } from './spool.ts';

/** A lock file is empty for a moment after it was made. */
const GRACE_MS = 2000;

const now = Date.now;
const readFile = readFileSync;
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
    const holder = Number(readFile(lock, 'utf8'));
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
