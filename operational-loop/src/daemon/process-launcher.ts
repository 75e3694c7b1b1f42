/**
 * Starts the instances of a service as processes of this machine, each with a port of its own in `PORT`. They are in groups
 * of their own, so that they outlive a daemon that is killed; the next one finds them in the database.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import type { Launcher, RunningInstance, StartRequest } from '../tuning/launch/launcher.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';
import { processOfInstance } from './instance-process.ts';
import { sleep, takesRequests } from './readiness.ts';

const schema: Schema = {
  name: 'instances',
  steps: [
    `CREATE TABLE instance (
      id TEXT PRIMARY KEY, service TEXT NOT NULL, image TEXT NOT NULL, address TEXT NOT NULL, pid INTEGER NOT NULL,
      born TEXT NOT NULL, started INTEGER NOT NULL, recording TEXT
    ) STRICT`,
    `CREATE TABLE recorded_instance (
      id TEXT PRIMARY KEY, service TEXT NOT NULL, started INTEGER NOT NULL, recording TEXT NOT NULL
    ) STRICT`,
  ],
};

/** What is run for an image. */
export interface Launch {
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** a file that will have the folder of the instance's recording, where it is recorded */
  readonly recordingFile: string | undefined;
}

export interface LauncherParts {
  readonly database: Database;
  /** gets a log of each instance */
  readonly logs: string;
  readonly launch: (id: string, service: string, image: ServiceImage) => Launch;
  /** a path that answers 2xx once an instance takes requests; undefined: as soon as it listens */
  readonly ready: string | undefined;
  readonly patience?: Milliseconds;
  readonly grace?: Milliseconds;
}

/** One that was recorded. */
export interface RecordedLaunch {
  readonly service: string;
  readonly instance: string;
  readonly recording: string;
}

export interface LaunchedInstance extends RunningInstance {
  readonly pid: number;
  readonly startedAt: UnixMs;
  readonly recording: string | undefined;
}

const PATIENCE = 60_000;
const GRACE = 10_000;
const POLL = 1000;

export class ProcessLauncher implements Launcher {
  readonly #children = new Map<string, ChildProcess>();
  readonly #told = new Set<string>();
  readonly #starting = new Set<string>();
  readonly #listeners = new Set<(id: string, detail: string) => void>();
  readonly #poll: NodeJS.Timeout;
  #disposed = false;

  constructor(private readonly parts: LauncherParts) {
    parts.database.use(schema);
    mkdirSync(parts.logs, { recursive: true, mode: 0o700 });
    this.#adoptUnknown();
    this.#poll = setInterval(() => this.#lookAtAdopted(), POLL);
    this.#poll.unref();
  }

  async start({ id, service, image }: StartRequest): Promise<RunningInstance> {
    const known = this.all().find((each) => each.id === id);
    if (known) return known;
    const port = await freePort();
    const launch = this.parts.launch(id, service, image);
    const address = `http://127.0.0.1:${port}`;
    // Before it is started, so that whoever comes after a kill looks for it.
    this.parts.database.run(
      'INSERT OR REPLACE INTO instance VALUES (?, ?, ?, ?, 0, ?, ?, ?)',
      id,
      service,
      JSON.stringify(image),
      address,
      '',
      Date.now(),
      launch.recordingFile ?? null,
    );
    const child = this.#spawn(id, launch, port);
    const instance = { id, service, image, address, pid: child.pid ?? 0 };
    this.#setProcess(id, instance.pid);
    if (launch.recordingFile !== undefined) {
      const row = [id, service, Date.now(), launch.recordingFile] as const;
      this.parts.database.run('INSERT OR REPLACE INTO recorded_instance VALUES (?, ?, ?, ?)', ...row);
    }
    this.#starting.add(id);
    await this.#untilReady(instance, child).finally(() => this.#starting.delete(id));
    child.on('exit', (code, signal) =>
      this.#ended(id, signal ? `It was ended by ${signal}.` : `It ended with exit code ${code}.`),
    );
    if (child.exitCode !== null || child.signalCode !== null) this.#ended(id, 'It ended as soon as it was there.');
    return instance;
  }

  async stop(id: string): Promise<void> {
    this.#told.add(id);
    const row = this.parts.database.get('SELECT * FROM instance WHERE id = ?', id);
    if (row && isSame(row)) await this.#end(Number(row['pid']));
    this.#children.delete(id);
    this.parts.database.run('DELETE FROM instance WHERE id = ?', id);
  }

  async running(service: string): Promise<readonly RunningInstance[]> {
    return this.all().filter((each) => each.service === service);
  }

  /** Those that live. */
  all(): readonly LaunchedInstance[] {
    return this.parts.database.all('SELECT * FROM instance').filter(isSame).map(instanceOf);
  }

