/**
 * `npm run bench:record [-- --level light] [--json] [--rows FILE] [--only NAME] [--runs N] [--no-appmap]`
 *
 * With `--level light` each case runs at level full, too (`--no-beside`: not), and what an idle and a busy service write an
 * hour is printed.
 *
 * What recording costs, as ratios to the same program run plain: medians of interleaved runs. `ratio` is that of the
 * whole command's wall time, start-up and the recording's completion included; `work` that of the workload alone.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CASES, type BenchCase } from './cases.ts';
import { sizeOfRecording } from './events.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { coldLinesPerSecond } from './lines.ts';
import { findRecording, measure, median, type Measured } from './run.ts';
import { benchServer, idleBytesAnHour, megabytes } from './server.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    level: { type: 'string', default: 'full' },
    json: { type: 'boolean', default: false },
    rows: { type: 'string' },
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
    appmap: { type: 'boolean', default: true },
    scale: { type: 'string', default: '1' },
    timeout: { type: 'string', default: '300' },
    // with --level light: level full beside it
    beside: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

export interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly workRatio: number;
  /** at level full, where that was measured beside */
  readonly fullRatio: number | null;
  readonly appmapRatio: number | null;
  readonly bytesPerEvent: number | null;
  readonly events: number | null;
  readonly moreRssMb: number;
  readonly plainMs: number;
  readonly recordedMs: number;
  readonly note: string;
}

const APPMAP = { 'appmap-node': '2.27.0' };
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const workspace = prepareWorkspace(repository, flags.appmap ? APPMAP : {});
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-bench-'));
const timeoutMs = Number(flags.timeout) * 1000;
const runs = Number(flags.runs);
const wanted = (name: string) => flags.only === undefined || flags.only.includes(name);
const rows: Row[] = [];
const beside = flags.level === 'light' && flags.beside;
if (flags.rows !== undefined) writeFileSync(flags.rows, '');

for (const bench of CASES.filter(({ name }) => wanted(name))) await attempt(bench.name, () => benchCase(bench));
if (wanted('express')) await attempt('express', () => benchServer({ ...context(), runs, beside }));
if (flags.level === 'light' && wanted('express')) await attempt('idle', idle);
if (wanted('slices')) await attempt('slices', slices);
if (wanted('start-up')) await attempt('start-up', startUp);
if (wanted('lines')) {
  const { lines, perSecond } = coldLinesPerSecond(workspace);
  console.log(`cold instrumentation: ${Math.round(perSecond)} lines a second on one core (${lines} lines)`);
}
rmSync(scratch, { recursive: true, force: true });
summary();

function context() {
  return { repository, workspace, scratch, level: flags.level, timeoutMs };
}

function hindcast(include: readonly string[], out: string, command: readonly string[], level = flags.level): string[] {
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const globs = include.flatMap((glob) => ['--include', glob]);
  return [programNode, cli, 'record', '--level', level, '--out', out, ...globs, '--', ...command];
}

async function benchCase(bench: BenchCase): Promise<Row> {
  const env = { BENCH_SCALE: flags.scale, ...bench.env };
  const options = { cwd: workspace, env, timeoutMs };
  const command = [programNode, bench.file];
  const plain: Measured[] = [];
  const recorded: Measured[] = [];
  const full: Measured[] = [];
  let size: { readonly events: number; readonly bytes: number } | undefined;
  let note = '';
  // The first pair warms the caches and is not counted.
  for (let run = -1; run < runs; run++) {
    const out = path.join(scratch, `${bench.name}-${run}`);
    const before = await measure(command, options);
    const after = await measure(hindcast(bench.include, out, command), options);
    if (beside) {
      const folder = path.join(scratch, `${bench.name}-full-${run}`);
      const at = await measure(hindcast(bench.include, folder, command, 'full'), options);
      rmSync(folder, { recursive: true, force: true });
      if (run >= 0) full.push(at);
    }
    if (before.result !== after.result)
      throw new Error(`The recorded run computed ${after.result}, the plain one ${before.result}.`);
    if (run === 0) {
      try {
        size = sizeOfRecording(findRecording(out));
      } catch (error) {
        note = `unreadable: ${messageOf(error)}`;
      }
    }
    rmSync(out, { recursive: true, force: true });
    if (run < 0) continue;
    plain.push(before);
    recorded.push(after);
  }
  const appmapRatio = flags.appmap ? await appmap(bench).catch(() => null) : null;
  return {
    ...ratios(bench.name, plain, recorded),
    fullRatio: full.length > 0 ? ratios(bench.name, plain, full).ratio : null,
    appmapRatio,
    events: size?.events ?? null,
    bytesPerEvent: size ? size.bytes / size.events : null,
    note,
  };
}

