/**
 * `npm run proof:rollouts [-- --kills N] [--of good,failing,ending] [--seed N] [--json] [--rows FILE]`: a tuner with the
 * in-process proxy and real instances is killed by SIGKILL at every write of its journal during rollouts, and at random moments
 * between, on one database from the first to the last. After each, the next daemon must find the last good configuration, a
 * complete journal and no double action. About a third of the recoveries are killed as well.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../support/random.ts';
import { continueInReaderNode } from '../../support/reader-node.ts';
import type { Canary, KillResult } from './kills.ts';
import { KillTrials } from './kills.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '120' },
    of: { type: 'string', default: 'good,failing,ending' },
    seed: { type: 'string', default: '7' },
    rows: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-rollouts-'));
const results: KillResult[] = [];
const all = ['good', 'failing', 'ending'] as const satisfies readonly Canary[];
const canaries = all.filter((canary) => flags.of.split(',').includes(canary));
if (canaries.length === 0) throw new Error(`--of takes ${all.join(', ')}.`);
if (flags.rows !== undefined) writeFileSync(flags.rows, '');

function note(result: KillResult): void {
  results.push(result);
  if (flags.rows !== undefined) appendFileSync(flags.rows, `${JSON.stringify(result)}\n`);
  const verdict = result.problems.length === 0 ? 'converged' : result.problems.join(' ');
  console.log(
    `${String(results.length).padStart(4)}  ${result.canary.padEnd(8)} ${result.moment.padEnd(10)} after "${result.lastAction}": ${verdict}`,
  );
}

/** Every write once, until the rollout ends before the next. */
async function everyWrite(trials: KillTrials, canary: Canary): Promise<void> {
  for (let write = 1; ; write++) {
    const result = await trials.kill(canary, { write });
    if (result === undefined) return console.log(`      a ${canary} rollout has ${write - 1} writes`);
    note(result);
  }
}

try {
  await using trials = await KillTrials.begin(repository, folder);
  for (const canary of canaries) await everyWrite(trials, canary);
  const random = new Random(Number(flags.seed));
  while (results.length < Number(flags.kills)) {
    const result = await trials.kill(random.pick(canaries), { ms: random.below(1_500) });
    if (result) note(result);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const failed = results.filter(({ problems }) => problems.length > 0).length;
console.log(`${results.length} kills, ${failed} of them with problems afterwards`);
if (flags.json) console.log(JSON.stringify({ kills: results.length, failed }));
process.exit(failed === 0 ? 0 : 1);
