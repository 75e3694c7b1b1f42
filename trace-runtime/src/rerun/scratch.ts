/**
 * Folders of reruns in the system's temporary folder. Each says in a file whose it is: what a command that was killed
 * left is taken away by the next one that reruns.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'hc';
const NAME = /^hc[A-Za-z0-9]{6}$/;
/** Lines: the machine's name, then ids of processes, negative ones of groups. */
const OWNERS = 'owners';

/** An empty folder of this process. */
export function makeScratch(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), PREFIX)));
  appendFileSync(path.join(folder, OWNERS), `${os.hostname()}\n${process.pid}\n`, { mode: 0o600 });
  return folder;
}

/** The folder stays while the process, or anyone in the group that it leads, is there. */
export function shareScratch(folder: string, leader: number | undefined): void {
  if (leader === undefined) return;
  appendFileSync(path.join(folder, OWNERS), `${process.platform === 'win32' ? leader : -leader}\n`);
}

/** Takes away what nobody uses any more. Folders of other machines, that share the temporary folder, are left. */
export function sweep(temporary: string = os.tmpdir()): void {
  for (const name of namesIn(temporary)) {
    if (!NAME.test(name)) continue;
    const folder = path.join(temporary, name);
    if (isLeft(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isLeft(folder: string): boolean {
  try {
    const [machine, ...owners] = readFileSync(path.join(folder, OWNERS), 'utf8').split('\n').filter(Boolean);
    return machine === os.hostname() && owners.length > 0 && !owners.some((owner) => isAlive(Number(owner)));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
