/** Who executes a light recording again: one process at a time; whoever else wants its values waits for it. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processLives } from '../base/processes.ts';
import { FILE_MODE } from '../store/recording-paths.ts';

/** How far long work is: ticks that were executed, or words that were read, of so many. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** In the recording's folder: the pid of who executes it, and how far it is. */
const FILE = 'materialising';
const LOOK_MS = 50;
/** The file is empty for a moment after it was made. */
const GRACE_MS = 2000;

export interface Turn {
  tell(progress: Progress): void;
  dispose(): void;
}

/** Undefined where another process has it. */
export function takeTurn(recording: string): Turn | undefined {
  const file = path.join(recording, FILE);
  if (!holderLives(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { mode: FILE_MODE, flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined;
    throw error;
  }
  let isOver = false;
  return {
    tell({ done, of }) {
      // who watches it may tell once more after it was interrupted
      if (isOver) return;
      writeFileSync(`${file}.new`, `${process.pid} ${done} ${of}`, { mode: FILE_MODE });
      renameSync(`${file}.new`, file);
    },
    dispose() {
      isOver = true;
      rmSync(file, { force: true });
    },
  };
}

/** Resolves once nobody executes it any more, or `signal` is aborted. */
export async function whileAnother(
  recording: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const file = path.join(recording, FILE);
  while (!signal.aborted && holderLives(file)) {
    const progress = progressIn(file);
    if (progress) tell(progress);
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function progressIn(file: string): Progress | undefined {
  const [, done, of] = read(file).split(' ').map(Number);
  return done === undefined || of === undefined ? undefined : { done, of };
}

function holderLives(file: string): boolean {
  const pid = Number(read(file).split(' ')[0]);
  if (pid > 0) return processLives(pid);
  try {
    return Date.now() - statSync(file).mtimeMs < GRACE_MS;
  } catch {
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
