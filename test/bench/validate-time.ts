/**
 * `npm run bench:validate-time [-- --runs N --only KIND --rows FILE --json]`: how long `validate` of a small suite takes
 * beside the suite itself and its recording, under each runner, where it still fails and where it is fixed. Runs are
 * interleaved, and the first of each is not counted. The limit is 1.5 times the recorded run (what the recording says it
 * took, without the command around it) and 300 ms. Processor time is that of all processes a command waits for (Linux).
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from './run.ts';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const hindcast = path.join(repository, 'cli/dist/hindcast.cjs');
const runs = Number(flags.runs);

const LIBRARY = `exports.total = (items) => items.reduce((sum, { price, count = 1 }) => sum + price * count, 0);
exports.discount = (sum, percent) => sum - Math.floor((sum * percent) / 100);
exports.byName = (items) => [...items].sort((a, b) => a.name.localeCompare(b.name));
exports.receipt = (items) => exports.byName(items).map(({ name, price }) => name + ': ' + price).join('\\n');
exports.parse = (text) => text.split(',').map((each) => ({ name: each.trim(), price: each.length }));
`;
/** The discount is rounded down where it has to be rounded. */
const MENDED = LIBRARY.replace('Math.floor', 'Math.round');
const CASES = `const items = [{ name: 'pear', price: 30 }, { name: 'apple', price: 20, count: 2 }];
describe('cart', () => {
  it('adds prices', () => equal(cart.total(items), 70));
  it('of nothing is nothing', () => equal(cart.total([]), 0));
  it('takes a tenth', () => equal(cart.discount(100, 10), 90));
  it('rounds the discount', () => equal(cart.discount(99, 10), 89));
  it('sorts by name', () => equal(cart.byName(items)[0].name, 'apple'));
  it('writes a receipt', () => equal(cart.receipt(items), 'apple: 20\\npear: 30'));
  it('reads a list', () => equal(cart.parse('a, bc').length, 2));
  it('waits', async () => equal(await Promise.resolve(cart.total(items)), 70));
});
`;
const LOADED = "const cart = require('./cart.js');\n";
const ASSERTED = `const { equal } = require('node:assert');\n${LOADED}`;
const EXPECTED = 'const equal = (a, b) => expect(a).toBe(b);\n';

interface Kind {
  readonly name: string;
  readonly test: string;
  readonly text: string;
  readonly command: readonly string[];
}
const KINDS: readonly Kind[] = [
  {
    name: 'node',
    test: 'cart.test.js',
    text: `${ASSERTED}const describe = (_, run) => run();\nconst it = (_, run) => void run();\n${CASES}`,
    command: ['node', 'cart.test.js'],
  },
  {
    name: 'node:test',
    test: 'cart.test.js',
    text: `const { describe, it } = require('node:test');\n${ASSERTED}${CASES}`,
    command: ['node', '--test', 'cart.test.js'],
  },
  {
    name: 'mocha',
    test: 'cart.test.js',
    text: `${ASSERTED}${CASES}`,
    command: ['node', 'node_modules/mocha/bin/mocha.js', 'cart.test.js'],
  },
  {
    name: 'jest',
    test: 'cart.test.js',
    text: `${LOADED}${EXPECTED}${CASES}`,
    command: ['node', 'node_modules/jest/bin/jest.js', 'cart.test.js'],
  },
  {
    name: 'vitest',
    test: 'cart.test.mjs',
    text: `import { describe, it, expect } from 'vitest';\nimport cart from './cart.js';\n${EXPECTED}${CASES}`,
    command: ['node', 'node_modules/vitest/vitest.mjs', 'run', 'cart.test.mjs'],
  },
];

interface Timed {
  readonly ms: number;
  /** until it had printed its first line on stdout */
  readonly saidMs: number;
  /** processor time, in milliseconds */
  readonly cpuMs: number;
  readonly stdout: string;
}

interface Row {
  readonly kind: string;
  readonly plainMs: number;
  readonly recordMs: number;
  /** as the recordings say */
  readonly recordedMs: number;
  readonly limitMs: number;
  readonly still: Measured;
  readonly fixed: Measured;
  readonly plainCpuMs: number;
  readonly recordCpuMs: number;
}

interface Measured {
  readonly ms: number;
  readonly worstMs: number;
  readonly saidMs: number;
  readonly cpuMs: number;
  /** of all runs, those that took longer than the limit, by the clock and by processor time */
  readonly over: number;
  readonly overByCpu: number;
  readonly wrong: number;
}

