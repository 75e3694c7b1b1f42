/** A real HAProxy with a backend of two slots, as `HaproxyPort` needs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { HaproxySettings } from '../../../operational-loop/src/tuning/traffic/haproxy.ts';
import { haproxyLogLines } from '../../../operational-loop/src/tuning/traffic/haproxy-log.ts';
import { freePort, program, Service, untilListens } from './servers.ts';

export class Haproxy implements AsyncDisposable {
  readonly address: string;
  readonly settings: HaproxySettings;
  readonly #run: () => Promise<Service>;
  #service: Service;
  readonly #folder: string;

  static async start(): Promise<Haproxy> {
    const file = program(['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'], 'haproxy');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-haproxy-'));
    const [port, logPort] = [await freePort(), await freePort()];
    const socket = path.join(folder, 'admin.sock');
    const configuration = path.join(folder, 'haproxy.cfg');
    writeFileSync(configuration, configurationOf(port, logPort, socket));
    const run = async (): Promise<Service> => {
      const service = new Service(file, ['-f', configuration, '-db']);
      await untilListens(port, service.child);
      return service;
    };
    const servers = { blue: ['blue1', 'blue2'], green: ['green1', 'green2'] };
    return new Haproxy(run, await run(), folder, port, { socket, backend: 'shop', servers, logPort });
  }

  private constructor(
    run: () => Promise<Service>,
    service: Service,
    folder: string,
    port: number,
    settings: HaproxySettings,
  ) {
    this.#run = run;
    this.#service = service;
    this.#folder = folder;
    this.address = `http://127.0.0.1:${port}`;
    this.settings = settings;
  }

  async stop(): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
  }

  /** As its file says: it knows nothing of what was set while it ran. */
  async startAgain(): Promise<void> {
    this.#service = await this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}

const configurationOf = (port: number, logPort: number, socket: string): string => `
global
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend shop
  bind 127.0.0.1:${port}
  ${haproxyLogLines(logPort).join('\n  ')}
  default_backend shop
backend shop
  balance roundrobin
  server blue1 127.0.0.1:1 weight 1 disabled
  server blue2 127.0.0.1:1 weight 1 disabled
  server green1 127.0.0.1:1 weight 1 disabled
  server green2 127.0.0.1:1 weight 1 disabled
`;
