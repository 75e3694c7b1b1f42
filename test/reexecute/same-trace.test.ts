/** The trace that is made of a light recording: as V8's inspector has it, and as a full recording has it, event for event. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 240_000 });
const root = path.resolve(import.meta.dirname, '../..');

/** The last line of what it prints. */
function run(main: string, names: readonly string[], ...args: readonly string[]): string {
  const programs = names.map((name) => path.join(root, 'test/oracle/programs', name));
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', main, ...programs, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return stdout.trimEnd().split('\n').at(-1) ?? stderr;
}

test('what is made of a light recording equals what the inspector sees', () => {
  const names = ['async-generators.js', 'closures-in-loops.js', 'await-without-imports.mjs'];
  const last = run('test/oracle/main.ts', names, '--level', 'light', '--pauses', '15', '--json');
  const total = JSON.parse(last) as Readonly<Record<string, number>>;
  expect(total).toMatchObject({ programs: 3, mismatches: 0, unproven: 0 });
  expect(total['values']).toBeGreaterThan(1000);
});

test('what is made of a light recording equals a full recording, event for event', () => {
  const names = ['async-await.js', 'collections.js', 'errors.js', 'await-without-imports.mjs'];
  const last = run('test/reexecute/same-trace-main.ts', names);
  const [, events, equal] = /^4 programs, (\d+) events: (\d+) equal/.exec(last) ?? [];
  expect(Number(equal), last).toBe(4);
  expect(Number(events)).toBeGreaterThan(500);
});
