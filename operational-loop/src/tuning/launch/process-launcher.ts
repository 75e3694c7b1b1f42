/**
 * Instances as processes of this machine. Each has a file with what it is in the launcher's folder, written before it is
 * started, and its output beside it; so the launcher that comes next finds it.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { ServiceImage } from '../../model/service.ts';
import type { Milliseconds } from '../../model/time.ts';
import type { Launcher, RunningInstance, StartRequest } from './launcher.ts';
import { findInstance, INSTANCE_VARIABLE, isInstance } from './process-identity.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** besides this process' environment and the image's configuration; `PORT` is where it shall listen */
  readonly env?: Readonly<Record<string, string>>;
  /** asked until it answers 2xx, such as `/health`; without it, a connection is enough */
  readonly healthPath?: string;
}

export interface ProcessLauncherSettings {
  readonly folder: string;
  /** how an image of a service is run. Throws for one that it does not know. */
  readonly command: (service: string, image: ServiceImage) => Command;
  readonly startWithin?: Milliseconds;
  /** between SIGTERM and SIGKILL */
  readonly grace?: Milliseconds;
}

interface InstanceRecord {
  readonly id: string;
  readonly service: string;
  readonly image: ServiceImage;
  readonly address: string;
  readonly pid?: number;
}

const LOOK_EVERY_MS = 200;

export class ProcessLauncher implements Launcher {
  readonly #settings: ProcessLauncherSettings;
  readonly #listeners = new Set<(id: string, detail: string) => void>();
  readonly #known = new Map<string, number>();
  readonly #stopping = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(settings: ProcessLauncherSettings) {
    this.#settings = settings;
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  async start({ id, service, image }: StartRequest): Promise<RunningInstance> {
    const found = this.#alive(id);
    if (found) return found;
    const command = this.#settings.command(service, image);
    const address = `http://127.0.0.1:${await freePort()}`;
    const record = { id, service, image, address };
    this.#write(record);
    const child = this.#spawn(record, command);
    await spawned(child);
    const started = { ...record, pid: child.pid as number };
    this.#write(started);
    await this.#untilReady(started, child, command.healthPath);
    this.#known.set(id, started.pid);
    child.once('exit', () => this.#look());
    return started;
  }

  async stop(id: string): Promise<void> {
    this.#stopping.add(id);
    const pid = this.#alive(id)?.pid;
    if (pid !== undefined) await this.#end(id, pid);
    rmSync(this.#file(id), { force: true });
    this.#known.delete(id);
    this.#stopping.delete(id);
  }

  async running(service: string): Promise<readonly RunningInstance[]> {
    const found = this.#records().filter((record) => record.service === service);
    return found.map(({ id }) => this.#alive(id)).filter((instance) => instance !== undefined);
  }

  onExit(listener: (id: string, detail: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Instances run on. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  #spawn({ id, image, address }: InstanceRecord, { file, args, cwd, env }: Command): ChildProcess {
    const log = openSync(this.#log(id), 'a', 0o600);
    const port = new URL(address).port;
    const environment = { ...process.env, ...env, ...image.configuration, PORT: port, [INSTANCE_VARIABLE]: id };
    try {
      const child = spawn(file, args, { cwd, env: environment, detached: true, stdio: ['ignore', log, log] });
      child.unref();
      return child;
    } finally {
      closeSync(log);
    }
  }

  async #untilReady(
    { id, address }: InstanceRecord,
    child: ChildProcess,
    healthPath: string | undefined,
  ): Promise<void> {
    const within = this.#settings.startWithin ?? 15_000;
    const until = performance.now() + within;
    while (performance.now() < until) {
      if (child.exitCode !== null || child.signalCode !== null) {
        rmSync(this.#file(id), { force: true });
        throw new Error(`${id} ended before it took requests: ${this.#lastWords(id)}`);
      }
      if (await answers(address, healthPath)) return;
      await sleep(20);
    }
    await this.stop(id);
    throw new Error(`${id} took no requests within ${within} ms.`);
  }

  async #end(id: string, pid: number): Promise<void> {
    signal(pid, 'SIGTERM');
    const until = performance.now() + (this.#settings.grace ?? 5_000);
    while (isInstance(pid, id) && performance.now() < until) await sleep(10);
    if (!isInstance(pid, id)) return;
    signal(pid, 'SIGKILL');
    while (isInstance(pid, id)) await sleep(10);
  }

  /** Tells of those that ended without being told to. */
  #look(): void {
    for (const { id } of this.#records()) {
      const pid = this.#known.has(id) ? undefined : this.#alive(id)?.pid;
      if (pid !== undefined) this.#known.set(id, pid);
    }
    for (const [id, pid] of this.#known) {
      if (this.#stopping.has(id) || isInstance(pid, id)) continue;
      this.#known.delete(id);
      for (const listener of this.#listeners) listener(id, this.#lastWords(id));
    }
  }

  #alive(id: string): RunningInstance | undefined {
    const record = this.#read(id);
    if (!record) return undefined;
    const pid = record.pid ?? findInstance(id);
    return pid !== undefined && isInstance(pid, id) ? { ...record, pid } : undefined;
  }

  #records(): readonly InstanceRecord[] {
    const names = readdirSync(this.#settings.folder).filter((name) => name.endsWith('.json'));
    return names.map((name) => this.#read(name.slice(0, -'.json'.length))).filter((record) => record !== undefined);
  }

  #read(id: string): InstanceRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.#file(id), 'utf8')) as InstanceRecord;
    } catch {
      return undefined;
    }
  }

  /** All of it or nothing. */
  #write(record: InstanceRecord): void {
    const file = this.#file(record.id);
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  #lastWords(id: string): string {
    try {
      const lines = readFileSync(this.#log(id), 'utf8').trimEnd().split('\n');
      const said = lines.slice(-5).join(' | ').slice(-500);
      return said === '' ? 'it said nothing.' : `its last words: ${said}`;
    } catch {
      return 'it left no output.';
    }
  }

  #file(id: string): string {
    return path.join(this.#settings.folder, `${id}.json`);
  }

  #log(id: string): string {
    return path.join(this.#settings.folder, `${id}.log`);
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function answers(address: string, healthPath: string | undefined): Promise<boolean> {
  if (healthPath === undefined) return connects(address);
  try {
    const response = await fetch(new URL(healthPath, address), { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function connects(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
