/** Finds the process of an instance whose starter was killed before it wrote the process' number down. */
import { readdirSync, readFileSync } from 'node:fs';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';

/** in the environment of every instance */
const INSTANCE_VARIABLE = 'HINDCAST_OPS_INSTANCE';

/**
 * The one that leads its group: those that it started have its environment, too. Linux only: elsewhere no environment of
 * another process can be read, and nothing is found.
 */
export function processOfInstance(id: string): number | undefined {
  const wanted = `${INSTANCE_VARIABLE}=${id}`;
  return processes().find((pid) => processLives(pid) && environmentOf(pid).includes(wanted) && leadsItsGroup(pid));
}

function leadsItsGroup(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === pid;
  } catch {
    return false;
  }
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
