/** A real PostgreSQL in a temporary folder, as the user `postgres`: it refuses root. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort, program, Service, untilListens } from './servers.ts';

const HOME = '/usr/lib/postgresql';

export class Postgresql implements AsyncDisposable {
  /** of a superuser */
  readonly connection: string;
  readonly #service: Service;
  readonly #folder: string;

  static async start(): Promise<Postgresql> {
    const versions = existsSync(HOME) ? readdirSync(HOME).toSorted((left, right) => Number(right) - Number(left)) : [];
    const binaries = versions.length === 0 ? `${HOME}/15/bin` : `${HOME}/${versions[0]}/bin`;
    const server = program([`${binaries}/postgres`], 'postgresql');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-postgresql-'));
    const user = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
    if (user) chownSync(folder, user.uid, user.gid);
    const data = path.join(folder, 'data');
    const init = ['-D', data, '-U', 'tester', '-A', 'trust', '--no-sync', '--locale=C', '-E', 'UTF8'];
    execFileSync(`${binaries}/initdb`, init, { ...user, cwd: '/', stdio: 'ignore' });
    const port = await freePort();
    const settings = ['-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'jit=off'];
    const service = new Service(server, ['-D', data, ...settings], { ...(user ? { user } : {}), stopBy: 'SIGQUIT' });
    await untilListens(port, service.child);
    const started = new Postgresql(service, folder, port);
    await started.#untilReady();
    return started;
  }

  private constructor(service: Service, folder: string, port: number) {
    this.#service = service;
    this.#folder = folder;
    this.connection = `postgresql://tester@127.0.0.1:${port}/postgres`;
  }

  /** It listens before it answers. */
  async #untilReady(): Promise<void> {
    for (let tried = 0; tried < 200; tried++) {
      const client = new pg.Client({ connectionString: this.connection });
      const ready = await client.connect().then(
        () => true,
        () => false,
      );
      if (ready) return client.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL does not get ready');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined) throw new Error(`There is no user ${name}: Debian's package postgresql-common makes it.`);
  return { uid: Number(uid), gid: Number(gid) };
}
