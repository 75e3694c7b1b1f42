/**
 * One sidecar per recording. A lock is a file of its own number: whoever makes the next number holds the recording, so
 * two that find a dead holder at once cannot both win, and nothing is deleted.
 */
import { closeSync, openSync, readFileSync, readdirSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { processLives } from '../recorder/sidecar-keeper.ts';
import { lockFileName, parseLockName } from '../wire/spool.ts';

export interface Lock {
  /** how many sidecars there were before */
  readonly number: number;
  /** false once another process has taken over */
  held(): boolean;
}

const GRACE_MS = 2000;

/** undefined while another living process holds it. Throws what the file system says. */
export function takeLock(spool: string): Lock | undefined {
  const number = highestLock(spool) + 1;
  if (number > 0 && holderLives(path.join(spool, lockFileName(number - 1)))) return undefined;
  const file = path.join(spool, lockFileName(number));
  let handle: number;
  try {
    handle = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
  writeSync(handle, String(process.pid));
  closeSync(handle);
  return { number, held: () => highestLock(spool) === number };
}

function highestLock(spool: string): number {
  return Math.max(-1, ...readdirSync(spool).map(parseLockName));
}

function holderLives(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return pid ? processLives(pid) : Date.now() - statSync(lock).mtimeMs < GRACE_MS;
  } catch {
    return false;
  }
}
