/**
 * `npm run bench:materialise [-- --runs N] [--only NAME] [--tests N] [--json]`
 *
 * How long it takes to make the values of a light recording, as a ratio to recording the same run at level full: medians of
 * interleaved runs of the benchmark's programs, whole commands. And how long after the run of a suite of 1,000 tests its
 * failing one is shown, where it was recorded with `--level auto`. Fails above 1.5 and above 3 s.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { CASES, type BenchCase } from './cases.ts';
import { findRecording, median } from './run.ts';
import { prepareWorkspace } from './workspace.ts';

continueInReaderNode();
const MOST_RATIO = 1.5;
const MOST_SECONDS = 3;
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    tests: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const cli = path.join(repository, 'cli/bin/hindcast.cjs');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-materialise-'));
const runs = Number(flags.runs);
const isWanted = (name: string): boolean => flags.only === undefined || flags.only.includes(name);

interface Row {
  readonly name: string;
  readonly fullMs: number;
  readonly materialiseMs: number;
  readonly ratio: number;
}

interface Shown {
  readonly name: string;
  readonly seconds: number;
}

try {
  const workspace = prepareWorkspace(repository);
  const cases = CASES.filter(({ name }) => isWanted(name)).map((bench) => benchCase(bench, workspace));
  const suites = [suite('one file', 1), suite('fifty files', 50)].filter(({ name }) => isWanted(name));
  const medianRatio = median(cases.map(({ ratio }) => ratio));
  const worstRatio = Math.max(...cases.map(({ ratio }) => ratio));
  if (cases.length > 0) say(`median ${medianRatio.toFixed(2)}, worst ${worstRatio.toFixed(2)}`);
  if (flags.json) console.log(JSON.stringify({ cases, medianRatio, worstRatio, suites }));
  process.exitCode = worstRatio > MOST_RATIO || suites.some(({ seconds }) => seconds > MOST_SECONDS) ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function say(line: string): void {
  if (!flags.json) console.log(line);
}

/** The first round warms caches and is not counted. */
function benchCase({ name, file, include, env = {} }: BenchCase, workspace: string): Row {
  const full: number[] = [];
  const again: number[] = [];
  const given = include.flatMap((glob) => ['--include', glob]);
  for (let run = -1; run < runs; run++) {
    const [light, beside] = ['light', 'full'].map((level) => path.join(scratch, `${name}-${level}-${run}`));
    const record = (level: string, out: string): number =>
      timed(['record', '--level', level, '--out', out, ...given, '--', programNode, file], workspace, env).ms;
    const fullMs = record('full', beside!);
    record('light', light!);
    const { ms, stdout } = timed(['materialise', findRecording(light!), '--json'], workspace, env);
    const { ticks, verified } = JSON.parse(stdout) as { readonly ticks: number; readonly verified: number };
    if (verified < ticks) throw new Error(`${name}: ${verified} of ${ticks} ticks are equal.`);
    for (const folder of [light!, beside!]) rmSync(folder, { recursive: true, force: true });
    if (run < 0) continue;
    full.push(fullMs);
    again.push(ms);
  }
  const [fullMs, materialiseMs] = [median(full), median(again)];
  const ratio = materialiseMs / fullMs;
  say(
    `${name.padEnd(10)} full ${fullMs.toFixed(0)} ms, values of light ${materialiseMs.toFixed(0)} ms: ${ratio.toFixed(2)}`,
  );
  return { name, fullMs, materialiseMs, ratio };
}

/** A suite of node:test in so many files, whose one failing test stands in the middle. */
function suite(name: string, files: number): Shown {
  if (!isWanted(name)) return { name, seconds: 0 };
  const folder = path.join(scratch, `suite-${files}`);
  const each = Math.ceil(Number(flags.tests) / files);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"name":"suite"}');
  writeFileSync(path.join(folder, 'price.js'), 'exports.price = (count, each) => (count > 999 ? -1 : count * each);\n');
  const failing = Math.floor(files / 2);
  for (let file = 0; file < files; file++)
    writeFileSync(path.join(folder, `part${file}.test.js`), testsText(each, file === failing ? each >> 1 : -1));
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    timed(['record', '--level', 'auto', '--', programNode, '--test'], folder, {});
    const { ms, stdout } = timed(['state', '--at', 'failure'], folder, {});
    if (!stdout.includes('count = 1000')) throw new Error(`The failing test is not shown: ${stdout.slice(0, 500)}`);
    seconds.push(ms / 1000);
  }
  const shown = median(seconds);
  say(`${flags.tests} tests in ${name}: the failing one is shown ${shown.toFixed(2)} s after the run`);
  return { name, seconds: shown };
}

function testsText(count: number, failing: number): string {
  return `const { test } = require('node:test');
const assert = require('node:assert');
const { price } = require('./price.js');
for (let i = 0; i < ${count}; i++)
  test('price ' + i, async () => {
    const count = i === ${failing} ? 1000 : i % 50;
    await new Promise(setImmediate);
    const found = price(count, 3);
    assert.strictEqual(found, count * 3);
  });
`;
}

interface Timed {
  readonly ms: number;
  readonly stdout: string;
}

function timed(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Timed {
  const started = performance.now();
  const { stdout } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: Infinity,
  });
  return { ms: performance.now() - started, stdout };
}
