/**
 * `npm run proof:kills [-- --kills N] [--seed N] [--no-endings] [--json]`
 *
 * Real programs die in every way under `hindcast record`: the recording must open, and what it lacks of what the program
 * had written unbuffered must be at most 20 ms old.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode } from '../support/reader-node.ts';
import { fullDisk, MOST_LAG_MS, programEnding, sidecarKilled, type Outcome } from './endings.ts';
import { killMany, type Kill } from './kills.ts';

continueInReaderNode();
const { values: flags } = parseArgs({
  allowNegative: true,
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    endings: { type: 'boolean', default: true },
  },
});
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-death-'));
const outcomes: Outcome[] = [];
for (const portable of flags.endings ? [false, true] : []) {
  for (const way of ['exit', 'exception', 'rejection', 'abort', 'memory'])
    outcomes.push(await attempt(way, () => programEnding(folder, way, portable)));
  outcomes.push(await attempt('sidecar', () => sidecarKilled(folder, portable)));
  outcomes.push(await attempt('disk', () => fullDisk(folder, portable)));
}
outcomes.forEach(tell);
const kills = await killMany(folder, Number(flags.kills), Number(flags.seed), (kill) => {
  if (kill.fault !== undefined || kill.lag > MOST_LAG_MS)
    say(
      `${kill.name} ${kill.way} ${kill.transport} after ${kill.after.toFixed(0)} ms: lag ${kill.lag.toFixed(1)} ms ${kill.fault ?? ''}`,
    );
});

const groups = [...new Set(kills.map(groupOf))]
  .sort()
  .map((name) => ({ name, ...summary(kills.filter((kill) => groupOf(kill) === name)) }));
const all = summary(kills);
const failed = outcomes.some(({ faults }) => faults.length > 0) || all.late > 0 || all.faults > 0;
if (flags.json) console.log(JSON.stringify({ outcomes, groups, all, failed }));
for (const { name, ...group } of [...groups, { name: 'all', ...all }])
  say(
    `${name.padEnd(18)} ${String(group.kills).padStart(4)} kills  lag max ${group.max.toFixed(2)} ms  p95 ${group.p95.toFixed(2)} ms  later than ${MOST_LAG_MS} ms: ${group.late}  faults: ${group.faults}`,
  );
if (failed) say(`kept: ${folder}`);
else rmSync(folder, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;

async function attempt(name: string, action: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await action();
  } catch (error) {
    return { name, lag: Number.NaN, faults: [String(error)] };
  }
}

function tell({ name, lag, faults, skipped }: Outcome): void {
  const result =
    skipped === undefined
      ? faults.length > 0
        ? `FAILED: ${faults.join('; ')}`
        : `ok, lag ${lag.toFixed(2)} ms`
      : `not run: ${skipped}`;
  say(`${name.padEnd(18)} ${result}`);
}

function groupOf({ way, transport }: Kill): string {
  return `${way} ${transport}`;
}

function summary(list: readonly Kill[]) {
  const lags = list.map(({ lag }) => lag).sort((a, b) => a - b);
  return {
    kills: list.length,
    max: lags.at(-1) ?? 0,
    p95: lags[Math.ceil(lags.length * 0.95) - 1] ?? 0,
    late: lags.filter((lag) => lag > MOST_LAG_MS).length,
    faults: list.filter(({ fault }) => fault !== undefined).length,
  };
}

function say(text: string): void {
  if (!flags.json) console.log(text);
}
