/**
 * `npm run proof:packages [-- NAME…] [--json] [--verbose]`: runs the tests that packages from npm ship in their tarballs,
 * plain and recorded with the package as user code, and compares the exit codes and the outcomes test by test.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { differences, outcomes } from './outcomes.ts';
import { expand, install, suites, type Suite } from './suites.ts';

const root = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const hindcast = path.join(root, 'cli/bin/hindcast.mjs');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' }, verbose: { type: 'boolean' } } });

interface Row {
  readonly tests: number;
  readonly end: string;
  readonly plainMs: number;
  readonly recordedMs: number;
  readonly changed: readonly string[];
}

function execute(args: readonly string[], cwd: string) {
  const started = performance.now();
  const run = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    timeout: 400_000,
    maxBuffer: 1 << 28,
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0', HINDCAST_REPOSITORY: undefined },
  });
  return { ...run, ms: performance.now() - started };
}

function check(suite: Suite): Row {
  let row: Row = { tests: 0, end: '', plainMs: 0, recordedMs: 0, changed: [] };
  let folder: string;
  try {
    folder = install(suite);
  } catch (error) {
    return { ...row, end: 'not installed', changed: [String(error)] };
  }
  for (const args of suite.runs) {
    const command = expand(args, folder);
    const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-proof-'));
    try {
      const plain = execute(command, folder);
      const recorded = execute([hindcast, 'record', '--out', out, '--', process.execPath, ...command], folder);
      const before = outcomes(plain);
      const changed = [...differences(before, outcomes(recorded))];
      if (before.tests === 0) changed.push(`has no outcomes to compare: ${plain.stderr.slice(0, 400)}`);
      if (!/^recording: /m.test(recorded.stderr)) changed.push(`was not recorded: ${recorded.stderr.slice(-400)}`);
      if (values.verbose) show(plain.stderr, recorded.stderr.replace(/^recording: .*\n/m, ''));
      row = {
        tests: row.tests + before.tests,
        end: row.end ? `${row.end} ${before.end}` : before.end,
        plainMs: row.plainMs + plain.ms,
        recordedMs: row.recordedMs + recorded.ms,
        changed: [...row.changed, ...changed],
      };
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  }
  return row;
}

function show(plain: string, recorded: string): void {
  if (plain !== recorded) console.log(`stderr, plain:\n${plain}\nstderr, recorded:\n${recorded}`);
}

const chosen = positionals.length > 0 ? suites.filter(({ name }) => positionals.includes(name)) : suites;
let tests = 0;
let changed = 0;
if (!values.json) console.log(`${'package'.padEnd(36)}${'outcomes'.padStart(9)}${'changed'.padStart(9)}${'plain s'.padStart(9)}${'rec. s'.padStart(9)}  exit`);
for (const suite of chosen) {
  const row = check(suite);
  tests += row.tests;
  changed += row.changed.length;
  const seconds = [row.plainMs, row.recordedMs].map((ms) => (ms / 1000).toFixed(1).padStart(9)).join('');
  const line = `${`${suite.name}@${suite.version}`.padEnd(36)}${String(row.tests).padStart(9)}${String(row.changed.length).padStart(9)}${seconds}  ${row.end}`;
  const details = row.changed.slice(0, values.verbose ? undefined : 5).map((difference) => `  ${difference}`);
  (values.json ? console.error : console.log)([line, ...details].join('\n'));
}
if (values.json) console.log(JSON.stringify({ packages: chosen.length, tests, changed }));
else console.log(`${chosen.length} packages, ${tests} outcomes, ${changed} changed`);
process.exitCode = changed === 0 && tests > 0 ? 0 : 1;