if (flags.rows !== undefined) writeFileSync(flags.rows, '');
const rows: Row[] = [];
for (const kind of KINDS) {
  if (flags.only && !flags.only.includes(kind.name)) continue;
  const row = await measure(kind);
  rows.push(row);
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(row)}\n`);
}
report();

async function measure({ name, test, text, command }: Kind): Promise<Row> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-validate-time-'));
  const write = (file: string, contents: string): void => writeFileSync(path.join(folder, file), contents);
  try {
    symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
    write('package.json', '{}');
    write('vitest.config.js', "export default { test: { include: ['*.test.mjs'] } };\n");
    write(test, text);
    const [program = '', ...args] = command;
    const hindcastArgs = ['record', '--', program, ...args];
    const [plain, record, still, fixed] = [[], [], [], []] as [Timed[], Timed[], Timed[], Timed[]];
    for (let run = 0; run <= runs; run++) {
      write('cart.js', LIBRARY);
      plain.push(await timed(program, args, folder));
      record.push(await timed(process.execPath, [hindcast, ...hindcastArgs], folder));
      still.push(await timed(process.execPath, [hindcast, 'validate'], folder));
      write('cart.js', MENDED);
      fixed.push(await timed(process.execPath, [hindcast, 'validate'], folder));
    }
    const times = recordedTimes(folder).slice(1);
    const recordedMs = Math.round(median(times));
    const limitMs = Math.round(1.5 * recordedMs + 300);
    const cpuLimit = 1.5 * of(record, 'cpuMs') + 300;
    const measured = (all: readonly Timed[], said: RegExp): Measured => ({
      ms: of(all, 'ms'),
      worstMs: Math.round(Math.max(...all.slice(1).map(({ ms }) => ms))),
      saidMs: of(all, 'saidMs'),
      cpuMs: of(all, 'cpuMs'),
      over: all.slice(1).filter(({ ms }) => ms > limitMs).length,
      overByCpu: all.slice(1).filter(({ cpuMs }) => cpuMs > cpuLimit).length,
      wrong: all.filter(({ stdout }) => !said.test(stdout)).length,
    });
    return {
      kind: name,
      plainMs: of(plain, 'ms'),
      recordMs: of(record, 'ms'),
      recordedMs,
      limitMs,
      still: measured(still, /^Still failing/i),
      fixed: measured(fixed, /^Fixed/i),
      plainCpuMs: of(plain, 'cpuMs'),
      recordCpuMs: of(record, 'cpuMs'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function of(all: readonly Timed[], what: 'ms' | 'saidMs' | 'cpuMs'): number {
  return Math.round(median(all.slice(1).map((each) => each[what])));
}

/** Of the recordings that are no reruns, in their order. */
function recordedTimes(folder: string): number[] {
  const store = path.join(folder, '.hindcast/recordings');
  return readdirSync(store)
    .sort()
    .flatMap((name) => {
      const manifest = readManifest(path.join(store, name));
      return manifest === undefined || manifest.rerunOf !== undefined ? [] : [manifest.endedAt - manifest.startedAt];
    });
}

function readManifest(folder: string): { startedAt: number; endedAt: number; rerunOf?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** A shell starts it and tells what its processes took, those included that it waited for. */
function timed(program: string, args: readonly string[], cwd: string): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn('bash', ['-c', '"$@" 2>/dev/null; times >&2', 'bash', program, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr, saidMs] = ['', '', 0];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout === '') saidMs = performance.now() - began;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.on('error', reject);
    child.on('close', () => {
      const ms = performance.now() - began;
      resolve({ ms, saidMs: saidMs || ms, cpuMs: cpuOf(stderr), stdout });
    });
  });
}

/** The second line of `times`: user and system time of what ended. */
function cpuOf(times: string): number {
  const found = [...(times.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.,]+)s/g)];
  return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + parseSeconds(seconds!) * 1000, 0);
}

function parseSeconds(text: string): number {
  return Number(text.replace(',', '.'));
}

function report(): void {
  if (flags.json) return console.log(JSON.stringify({ runs, rows }));
  const node = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`medians of ${runs} runs in ms, programs on ${node}, load ${os.loadavg()[0]!.toFixed(1)}`);
  const head = ['plain', 'record', 'recorded', 'limit', 'still', 'worst', 'said', 'fixed', 'worst', 'said', 'over'];
  console.log(
    ['kind'.padEnd(10), ...head.map((each) => each.padStart(8)), '   cpu: plain  record   still   fixed'].join(' '),
  );
  for (const { kind, plainMs, recordMs, recordedMs, limitMs, still, fixed, plainCpuMs, recordCpuMs } of rows) {
    const times = [plainMs, recordMs, recordedMs, limitMs, still.ms, still.worstMs, still.saidMs];
    const more = [fixed.ms, fixed.worstMs, fixed.saidMs, `${still.over + fixed.over}/${2 * runs}`];
    const cpu = [plainCpuMs, recordCpuMs, still.cpuMs, fixed.cpuMs].map((each) => String(each).padStart(7)).join(' ');
    console.log(
      [kind.padEnd(10), ...[...times, ...more].map((each) => String(each).padStart(8)), '    ', cpu].join(' '),
    );
    const wrong = still.wrong + fixed.wrong;
    if (wrong > 0) console.log(`${kind}: ${wrong} wrong verdicts`);
  }
  const over = rows.reduce((sum, { still, fixed }) => sum + still.over + fixed.over, 0);
  console.log(`over the limit: ${over} of ${rows.length * 2 * runs}`);
}
