/**
 * `npm run proof:self [-- VITEST-FILTER…]`: runs Hindcast's own tests plain and under `hindcast record`, and compares every
 * test's outcome. Without a filter: the unit tests of the recorder, the store, the replay and the command line.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../scripts/remove-folder.ts';

const root = process.env.HINDCAST_REPOSITORY ?? process.cwd();
const filters = process.argv.length > 2 ? process.argv.slice(2) : ['trace-runtime/src', 'cli/src'];
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-self-'));

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function run(name: string, before: readonly string[]): ReadonlyMap<string, string> {
  const report = path.join(folder, `${name}.json`);
  const vitest = [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=json',
    `--outputFile=${report}`,
    '--testTimeout=120000',
    ...filters,
  ];
  const { stderr, signal } = spawnSync(
    process.execPath,
    [...before, ...(before.length > 0 ? [process.execPath] : []), ...vitest],
    { cwd: root, encoding: 'utf8', timeout: 900_000 },
  );
  if (signal) throw new Error(`The ${name} run was ended by ${signal}: ${stderr.slice(-2000)}`);
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return new Map(
    testResults.flatMap((file) =>
      file.assertionResults.map(
        (test) => [`${path.relative(root, file.name)} › ${test.fullName}`, test.status] as const,
      ),
    ),
  );
}

try {
  const plain = run('plain', []);
  const recorded = run('recorded', [
    path.join(root, 'cli/bin/hindcast.cjs'),
    'record',
    '--out',
    path.join(folder, 'recordings'),
    '--',
  ]);
  const changed = [...new Set([...plain.keys(), ...recorded.keys()])].filter(
    (test) => plain.get(test) !== recorded.get(test),
  );
  for (const test of changed)
    console.log(`changed  ${test}: ${plain.get(test) ?? 'absent'}, recorded ${recorded.get(test) ?? 'absent'}`);
  console.log(`${plain.size} tests of Hindcast, ${changed.length} outcomes changed by recording`);
  process.exitCode = changed.length === 0 && plain.size > 0 ? 0 : 1;
} finally {
  // the index of a recording may still be in the making
  removeFolder(folder);
}
