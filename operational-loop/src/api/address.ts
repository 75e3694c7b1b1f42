/** Where a daemon listens, as it tells its clients. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const ADDRESS_FILE = 'daemon.json';

export interface DaemonAddress {
  /** such as `http://127.0.0.1:4318` */
  readonly url: string;
  readonly pid: number;
  /** what a client says to be let in */
  readonly token: string;
}

/** The folder of the daemon that belongs to a folder of work. */
export function operationsFolder(cwd: string): string {
  return path.join(cwd, '.hindcast', 'operations');
}

/** Undefined where no daemon has said where it is. It may have been killed since. */
export function readAddress(folder: string): DaemonAddress | undefined {
  try {
    const found = JSON.parse(readFileSync(path.join(folder, ADDRESS_FILE), 'utf8')) as Partial<DaemonAddress>;
    const { url, pid, token } = found;
    if (typeof url !== 'string' || typeof pid !== 'number' || typeof token !== 'string') return undefined;
    return { url, pid, token };
  } catch {
    return undefined;
  }
}
