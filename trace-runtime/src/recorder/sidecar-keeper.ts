/** Waiting for the sidecar, and replacing one that died, from inside a blocked program. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { FINISH_FILE, STOPPED_FILE, lockFileName, parseLockName } from '../wire/spool.ts';

export interface SidecarCommand {
  /** the Node binary that runs the sidecar; need not be the program's */
  readonly node: string;
  readonly script: string;
}

export interface SidecarKeeper {
  ended(): boolean;
  wait(): void;
}

const WAIT_MS = 1;
const CHECK_EVERY_MS = 250;
/** A lock file is empty for a moment after it was made. */
const LOCK_GRACE_MS = 2000;

const now = Date.now;
const kill = process.kill.bind(process);
const pause = Atomics.wait;
const environment = process.env;
const cell = new Int32Array(new SharedArrayBuffer(4));
const exists = existsSync;
const readFile = readFileSync;
const readFolder = readdirSync;
const stat = statSync;
const start = spawn;

export function sidecarKeeper(recording: string, command: SidecarCommand | undefined): SidecarKeeper {
  let checkedAt = now();
  const ended = (): boolean =>
    exists(path.join(recording, STOPPED_FILE)) || exists(path.join(recording, FINISH_FILE));
  const wait = (): void => {
    pause(cell, 0, 0, WAIT_MS);
    if (now() - checkedAt < CHECK_EVERY_MS) return;
    checkedAt = now();
    if (command && !sidecarLives(recording)) startSidecar(command, recording);
  };
  return { ended, wait };
}

/** Whether a living process holds the recording's highest lock. Never throws. */
export function sidecarLives(recording: string): boolean {
  try {
    const spool = path.join(recording, 'spool');
    const highest = Math.max(-1, ...readFolder(spool).map(parseLockName));
    if (highest < 0) return false;
    const lock = path.join(spool, lockFileName(highest));
    const holder = Number(readFile(lock, 'utf8'));
    if (!holder) return now() - stat(lock).mtimeMs < LOCK_GRACE_MS;
    return processLives(holder);
  } catch {
    return false;
  }
}

export function processLives(pid: number): boolean {
  try {
    kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A blocked program cannot reap a sidecar that it started itself. */
function isZombie(pid: number): boolean {
  try {
    const text = readFile(`/proc/${pid}/stat`, 'latin1');
    return text[text.lastIndexOf(')') + 2] === 'Z';
  } catch {
    return false;
  }
}

/** In a session of its own, so that the terminal's signals pass it by. */
export function startSidecar(command: SidecarCommand, recording: string): void {
  const { NODE_OPTIONS: _options, HINDCAST_RECORDING: _recording, HINDCAST_OPTIONS: _more, ...env } = environment;
  try {
    const child = start(command.node, [command.script, recording], { detached: true, stdio: 'ignore', env, cwd: '/' });
    child.on('error', () => undefined);
    child.unref();
  } catch {
    // Tried again at the next wait.
  }
}
