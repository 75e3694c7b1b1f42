/** Whether a process is the instance that was started under an id: process ids are used again, instance ids are not. */
import { readdirSync, readFileSync } from 'node:fs';
import { processLives } from '../../../../trace-runtime/src/base/processes.ts';

/** in the environment of each instance */
export const INSTANCE_VARIABLE = 'HINDCAST_INSTANCE';

/** Where a process' environment cannot be read (anywhere but on Linux), its id alone decides. */
export function isInstance(pid: number, id: string): boolean {
  if (!processLives(pid)) return false;
  const environment = environmentOf(pid);
  return environment === undefined || environment.includes(`\0${INSTANCE_VARIABLE}=${id}\0`);
}

/** Finds an instance whose starter ended before it wrote its process id down. Linux only: nothing elsewhere. */
export function findInstance(id: string): number | undefined {
  return listProcesses().find((pid) => environmentOf(pid) !== undefined && isInstance(pid, id));
}

function environmentOf(pid: number): string | undefined {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`;
  } catch {
    return undefined;
  }
}

function listProcesses(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
