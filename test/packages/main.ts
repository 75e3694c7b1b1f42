/**
 * `npm run proof:packages [-- --only NAME] [--json] [--portable]`
 *
 * Packages from npm run the tests that their tarballs carry, plain and recorded, the package itself as user code. Not
 * one outcome may change. The plain suite runs twice: what differs between those two runs is unstable by itself, and the
 * output says so. Where an outcome seems to have changed, the plain suite runs on a busy machine: what a few milliseconds
 * decide comes out otherwise there, too.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sizeOfRecording } from '../bench/events.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { whileBusy } from './busy.ts';
import { compare, runSuite } from './outcomes.ts';
import { filesOf, prepareSuite } from './prepare.ts';
import { SUITES, type Suite } from './suites.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    portable: { type: 'boolean', default: false },
    timeout: { type: 'string', default: '300' },
  },
});

interface Row {
  readonly name: string;
  readonly outcomes: number;
  readonly changed: readonly string[];
  readonly unstable: readonly string[];
  readonly plainMs: number;
  readonly recordedMs: number;
  readonly events: number;
  readonly problems: number;
}

/** tried before another order of the outcomes, or another outcome, counts as a change */
const PLAIN_RUNS_MORE = 6;
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const cache = path.join(os.homedir(), '.cache/hindcast-packages');
mkdirSync(cache, { recursive: true });
const rows: Row[] = [];
let failed = 0;
for (const suite of SUITES.filter(({ name }) => !flags.only || flags.only.includes(name))) {
  try {
    const row = await prove(suite);
    rows.push(row);
    const { outcomes, changed, unstable, plainMs, recordedMs, events, problems } = row;
    const times = `${(plainMs / 1000).toFixed(1)} -> ${(recordedMs / 1000).toFixed(1)} s`;
    console.log(
      `${changed.length ? 'CHANGED' : 'same   '} ${suite.name.padEnd(22)} ${String(outcomes).padStart(5)} outcomes  ${times.padStart(14)}  ${events} events${problems ? `, ${problems} problems` : ''}  (${suite.about})`,
    );
    for (const change of changed.slice(0, 5)) console.log(`        ${change}`);
    if (unstable.length > 0)
      console.log(`        ${unstable.length} outcomes differ between plain runs: ${unstable[0]}`);
    if (changed.length > 0) failed++;
  } catch (error) {
    failed++;
    console.log(`FAILED  ${suite.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.log(
  `${rows.length} packages, ${rows.reduce((sum, { outcomes }) => sum + outcomes, 0)} outcomes: ${failed} packages changed or failed`,
);
if (flags.json) console.log(JSON.stringify({ packages: rows }));
process.exitCode = failed === 0 && rows.length > 0 ? 0 : 1;

async function prove(suite: Suite): Promise<Row> {
  const folder = prepareSuite(suite, cache);
  const timeoutMs = Number(flags.timeout) * 1000;
  const command = [programNode, ...filesOf(suite, folder)];
  const first = await runSuite(command, folder, timeoutMs);
  if (first.outcomes.length === 0) throw new Error(`The plain run said nothing:\n${first.stderr.slice(-800)}`);
  const out = path.join(os.tmpdir(), `hindcast-packages-${process.pid}`);
  rmSync(out, { recursive: true, force: true });
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  const how = flags.portable ? ['--portable'] : [];
  const recorded = await runSuite(
    [programNode, cli, 'record', '--level', 'full', ...how, '--out', out, '--', ...command],
    folder,
    timeoutMs,
  );
  // before and after: what depends on the time of day differs
  const plain = [first, await runSuite(command, folder, timeoutMs)];
  let compared = compare(plain, recorded);
  for (let more = 0; compared.reordered && more < PLAIN_RUNS_MORE; more++) {
    plain.push(await runSuite(command, folder, timeoutMs));
    compared = compare(plain, recorded);
  }
  for (let more = 0; compared.changed.length > 0 && more < PLAIN_RUNS_MORE; more++) {
    plain.push(await whileBusy(() => runSuite(command, folder, timeoutMs)));
    compared = compare(plain, recorded);
  }
  const changed = [...compared.changed];
  if (compared.reordered) changed.push(`the outcomes stand in an order that none of ${plain.length} plain runs shows`);
  const found = existsSync(out) ? readdirSync(out)[0] : undefined;
  if (found === undefined) changed.push(`there is no recording: ${recorded.stderr.slice(-300)}`);
  const size = found === undefined ? { events: 0, problems: 0 } : sizeOfRecording(path.join(out, found));
  rmSync(out, { recursive: true, force: true });
  return {
    name: suite.name,
    outcomes: first.outcomes.length,
    changed,
    unstable: compared.unstable,
    plainMs: Math.min(...plain.map(({ ms }) => ms)),
    recordedMs: recorded.ms,
    ...size,
  };
}
