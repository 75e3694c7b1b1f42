/**
 * `npm run bench:why-speed [-- --scale N] [--json]`: what questions about causes cost in a long recording: scale 1 has
 * about 10⁷ events. Values asked about were made at its beginning, in its middle and at its end. Of each question: how long
 * it took, the time of a processor, and the longest time between two looks at whether it was given up.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { explainFailure } from '../../trace-runtime/src/analysis/explain.ts';
import { asked, origin } from '../../trace-runtime/src/analysis/provenance.ts';
import { sliceAt } from '../../trace-runtime/src/analysis/slice/slice.ts';
import { casesAround, suspects } from '../../trace-runtime/src/analysis/suspects.ts';
import type { Work } from '../../trace-runtime/src/analysis/traced.ts';
import { trace } from '../../cli/src/trace.ts';
import { openSession } from '../../cli/src/session.ts';
import { Evaluator } from '../../trace-runtime/src/evaluate/evaluator.ts';
import { Sandbox } from '../../trace-runtime/src/evaluate/sandbox.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { findRecording } from './run.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const ROUNDS = Math.round(1_430_000 * Number(flags.scale));

const PROGRAM = `
const test = require('node:test');
const assert = require('node:assert');
const prices = new Map();
const early = { cents: 250, tags: ['first'] };
let middle;
function priced(i) {
  const cents = (i * 7) % 100;
  return { id: i, cents, name: 'item ' + (i % 50) };
}
function total(items) {
  let sum = 0;
  for (const { cents } of items) sum += cents;
  return sum;
}
test('a long run', () => {
  for (let i = 0; i < ${ROUNDS}; i++) {
    const item = priced(i);
    if (i === ${ROUNDS >> 1}) middle = { item, sum: item.cents + early.cents };
    prices.set(item.name, item.cents);
  }
  assert.ok(prices.size > 0);
});
test('fails at its end', () => {
  const last = priced(3);
  const sum = total([last, middle.item, early]);
  const tag = early.tags[0];
  assert.strictEqual(sum + tag.length, middle.sum);
});
`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-why-speed-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  writeFileSync(path.join(folder, 'package.json'), '{}');
  writeFileSync(path.join(folder, 'long.test.js'), PROGRAM);
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const out = path.join(folder, 'recordings');
  spawnSync(programNode, [cli, 'record', '--out', out, '--', programNode, 'long.test.js'], { cwd: folder });
  const session = await openSession(findRecording(out));
  const opened = timed(() => trace(session, 1));
  const traced = opened.result;
  const { timeline } = traced;
  const failure = timeline.replay.failures.list[0]!;
  const events = timeline.end!.moment;
  console.log(`${events} events, opened in ${(opened.ms / 1000).toFixed(1)} s`);

  const rows: { readonly name: string; readonly ms: number; readonly cpuMs: number; readonly longestMs: number }[] = [];
  const measure = (name: string, work: () => Work<unknown>): void => {
    const before = process.cpuUsage();
    const { result: longestMs, ms } = timed(() => longestPiece(work()));
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1000;
    rows.push({ name, ms, cpuMs, longestMs });
    console.log(`${name.padEnd(34)}${shown(ms)}  (${shown(cpuMs)} of a processor, ${shown(longestMs)} at once)`);
  };
  const { moment, message, value } = failure;
  measure('why it failed', () => explainFailure(traced, { moment, message, value }));
  for (const expression of ['sum', 'tag', 'middle.sum', 'middle.item.cents', 'early.cents', 'last.cents', 'prices'])
    measure(`why ${expression}`, () => {
      timeline.seekMoment(moment);
      return origin(traced, asked(traced, timeline.replay.stack.at(-1)!, expression)!);
    });
  measure('slice', () => {
    timeline.seekMoment(moment);
    return sliceAt(traced, timeline.position);
  });
  const { recording } = session;
  const sandbox = new Sandbox({ folder: path.join(repository, 'trace-runtime/dist') });
  const startedAt = recording.streams[0]?.hello?.startedAt;
  const evaluator = new Evaluator(timeline.replay, traced.reader, recording.source, startedAt);
  measure('suspects', () => suspects(traced, { ...casesAround(traced, failure), running: { evaluator, sandbox } }));
  sandbox.end();
  if (flags.json) console.log(JSON.stringify({ events, openMs: opened.ms, rows }));
}

function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const before = performance.now();
  const result = work();
  return { result, ms: performance.now() - before };
}

function shown(ms: number): string {
  return `${ms.toFixed(0).padStart(7)} ms`;
}

/** Does the work; the longest time between two of its answers, at which it can be given up. */
function longestPiece(work: Work<unknown>): number {
  let longest = 0;
  for (let last = performance.now(); ;) {
    const step = work.next();
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (step.done === true) return longest;
  }
}
