/** Kills a tuner at every write of its journal and at other moments, and looks at what comes after each. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { capableNode } from '../../../cli/src/installation.ts';
import type { JournalEntry, RolloutState, TunerState } from '../../../operational-loop/src/model/rollout.ts';
import type { ServiceImage } from '../../../operational-loop/src/model/service.ts';
import { Random } from '../../support/random.ts';

/** What is rolled out: a good image, one whose requests fail, one that ends by itself. */
export type Canary = 'good' | 'failing' | 'ending';

export interface KillResult {
  readonly canary: Canary;
  readonly moment: string;
  /** the last action that the journal has from before the kill */
  readonly lastAction: string;
  readonly problems: readonly string[];
}

interface Recovered {
  readonly recovered: TunerState;
  readonly journal: readonly JournalEntry[];
}

interface Line {
  readonly recovered?: true;
  readonly begun?: string;
  readonly finished?: string;
  readonly reason?: string;
}

export class KillTrials implements AsyncDisposable {
  readonly #folder: string;
  readonly #repository: string;
  readonly #bundle: string;
  readonly #port: number;
  readonly #random = new Random(1);
  #version = 0;
  #good: ServiceImage = { build: 'service', configuration: { VERSION: '0' } };
  #load: Load | undefined;

  static async begin(repository: string, folder: string): Promise<KillTrials> {
    const cache = path.join(repository, 'node_modules/.cache/hindcast-run');
    mkdirSync(cache, { recursive: true });
    const bundle = path.join(cache, `rollouts-daemon-${process.pid}.mjs`);
    const entry = path.join(repository, 'test/operations/rollouts/daemon.ts');
    await build({
      entryPoints: [entry],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    return new KillTrials(repository, folder, bundle, await freePort());
  }

  private constructor(repository: string, folder: string, bundle: string, port: number) {
    this.#repository = repository;
    this.#folder = folder;
    this.#bundle = bundle;
    this.#port = port;
    this.#load = new Load(port);
  }

  /**
   * One kill: at a write of the journal during the rollout (`write N`), or at some moment of it (`ms N`). Undefined where the
   * rollout ended before.
   */
  async kill(
    canary: Canary,
    moment: { readonly write: number } | { readonly ms: number },
  ): Promise<KillResult | undefined> {
    const image = this.#nextImage(canary);
    const write = 'write' in moment ? moment.write : 0;
    await using daemon = this.#start(JSON.stringify(image.configuration), write);
    await daemon.next(({ recovered }) => recovered !== undefined);
    const finished = daemon.next((line) => line.finished !== undefined).catch(() => 'ended' as const);
    const timer = 'ms' in moment ? setTimeout(() => daemon.kill(), moment.ms) : undefined;
    const line = await finished;
    clearTimeout(timer);
    if (typeof line === 'object' && line.finished !== undefined) {
      this.#good = line.finished === 'promoted' ? image : this.#good;
      const expected = canary === 'good' ? 'promoted' : 'rolled-back';
      if (line.finished !== expected) throw new Error(`A ${canary} canary was ${line.finished}: ${line.reason ?? ''}`);
      return undefined;
    }
    if (this.#random.percent(30)) await this.#killRecovery();
    return this.#lookAfter(canary, image, 'write' in moment ? `write ${moment.write}` : `${moment.ms} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load?.[Symbol.asyncDispose]();
    for (const pid of this.#instancePids().values()) process.kill(pid, 'SIGKILL');
    rmSync(this.#bundle, { force: true });
  }

  #nextImage(canary: Canary): ServiceImage {
    const configuration = { VERSION: String(++this.#version) };
    const kinds: Readonly<Record<Canary, Readonly<Record<string, string>>>> = {
      good: {},
      failing: { FAILS: '0.5' },
      ending: { ENDS_AFTER: '20' },
    };
    const bad = kinds[canary];
    return { build: 'service', configuration: { ...configuration, ...bad } };
  }

  /** A daemon that is killed while it recovers from a kill. */
  async #killRecovery(): Promise<void> {
    await using daemon = this.#start('none', 1 + this.#random.below(8));
    await daemon.next(({ recovered }) => recovered !== undefined).catch(() => undefined);
  }

  async #lookAfter(canary: Canary, image: ServiceImage, moment: string): Promise<KillResult> {
    await using daemon = this.#start('none', 0);
    await daemon.next((line) => line.recovered !== undefined);
    const text = readFileSync(path.join(this.#folder, 'recovered.json'), 'utf8');
    const { recovered, journal } = JSON.parse(text) as Recovered;
    const wanted = JSON.stringify(image);
    const isOurs = ({ change }: RolloutState): boolean =>
      change.kind === 'image' && JSON.stringify(change.image) === wanted;
    // None where the kill came before the rollout was on the disk.
    const rollout = recovered.rollouts.find(isOurs);
    const ours = journal.filter(
      (entry) => rollout !== undefined && entry.rollout === rollout.id && entry.by === 'proof',
    );
    const promoted = ours.some(({ action, result }) => action === 'promote' && result === 'done');
    if (promoted) this.#good = image;
    const problems = [
      ...this.#configurationProblems(recovered),
      ...journalProblems(journal, recovered),
      ...this.#instanceProblems(journal),
      ...(await this.#trafficProblems()),
      ...(promoted && canary !== 'good' ? [`A ${canary} canary was promoted.`] : []),
    ];
    return { canary, moment, lastAction: ours[0]?.action ?? 'none', problems };
  }

  #configurationProblems({ services, rollouts }: TunerState): readonly string[] {
    const [shop] = services;
    if (!shop) return ['The service is gone.'];
    const good = JSON.stringify(this.#good);
    const strays = shop.observed.filter(({ image }) => JSON.stringify(image) !== good);
    const open = rollouts.filter(({ finishedAt }) => finishedAt === undefined);
    const slotWeight = shop.weights[shop.slot];
    const others = Object.entries(shop.weights).filter(([slot, weight]) => slot !== shop.slot && weight !== 0);
    return [
      ...(JSON.stringify(shop.desired) === good ? [] : ['Its desired image is not the last good one.']),
      ...(shop.observed.length === 2 ? [] : [`${shop.observed.length} instances run instead of 2.`]),
      ...(strays.length === 0 ? [] : [`${strays.length} instances run another image.`]),
      ...(slotWeight === 100 && others.length === 0 ? [] : [`The weights are ${JSON.stringify(shop.weights)}.`]),
      ...(open.length === 0 ? [] : [`${open.length} rollouts are not finished.`]),
    ];
  }

  /** What really runs, from the system, and what was ever started, from the instances' own ledger. */
  #instanceProblems(journal: readonly JournalEntry[]): readonly string[] {
    const running = this.#instancePids();
    const started = this.#ledger();
    const intended = new Set(
      journal.filter(({ action }) => action === 'start').map(({ detail }) => String(detail['id'])),
    );
    const twice = started.filter((id, index) => started.indexOf(id) !== index);
    const unintended = started.filter((id) => !intended.has(id));
    return [
      ...(running.size === 2 ? [] : [`${running.size} processes of the service live instead of 2.`]),
      ...(twice.length === 0 ? [] : [`Started twice: ${twice.join(', ')}.`]),
      ...(unintended.length === 0 ? [] : [`Started without an intent: ${unintended.join(', ')}.`]),
    ];
  }

  async #trafficProblems(): Promise<readonly string[]> {
    const alive = new Set(this.#instancePids().keys());
    const problems: string[] = [];
    for (let index = 0; index < 20; index++) {
      const response = await fetch(`http://127.0.0.1:${this.#port}/`);
      const id = await response.text();
      if (response.status !== 200 || !alive.has(id))
        problems.push(`A request was answered ${response.status} by ${id}.`);
    }
    return problems;
  }

  #ledger(): readonly string[] {
    const lines = readFileSync(path.join(this.#folder, 'ledger'), 'utf8').trim().split('\n');
    return lines.map((line) => line.split(' ')[0] as string);
  }

  /** Processes with our ledger in their environment: all instances there are, whoever knows of them. */
  #instancePids(): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
      const environment = environmentOf(pid);
      if (!environment.includes(`LEDGER=${path.join(this.#folder, 'ledger')}`)) continue;
      const id = environment.find((entry) => entry.startsWith('HINDCAST_OPS_INSTANCE='))?.split('=')[1];
      if (id !== undefined) found.set(id, pid);
    }
    return found;
  }

  #start(image: string, killAt: number): Daemon {
    const node = capableNode(this.#repository);
    if (node === undefined) throw new Error('There is no Node 22.15 or newer beside this one.');
    const args = ['--no-warnings', this.#bundle, this.#folder, String(this.#port), image, String(killAt)];
    const env = { ...process.env, HINDCAST_REPOSITORY: this.#repository };
    return new Daemon(spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'], env }));
  }
}

/** Every intent has its end, and no action was done twice. */
function journalProblems(journal: readonly JournalEntry[], { rollouts }: TunerState): readonly string[] {
  const open = journal.filter(({ result }) => result === undefined);
  const done = journal.filter(({ result }) => result === 'done').map(({ key }) => key);
  const twice = done.filter((key, index) => done.indexOf(key) !== index);
  const untold = rollouts.filter(({ id }) => !journal.some(({ rollout }) => rollout === id));
  return [
    ...(open.length === 0 ? [] : [`${open.length} intents have no result.`]),
    ...(twice.length === 0 ? [] : [`Done twice: ${twice.join(', ')}.`]),
    ...(untold.length === 0 ? [] : [`The journal has nothing of ${untold.map(({ id }) => id).join(', ')}.`]),
  ];
}

class Daemon implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  /** resolves to `ended` */
  readonly ended: Promise<'ended'>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => child.once('close', () => resolve('ended')));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const line = parseLine(text);
      if (!line) return;
      this.#lines.push(line);
      for (const look of this.#waiting) look();
    });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  next(wanted: (line: Line) => boolean): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const line = this.#lines.find(wanted);
        if (!line) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      look();
      void this.ended
        .then(look)
        .then(() => reject(new Error(`The daemon ended before it said so: ${wanted.toString()}`)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
  }
}

/** Undefined for a line that its writer was killed in. */
function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

/** Requests without end, from several clients; what goes wrong while nobody listens is expected. */
class Load implements AsyncDisposable {
  #ends = false;
  readonly #clients: readonly Promise<void>[];

  constructor(port: number) {
    this.#clients = Array.from({ length: 4 }, () => this.#ask(`http://127.0.0.1:${port}/`));
  }

  async #ask(address: string): Promise<void> {
    while (!this.#ends) {
      const pause = await fetch(address).then(
        async (response) => (await response.text(), 4),
        () => 20,
      );
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ends = true;
    await Promise.all(this.#clients);
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Below those that the system gives to outgoing connections: it has to be free each time a daemon starts. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) if (await isFree(port)) return port;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