  /** Those that live and have been ready to take requests. */
  ready(): readonly LaunchedInstance[] {
    return this.all().filter(({ id }) => !this.#starting.has(id));
  }

  /** Those of a service that were started since then and recorded, whether they live or not; the latest first. */
  recordedSince(service: string, since: UnixMs): readonly RecordedLaunch[] {
    const rows = this.parts.database.all(
      'SELECT * FROM recorded_instance WHERE service = ? AND started >= ? ORDER BY started DESC',
      service,
      since,
    );
    return rows.flatMap((row) => {
      const recording = recordingIn(String(row['recording']));
      return recording === undefined ? [] : [{ service, instance: String(row['id']), recording }];
    });
  }

  onExit(listener: (id: string, detail: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearInterval(this.#poll);
    this.#listeners.clear();
  }

  #setProcess(id: string, pid: number): void {
    this.parts.database.run('UPDATE instance SET pid = ?, born = ? WHERE id = ?', pid, birthOf(pid), id);
  }

  /** Those whose starter was killed between starting them and writing down which process it was. */
  #adoptUnknown(): void {
    for (const row of this.parts.database.all('SELECT id FROM instance WHERE pid = 0')) {
      const id = String(row['id']);
      const pid = processOfInstance(id);
      if (pid === undefined) this.parts.database.run('DELETE FROM instance WHERE id = ?', id);
      else this.#setProcess(id, pid);
    }
  }

  #spawn(id: string, { command, folder, env }: Launch, port: number): ChildProcess {
    const log = openSync(path.join(this.parts.logs, `${id.replaceAll(/[^\w.-]/g, '_')}.log`), 'a', 0o600);
    const [file, ...args] = command;
    try {
      const child = spawn(file!, args, {
        cwd: folder,
        env: { ...env, PORT: String(port) },
        stdio: ['ignore', log, log],
        detached: true,
      });
      child.on('error', () => undefined);
      child.unref();
      this.#children.set(id, child);
      return child;
    } finally {
      closeSync(log);
    }
  }

  async #untilReady({ id, address, service }: RunningInstance, child: ChildProcess): Promise<void> {
    const until = performance.now() + (this.parts.patience ?? PATIENCE);
    const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    let reason = `took no requests within ${(this.parts.patience ?? PATIENCE) / 1000} s`;
    while (performance.now() < until && !hasEnded()) {
      if (await takesRequests(address, this.parts.ready)) return;
      await sleep(50);
    }
    if (hasEnded()) reason = 'ended before it took requests';
    const said = this.#lastWords(id);
    await this.stop(id);
    throw new Error(`The instance ${id} of ${service} ${reason}${said === '' ? '' : `: ${said}`}.`);
  }

  #lastWords(id: string): string {
    const file = path.join(this.parts.logs, `${id.replaceAll(/[^\w.-]/g, '_')}.log`);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return (lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 300);
  }

  async #end(pid: number): Promise<void> {
    signal(pid, 'SIGTERM');
    const until = performance.now() + (this.parts.grace ?? GRACE);
    while (processLives(pid) && performance.now() < until) await sleep(20);
    if (processLives(pid)) signal(pid, 'SIGKILL');
    while (processLives(pid)) await sleep(20);
    // what it started and left behind
    signal(pid, 'SIGKILL');
  }

  #lookAtAdopted(): void {
    for (const row of this.parts.database.all('SELECT * FROM instance')) {
      const id = String(row['id']);
      if (!this.#children.has(id) && !isSame(row)) this.#ended(id, 'Its process is gone.');
    }
  }

  #ended(id: string, detail: string): void {
    // The database may be closed already.
    if (this.#disposed) return;
    const row = this.parts.database.get('SELECT 1 FROM instance WHERE id = ?', id);
    this.parts.database.run('DELETE FROM instance WHERE id = ?', id);
    this.#children.delete(id);
    if (!row || this.#told.delete(id)) return;
    for (const listener of this.#listeners) listener(id, detail);
  }
}

function instanceOf(row: Row): LaunchedInstance {
  const file = row['recording'];
  return {
    id: String(row['id']),
    service: String(row['service']),
    image: JSON.parse(String(row['image'])) as ServiceImage,
    address: String(row['address']),
    pid: Number(row['pid']),
    startedAt: Number(row['started']),
    recording: typeof file === 'string' ? recordingIn(file) : undefined,
  };
}

function recordingIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether the row's process is still that process, and no other that got its number. */
function isSame(row: Row): boolean {
  const pid = Number(row['pid']);
  return pid > 0 && processLives(pid) && birthOf(pid) === row['born'];
}

/** When a process began, in its system's own count; '' where the system does not tell. */
function birthOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** To the process and all in its group. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // none of them is left
  }
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
