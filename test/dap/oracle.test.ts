/** What the adapter shows and evaluates, against V8's inspector, on two programs; `npm run oracle:adapter` has all. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

test('the adapter equals the inspector, whichever way it comes to a moment', () => {
  const programs = ['closures-in-loops.js', 'async-iteration-exits.js'].map((name) =>
    path.join('test/oracle/programs', name),
  );
  const args = ['scripts/run.mjs', 'test/oracle/adapter.ts', ...programs, '--pauses', '6'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const last = stdout.trimEnd().split('\n').at(-1)!;
  const [, pauses, arrivals, values, expressions, mismatches] =
    /(\d+) pauses, (\d+) arrivals, (\d+) values, \d+ opaque, (\d+) expressions .*, (\d+) mismatches$/.exec(last) ?? [];
  expect(Number(mismatches), stdout).toBe(0);
  expect(Number(pauses)).toBeGreaterThan(8);
  expect(Number(arrivals)).toBeGreaterThan(16);
  expect(Number(values)).toBeGreaterThan(100);
  expect(Number(expressions)).toBeGreaterThan(20);
}, 120_000);
