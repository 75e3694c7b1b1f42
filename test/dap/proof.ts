/**
 * `npm run proof:fuzz [-- --recordings N] [--sequences N] [--seed S] [--from FOLDER]`: opens N damaged recordings and sends
 * N sequences of requests to recordings that are whole; 10,000 of each where nothing is said. Case number n has the seed
 * S + n. `--from`: recordings that an earlier run has left behind because it had faults; new ones have other bytes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { findRecording } from '../bench/run.ts';
import { makeSchema, Schema, type ProtocolSchema } from '../support/dap-schema.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { Victim } from './damaged-recordings.ts';
import { LIMIT } from './fuzz-client.ts';
import { catchStrayFaults, fuzzRecording, fuzzSequence, type FuzzSetting, type Outcome } from './fuzz.ts';

const PROGRAMS = ['orders.js', 'shapes.mjs', 'workers.mjs'];
/** One sequence in so many may run the program's code, which takes a process of its own. */
const WITH_CODE = 40;
/** Without a message for so long, it hangs. */
const SILENCE = LIMIT + 5_000;
const MEMORY_MB = 1024;
const SHOWN = 100;

interface Campaign {
  readonly kind: 'recordings' | 'sequences';
  readonly count: number;
  readonly seed: number;
  /** folder with a recording of each program in a folder of its name */
  readonly from: string;
  readonly repository: string;
  readonly schema: ProtocolSchema;
}

interface Task extends Campaign {
  /** number of the first case */
  readonly first: number;
  /** number of the case under way, and messages so far */
  readonly state: Int32Array<SharedArrayBuffer>;
}

interface CaseDone extends Outcome {
  readonly number: number;
  readonly program: string;
}

interface Sum {
  cases: number;
  opened: number;
  messages: number;
  faults: number;
}

if (isMainThread) {
  continueInReaderNode();
  await main();
} else {
  await work(workerData as Task).catch((error: unknown) => {
    console.log(error);
    process.exit(1);
  });
}

async function main(): Promise<void> {
  const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
  const { values } = parseArgs({
    options: {
      recordings: { type: 'string', default: '10000' },
      sequences: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  const from = values.from ?? record(repository);
  // where a case names no recording, the newest here is meant: there is none
  const empty = mkdtempSync(path.join(os.tmpdir(), 'hindcast-fuzz-cwd-'));
  process.chdir(empty);
  let faults = 0;
  const schema = makeSchema();
  for (const kind of ['recordings', 'sequences'] as const) {
    const since = performance.now();
    const sum = await campaign({ kind, count: Number(values[kind]), seed, from, repository, schema });
    const seconds = Math.round((performance.now() - since) / 1000);
    faults += sum.faults;
    const what = kind === 'recordings' ? 'damaged recordings' : 'sequences of requests';
    console.log(
      `${sum.cases} ${what}: ${sum.opened} opened, ${sum.messages} messages checked, ${sum.faults} faults, ${seconds} s`,
    );
  }
  rmSync(empty, { recursive: true, force: true });
  if (faults === 0 && values.from === undefined) rmSync(from, { recursive: true, force: true });
  if (faults > 0)
    console.log(`To see a case again: --from ${from} --seed SEED, and --recordings 1 --sequences 0 or the reverse`);
  process.exitCode = faults > 0 ? 1 : 0;
}

function record(repository: string): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-fuzz-')));
  const programs = path.join(repository, 'test/dap/programs');
  for (const program of PROGRAMS) {
    const out = path.join(folder, program);
    const command = [path.join(repository, 'cli/bin/hindcast.cjs'), 'record', '--out', out, '--', programNode, program];
    const { stderr } = spawnSync(programNode, command, { cwd: programs, encoding: 'utf8', timeout: 120_000 });
    if (!existsSync(out)) throw new Error(`${program} could not be recorded: ${stderr}`);
  }
  return folder;
}

/** Runs the cases in a thread; where one hangs or ends the thread, that is a fault, and another goes on behind it. */
async function campaign(wanted: Campaign): Promise<Sum> {
  const sum: Sum = { cases: 0, opened: 0, messages: 0, faults: 0 };
  const { kind, count, seed } = wanted;
  const fault = (number: number, program: string, said: string, what: string): void => {
    sum.faults++;
    if (sum.faults <= SHOWN)
      console.log(`${kind}, seed ${seed + number} (${program}): ${said}\n    ${what.replaceAll('\n', '\n    ')}`);
  };
  for (let first = 0; first < count;) {
    const state = new Int32Array(new SharedArrayBuffer(8));
    const ended = await thread({ ...wanted, first, state }, (done) => {
      sum.cases++;
      if (done.opened) sum.opened++;
      sum.messages += done.messages;
      for (const each of done.faults) fault(done.number, done.program, each, done.what);
    });
    const number = Math.max(first, Atomics.load(state, 0));
    if (ended !== undefined) {
      sum.cases++;
      fault(number, PROGRAMS[(seed + number) % PROGRAMS.length]!, ended, '');
    }
    first = ended === undefined ? count : number + 1;
  }
  return sum;
}

/** Why the thread ended before its last case; undefined where it did not. */
function thread(task: Task, done: (outcome: CaseDone) => void): Promise<string | undefined> {
  // Each has its own copy: one that was ended has left its recording damaged.
  const copy = mkdtempSync(path.join(os.tmpdir(), 'hindcast-fuzz-copy-'));
  spawnSync('cp', ['-R', `${task.from}/.`, copy]);
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: { ...task, from: copy },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise((resolve) => {
    let why: string | undefined;
    let isComplete = false;
    let seen = -1;
    let since = performance.now();
    const watch = setInterval(() => {
      const now = Atomics.load(task.state, 1);
      if (now !== seen) since = performance.now();
      seen = now;
      if (performance.now() - since < SILENCE) return;
      clearInterval(watch);
      why = `It hangs: no message for ${SILENCE / 1000} s.`;
      void worker.terminate();
    }, 500);
    worker.on('message', (message: CaseDone | 'complete') => {
      if (message === 'complete') isComplete = true;
      else done(message);
    });
    worker.on(
      'error',
      (error) => (why = `It ended: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.on('exit', (code) => {
      clearInterval(watch);
      rmSync(copy, { recursive: true, force: true });
      resolve(isComplete ? undefined : (why ?? `It ended with code ${code}.`));
    });
  });
}

async function work({ kind, count, seed, from, repository, schema, first, state }: Task): Promise<void> {
  catchStrayFaults();
  Atomics.store(state, 0, first);
  const beat = (): void => void Atomics.add(state, 1, 1);
  const setting: FuzzSetting = {
    schema: new Schema(schema),
    sandbox: path.join(repository, 'trace-runtime/dist'),
    beat,
  };
  const folders = PROGRAMS.map((program) => findRecording(path.join(from, program)));
  const victims = kind === 'recordings' ? folders.map((folder) => new Victim(folder)) : [];
  for (let number = first; number < count; number++) {
    Atomics.store(state, 0, number);
    beat();
    const own = seed + number;
    const which = own % PROGRAMS.length;
    const outcome =
      kind === 'recordings'
        ? await fuzzRecording(victims[which]!, own, setting)
        : await fuzzSequence(folders[which]!, own, own % WITH_CODE === 0, setting);
    const what = outcome.faults.length > 0 ? outcome.what : '';
    parentPort!.postMessage({ ...outcome, what, number, program: PROGRAMS[which]! } satisfies CaseDone);
  }
  parentPort!.postMessage('complete');
  // sandboxes that nobody ended keep it from ending by itself
  process.exit(0);
}
