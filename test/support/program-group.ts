import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** Starts a program in a process group of its own, which ends with us at the latest. */
export function startGroup(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(file, args, { ...options, detached: true });
  const end = (): void => endGroup(child);
  process.on('exit', end);
  child.on('exit', () => process.off('exit', end));
  return child;
}

/** Ends the program and whatever it has started that is still in its group. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) endProcess(-pid);
}

/** A process, or the group of the negative number; nothing where there is none any more. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
