/** A failure of a suite of many files, recorded light: only the process that failed is executed again. */
import { expect, test, vi } from 'vitest';
import { json, project, recordingOf, run } from './kit.ts';

vi.setConfig({ testTimeout: 120_000 });

const FILES = 12;
const FAILING = 7;

/** `node --test` starts a process for each file. */
function suite(): string {
  const part = (file: number): string => `
    const { test } = require('node:test');
    const assert = require('node:assert');
    test('counts', async () => {
      const count = ${file};
      await new Promise(setImmediate);
      assert.notStrictEqual(count, ${FAILING});
    });
    test('part ${file}', () => console.log('of part ${file}'));
  `;
  const parts = Array.from({ length: FILES }, (_, file) => [`part${file}.test.js`, part(file)] as const);
  return project(Object.fromEntries(parts));
}

interface Info {
  readonly ledger: readonly { readonly kind: string; readonly subject: string }[];
  readonly recording: { readonly ticks: number; readonly verified: number };
}

interface Proven {
  readonly ticks: number;
  readonly verified: number;
  readonly left?: readonly number[];
}

test('processes that ended well are left out until they are asked for', () => {
  const cwd = suite();
  const recorded = run(cwd, 'record', '--level', 'light', '--', process.execPath, '--test');
  expect(recorded.status).toBe(1);
  const folder = recordingOf(recorded);

  const shown = run(cwd, 'state', folder, '--at', 'failure').stdout;
  expect(shown).toContain(`count = ${FAILING}`);
  const info = json<Info>(run(cwd, 'info', folder, '--json'));
  expect(info.ledger).toContainEqual(expect.objectContaining({ kind: 'left-out', subject: `${FILES - 1} processes` }));
  expect(info.recording.verified).toBe(info.recording.ticks);

  const one = json<Proven>(run(cwd, 'materialise', `${folder}#part 3`, '--json'));
  expect(one.left).toHaveLength(FILES - 2);
  expect(one.verified).toBe(one.ticks);
  // of tests that are called the same, the one that failed
  expect(run(cwd, 'state', `${folder}#counts`).stdout).toContain(`part${FAILING}.test.js`);

  const all = json<Proven>(run(cwd, 'materialise', folder, '--all', '--json'));
  expect(all.left).toBeUndefined();
  expect(all.verified).toBe(all.ticks);
  expect(all.ticks).toBeGreaterThan(one.ticks);
});
