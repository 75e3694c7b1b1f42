/** The process that evaluates: how it starts and ends. Its program is a bundle. */
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EvaluateRequest } from './messages.ts';
import { Sandbox } from './sandbox.ts';

const REQUEST: EvaluateRequest = {
  code: 'while (true);',
  scope: 0,
  scopes: [],
  strict: false,
  self: null,
  arguments: null,
  patched: [],
  objects: [],
  realm: 'fresh',
  declares: [],
  now: null,
};
const LIMIT = 300;

const sandbox = new Sandbox({ folder: path.resolve('trace-runtime/dist'), limit: LIMIT });
afterEach(() => sandbox.end());

test('a sandbox is made ready without anybody waiting for it, and has all its time for what it evaluates then', async () => {
  let turns = 0;
  const counted = setInterval(() => turns++, 1);
  await sandbox.warm();
  clearInterval(counted);
  expect(turns).toBeGreaterThan(1);
  const before = performance.now();
  expect(sandbox.evaluate(REQUEST, () => null)).toEqual({ refused: 'The evaluation was stopped after 0.3 s.' });
  expect(performance.now() - before).toBeGreaterThan(LIMIT - 1);
});

test('a sandbox that was ended while it started is waited for no longer', async () => {
  const warmed = sandbox.warm();
  sandbox.end();
  await warmed;
  await sandbox.warm();
});

test('what is stopped while it waits for an answer leaves the next one its own', () => {
  const {
    realm: _,
    declares: __,
    objects: ___,
    ...request
  } = { ...REQUEST, code: 'if (price !== 4) throw price;', scope: 1 };
  const slowly = (): unknown => {
    const end = performance.now() + 3;
    while (performance.now() < end);
    return { parent: 0, variables: [{ name: 'price', fixed: true, value: 4 }] };
  };
  const trials = Array.from({ length: 8 }, () => []);
  for (let time = 0; time < 10; time++) {
    const { outcomes } = sandbox.attempt({ ...request, milliseconds: 1, again: false, trials }, slowly);
    expect(outcomes.filter((outcome) => 'refused' in outcome || 'threw' in outcome)).toEqual([]);
  }
  const { outcomes } = sandbox.attempt({ ...request, milliseconds: 1000, again: false, trials: [[]] }, slowly);
  expect(outcomes).toEqual([{ value: null, objects: {} }]);
});