/** appmap-node at its defaults, on an input it can hold. */
async function appmap(bench: BenchCase): Promise<number> {
  const options = {
    cwd: workspace,
    env: { BENCH_SCALE: String(bench.appmapScale * Number(flags.scale)), ...bench.env },
    timeoutMs: Math.min(timeoutMs, 120_000),
  };
  const plain: number[] = [];
  const recorded: number[] = [];
  for (let run = 0; run < Math.min(3, runs); run++) {
    plain.push((await measure([programNode, bench.file], options)).work);
    recorded.push(
      (await measure([path.join(workspace, 'node_modules/.bin/appmap-node'), 'node', bench.file], options)).work,
    );
    rmSync(path.join(workspace, 'tmp'), { recursive: true, force: true });
  }
  return median(recorded) / median(plain);
}

function ratios(name: string, plain: readonly Measured[], recorded: readonly Measured[]) {
  const of = (list: readonly Measured[], key: 'wall' | 'work' | 'maxRss') => median(list.map((run) => run[key]));
  return {
    name,
    ratio: of(recorded, 'wall') / of(plain, 'wall'),
    workRatio: of(recorded, 'work') / of(plain, 'work'),
    moreRssMb: (of(recorded, 'maxRss') - of(plain, 'maxRss')) / 1024,
    plainMs: of(plain, 'wall'),
    recordedMs: of(recorded, 'wall'),
  };
}

async function idle(): Promise<undefined> {
  console.log(`an idle service: ${megabytes(await idleBytesAnHour(context()))} an hour`);
  return undefined;
}

/** A long string's slices against a short one's, both recorded. */
async function slices(): Promise<undefined> {
  const times: { [length: string]: number[] } = { 100: [], 1_000_000: [] };
  for (let run = 0; run <= runs; run++) {
    for (const [length, list] of Object.entries(times)) {
      const out = path.join(scratch, `slices-${length}`);
      const options = { cwd: workspace, env: { BENCH_STRING: length, BENCH_SCALE: flags.scale }, timeoutMs };
      const { work } = await measure(hindcast([], out, [programNode, 'slices.cjs']), options);
      rmSync(out, { recursive: true, force: true });
      if (run > 0) list.push(work);
    }
  }
  const [short = [], long = []] = Object.values(times);
  console.log(
    `100,000 slices recorded: of a string of 100 units ${median(short).toFixed(0)} ms, of 1,000,000 units ${median(long).toFixed(0)} ms: ${(median(long) / median(short)).toFixed(2)} times`,
  );
  return undefined;
}

async function startUp(): Promise<undefined> {
  const plain: number[] = [];
  const recorded: number[] = [];
  for (let run = 0; run <= runs * 2; run++) {
    const out = path.join(scratch, 'start-up');
    const options = { cwd: workspace, env: {}, timeoutMs };
    const before = await measure([programNode, 'empty.cjs'], options);
    const after = await measure(hindcast([], out, [programNode, 'empty.cjs']), options);
    rmSync(out, { recursive: true, force: true });
    if (run === 0) continue;
    plain.push(before.wall);
    recorded.push(after.wall);
  }
  console.log(
    `start-up with a warm cache: ${median(plain).toFixed(0)} ms plain, ${median(recorded).toFixed(0)} ms recorded: ${(median(recorded) - median(plain)).toFixed(0)} ms more`,
  );
  return undefined;
}

async function attempt(name: string, action: () => Promise<Row | undefined>): Promise<void> {
  try {
    const row = await action();
    if (!row) return;
    rows.push(row);
    console.log(lineOf(row));
    if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(row)}\n`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`${name.padEnd(10)} FAILED: ${messageOf(error)}`);
  }
}

function lineOf(row: Row): string {
  const {
    name,
    ratio,
    workRatio,
    fullRatio,
    appmapRatio,
    events,
    bytesPerEvent,
    moreRssMb,
    plainMs,
    recordedMs,
    note,
  } = row;
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  return [
    name.padEnd(10),
    `${number(ratio, 2)}x`.padStart(8),
    `work ${number(workRatio, 2)}x`.padStart(13),
    ...(fullRatio === null ? [] : [`full ${number(fullRatio, 2)}x`.padStart(13)]),
    `appmap ${number(appmapRatio, 1)}x`.padStart(15),
    `${events ?? '-'} events`.padStart(18),
    `${number(bytesPerEvent, 2)} B/event`.padStart(15),
    `+${number(moreRssMb, 0)} MB`.padStart(8),
    `${number(plainMs, 0)} -> ${number(recordedMs, 0)} ms`.padStart(18),
    note,
  ].join(' ');
}

function summary(): void {
  const all = rows.map(({ ratio }) => ratio);
  const full = rows.filter(({ name }) => name !== 'express').map(({ ratio }) => ratio);
  const object = {
    cases: rows.map(({ name, ratio, fullRatio, appmapRatio, bytesPerEvent, events }) => ({
      name,
      ratio,
      ...(fullRatio === null ? {} : { fullRatio }),
      appmapRatio,
      bytesPerEvent,
      events,
    })),
    medianRatio: median(full.length > 0 ? full : all),
    worstRatio: Math.max(...(full.length > 0 ? full : all)),
  };
  if (rows.length > 0)
    console.log(`level ${flags.level}: median ${object.medianRatio.toFixed(2)}, worst ${object.worstRatio.toFixed(2)}`);
  if (flags.json) console.log(JSON.stringify(object));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
