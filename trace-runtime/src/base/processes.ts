/**
 * Other processes: whether they live, and starting one that outlives us. Everything from Node is taken when this module
 * loads, so that it works inside a program that patches it.
 */
import { spawn } from 'node:child_process';
import { readWhole } from './whole-files.ts';

const kill = process.kill.bind(process);
const start = spawn;

/** False for a process that has ended, also where nobody has reaped it yet. */
export function processLives(pid: number): boolean {
  try {
    kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isZombie(pid: number): boolean {
  try {
    const text = readWhole(`/proc/${pid}/stat`, 'latin1');
    return text[text.lastIndexOf(')') + 2] === 'Z';
  } catch {
    return false;
  }
}

/** In a session of its own, so that the terminal's signals pass it by. False where it could not be started at all. */
export function startDetached(file: string, args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  try {
    const child = start(file, args, { detached: true, stdio: 'ignore', env, cwd: '/', windowsHide: true });
    child.on('error', () => undefined);
    child.unref();
    return child.pid !== undefined;
  } catch {
    return false;
  }
}
