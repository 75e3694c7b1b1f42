/**
 * Where a daemon keeps what it knows, and how its clients find it: `.hindcast/operations` of the folder that it was started
 * in. `daemon.json` says where it listens and holds the token; it is private to its user and is there while the daemon runs.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HindcastError, inputOutput } from '../../../trace-runtime/src/base/errors.ts';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { ADDRESS_FILE, readAddress, type DaemonAddress } from '../api/address.ts';

export class DaemonFolder implements Disposable {
  readonly token = randomBytes(32).toString('base64url');
  #announced = false;

  private constructor(readonly folder: string) {}

  /** Makes the folder, private. Throws where another daemon uses it. */
  static open(folder: string): DaemonFolder {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    } catch (error) {
      throw inputOutput(`make the folder ${folder}`, error);
    }
    const other = readAddress(folder);
    if (other && processLives(other.pid) && other.pid !== process.pid) {
      throw new HindcastError(
        'usage',
        `A daemon with process ${other.pid} already uses ${folder}.`,
        'Stop it by `hindcast ops stop`, or give another folder with `--data`.',
      );
    }
    return new DaemonFolder(folder);
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** Lets clients find the daemon. */
  announce(address: Omit<DaemonAddress, 'pid' | 'token'>): void {
    this.#announced = true;
    const text = JSON.stringify({ ...address, pid: process.pid, token: this.token } satisfies DaemonAddress);
    // whole or not at all: a client may read it at any moment
    const fresh = this.at(`daemon.json.${process.pid}`);
    writeFileSync(fresh, text, { mode: 0o600 });
    renameSync(fresh, this.at(ADDRESS_FILE));
  }

  [Symbol.dispose](): void {
    if (this.#announced && readAddress(this.folder)?.pid === process.pid)
      rmSync(this.at(ADDRESS_FILE), { force: true });
  }
}
