/** A real Redis that keeps nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, program, Service, untilListens } from './servers.ts';

export class RedisServer implements AsyncDisposable {
  readonly connection: string;
  readonly #service: Service;
  readonly #folder: string;

  static async start(): Promise<RedisServer> {
    const file = program(['/usr/bin/redis-server', '/usr/local/bin/redis-server'], 'redis-server');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-redis-'));
    const port = await freePort();
    const service = new Service(file, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']);
    await untilListens(port, service.child);
    return new RedisServer(service, folder, port);
  }

  private constructor(service: Service, folder: string, port: number) {
    this.#service = service;
    this.#folder = folder;
    this.connection = `redis://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
