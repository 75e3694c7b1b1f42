import path from 'node:path';
import { expect, test } from 'vitest';
import { json, project, run } from './kit.ts';

interface Answer {
  readonly runs: number;
  readonly ran: number;
  readonly complete: boolean;
  readonly statements: readonly {
    readonly place: { readonly path: string; readonly line: number };
    readonly text: string;
    readonly count: number;
    readonly of: number;
  }[];
  readonly order?: readonly {
    readonly place: { readonly line: number };
    readonly moment: { readonly number: number };
  }[];
}

const PROGRAM = `
let longest = 0;
exports.sum = (list) => {
  let total = 0;
  for (const each of list) {
    total += each.price;
    if (each.name.length > longest) longest = each.name.length;
  }
  return total;
};
exports.longest = () => longest;
exports.isFree = (total) => {
  let free = false;
  if (total > 100) free = true;
  return free;
};`;
const TEST = `
const test = require('node:test');
const assert = require('node:assert');
const { sum, isFree } = require('./program.cjs');
test('sum', () => assert.strictEqual(sum([{ name: 'tea', price: 5 }]), 5));
test('free', () => {
  const found = sum([{ name: 'tea', price: 50 }, { name: 'cake', price: 50 }]);
  const isIt = isFree(found);
  assert.ok(isIt);
});`;

test('what a failure depends on, also through what did not happen, and nothing else', { timeout: 60_000 }, () => {
  const folder = project({ 'program.cjs': PROGRAM, 'program.test.cjs': TEST });
  expect(run(folder, 'record', '--', process.execPath, 'program.test.cjs').status).toBe(1);
  const answer = json<Answer>(run(folder, 'slice', '--json', '--runs'));
  const lines = answer.statements
    .filter(({ place }) => path.basename(place.path) === 'program.cjs')
    .map(({ place }) => place.line);
  // the condition that kept `free` from being set is part of it; the longest name is not
  expect(lines).toEqual(expect.arrayContaining([4, 5, 6, 9, 13, 14, 15]));
  for (const line of [2, 7]) expect(lines).not.toContain(line);
  expect(answer.statements.find(({ text }) => text === 'total += each.price;')).toMatchObject({ count: 2, of: 3 });
  expect(answer.complete).toBe(true);
  expect(answer.runs).toBeLessThan(answer.ran);
  expect(answer.order).toHaveLength(answer.runs);
  const moments = answer.order!.map(({ moment }) => moment.number);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));

  const { stdout } = run(folder, 'slice');
  expect(stdout).toContain(`${answer.runs} of ${answer.ran} statements that ran`);
  expect(stdout).toContain('total += each.price;  (2 of 3 times)');
});
