import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { collect, hindcast, json, project, recordingOf, run, start } from './kit.ts';

interface Answer {
  readonly cases: { readonly failing: number; readonly passing: number };
  readonly trials: { readonly changes: number; readonly failing: number; readonly fault: string | null };
  readonly suspects: readonly {
    readonly place: { readonly path: string; readonly line: number };
    readonly text: string;
    readonly sentence: string;
    readonly moment: { readonly stream: number; readonly number: number } | null;
    readonly change: { readonly was: string; readonly is: string; readonly broken: number } | null;
  }[];
}

const RANGE = `
export function range(from, to) {
  const list = [];
  for (let at = from; at < to; at++) {
    list.push(at);
  }
  return list;
}`;
const TEST = `
import test from 'node:test';
import assert from 'node:assert/strict';
import { range } from './range.mjs';
test('nothing', () => assert.deepEqual(range(2, 1), []));
test('both ends', async () => {
  await null;
  assert.deepEqual(range(1, 3), [1, 2, 3]);
});`;

function recorded(files: Readonly<Record<string, string>>, ...command: readonly string[]): string {
  const folder = project(files);
  expect(run(folder, 'record', '--', process.execPath, ...command).status).toBe(1);
  return folder;
}

test('the line is first whose change mends the failing case, and what passes still passes', { timeout: 60_000 }, () => {
  const folder = recorded({ 'range.mjs': RANGE, 'range.test.mjs': TEST }, 'range.test.mjs');
  const { cases, trials, suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(cases).toEqual({ failing: 1, passing: 1 });
  expect(trials.fault).toBe(null);
  expect(suspects[0]).toMatchObject({ text: 'for (let at = from; at < to; at++) {', change: { was: '<', is: '<=' } });
  expect(suspects.every(({ place }) => path.basename(place.path) === 'range.mjs')).toBe(true);
  const { number, stream } = suspects[0]!.moment!;
  expect(run(folder, 'state', '--at', `${stream}:${number}`).stdout).toContain('range.mjs:4');

  const { stdout } = run(folder, 'suspects', '--count', '1');
  expect(stdout).toContain('1. range.mjs:4:26');
  expect(stdout).toContain('and 1 of 1 passing ones still pass');
  expect(stdout).toContain('no rerun of the program has confirmed one');
});

test('an imported recording runs nothing before that is allowed', { timeout: 60_000 }, () => {
  const folder = recorded({ 'range.mjs': RANGE, 'range.test.mjs': TEST }, 'range.test.mjs');
  const { recordings } = json<{ recordings: readonly { readonly id: string }[] }>(run(folder, 'list', '--json'));
  expect(run(folder, 'export', recordings[0]!.id, 'run.hindcast').status).toBe(0);
  const other = project({});
  cpSync(path.join(folder, 'run.hindcast'), path.join(other, 'run.hindcast'));
  expect(run(other, 'import', 'run.hindcast').status).toBe(0);
  expect(json<Answer>(run(other, 'suspects', '--json')).trials).toMatchObject({ changes: 0, failing: 0 });
  expect(json<Answer>(run(other, 'suspects', '--json', '--allow-evaluate')).trials.changes).toBeGreaterThan(20);
});

test('a case that needs what was not recorded says what, and is ranked by what ran', { timeout: 60_000 }, () => {
  const late = 'export const late = () => fetch("data:text/plain,1").then((answer) => {\n  return answer.text();\n});';
  const own = `
import test from 'node:test';
import assert from 'node:assert';
import { late } from './late.mjs';
test('late', async () => assert.equal(await late(), '2'));`;
  const folder = recorded({ 'late.mjs': late, 'late.test.mjs': own }, 'late.test.mjs');
  const { trials, suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(trials).toMatchObject({ failing: 0, fault: 'fetch is part of Node, which does not run here.' });
  expect(suspects.map(({ place }) => path.basename(place.path))).toContain('late.mjs');
});

test('passing recordings of other runs speak against what they ran, too', { timeout: 60_000 }, () => {
  const program = `
const [, , text] = process.argv;
function first(list) {
  return list[0];
}
function check(list) {
  if (list.length > 1) throw new Error('too many: ' + first(list));
}
check(text.split(','));`;
  const folder = project({ 'check.cjs': program });
  const passing = recordingOf(run(folder, 'record', '--', process.execPath, 'check.cjs', 'a'));
  expect(run(folder, 'record', '--', process.execPath, 'check.cjs', 'a,b').status).toBe(1);
  const { cases, suspects } = json<Answer>(run(folder, 'suspects', '--json', '--against', passing, '--count', '9'));
  expect(cases).toEqual({ failing: 1, passing: 1 });
  const spectrum = (text: string) => suspects.find((each) => each.text === text);
  expect(spectrum('return list[0];')?.sentence).toContain('0 of 1 passing');
});

test('code runs again in the time zone that it ran in', { timeout: 60_000 }, () => {
  const days = 'exports.dayOf = (time) => {\n  return new Date(time).getDate();\n};';
  const own = `
const test = require('node:test');
const assert = require('node:assert');
const { dayOf } = require('./days.cjs');
test('the day in Coordinated Universal Time', () => assert.strictEqual(dayOf('2026-03-02T00:30:00Z'), 2));`;
  const folder = project({ 'days.cjs': days, 'days.test.cjs': own });
  const env = { ...process.env, TZ: 'America/New_York' };
  spawnSync(process.execPath, [hindcast, 'record', '--', process.execPath, 'days.test.cjs'], { cwd: folder, env });
  const { suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(suspects[0]?.change).toMatchObject({ was: 'getDate', is: 'getUTCDate' });
});

test(
  'the head of a loop, every copy of a mistake, and every operator of a chain are changed',
  { timeout: 60_000 },
  () => {
    const program = `
exports.sum = (list) => {
  let total = 0;
  for (let i = 1; i < list.length; i++) {
    total += list[i];
  }
  return total;
};
exports.words = (text) => {
  let word = '_';
  const list = [];
  for (const each of text) {
    if (each !== ' ') word += each;
    else {
      list.push(word);
      word = '_';
    }
  }
  return [...list, word].join();
};
exports.isConsonant = (letter) => {
  if (letter !== 'a' || letter !== 'e' || letter !== 'o') return true;
  return false;
};`;
    const assertions = {
      'sum([3, 4, 5]) === 12': 'for (let i = 1; i < list.length; i++) {',
      'words("an old oak") === "an,old,oak"': "let word = '_';",
      '!isConsonant("e") && isConsonant("t")': "if (letter !== 'a' || letter !== 'e' || letter !== 'o') return true;",
    };
    for (const [assertion, line] of Object.entries(assertions)) {
      const own = `
const test = require('node:test');
const assert = require('node:assert');
const { sum, words, isConsonant } = require('./program.cjs');
test('it', () => assert(${assertion}));`;
      const folder = recorded({ 'program.cjs': program, 'program.test.cjs': own }, 'program.test.cjs');
      const { suspects } = json<Answer>(run(folder, 'suspects', '--json'));
      expect(suspects[0]?.text).toBe(line);
    }
  },
);

test('a file that could not be loaded comes first, with the line', { timeout: 60_000 }, () => {
  const folder = recorded(
    { 'broken.cjs': "exports.a = 1;\nexports.b = ('b' + ;\n", 'main.cjs': "require('./broken.cjs');" },
    'main.cjs',
  );
  const { suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(suspects[0]?.place).toMatchObject({ path: path.join(folder, 'broken.cjs'), line: 2 });
  expect(run(folder, 'why').stdout).toContain('broken.cjs:2:1: The file could not be loaded: Expression expected.');
});

test("so does one that the runner's compiler could not read", { timeout: 60_000 }, () => {
  const folder = project({
    'broken.test.ts': "import { expect, test } from 'vitest';\ntest('one', () => {\n  expect(1).toBe(1;\n});\n",
  });
  const repository = path.resolve(import.meta.dirname, '../..');
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  const vitest = [path.join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  expect(run(folder, 'record', '--', process.execPath, ...vitest).status).toBe(1);
  const { suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(suspects[0]?.place).toMatchObject({ path: path.join(folder, 'broken.test.ts'), line: 3 });
  expect(run(folder, 'why').stdout).toContain('broken.test.ts:3:1: The file could not be loaded: Expected');
});

test('a loop that never ends, though nothing happens in it that is recorded', { timeout: 120_000 }, async () => {
  const program = `
exports.digits = (number) => {
  let count = 0;
  while (number > 0) {
    count++;
    number = number - (number % 10);
  }
  return count;
};`;
  const own = `
const test = require('node:test');
const { digits } = require('./program.cjs');
test('three', () => {
  process.stdout.write('it begins');
  digits(123);
});`;
  const folder = project({ 'program.cjs': program, 'program.test.cjs': own });
  const recording = start(folder, 'record', '--', process.execPath, 'program.test.cjs');
  const ended = collect(recording);
  for await (const data of recording.stdout!) if (String(data).includes('it begins')) break;
  await pause(1000);
  recording.kill('SIGTERM');
  await ended;
  const { suspects } = json<Answer>(run(folder, 'suspects', '--json', '--count', '20'));
  expect(suspects.slice(0, 2).map(({ text }) => text)).toContain('number = number - (number % 10);');
});

const CART = `
exports.total = (items, code) => {
  const sum = items.reduce((all, { price, count }) => all + price * count, 0);
  return code === 'TEN' ? sum + sum / 10 : sum;
};`;

test("chai's assertions decide again as they did", { timeout: 60_000 }, () => {
  const chai = createRequire(import.meta.url).resolve('chai');
  const own = `
const test = require('node:test');
const { assert, expect } = require(${JSON.stringify(chai)});
const { total } = require('./cart.cjs');
test('no code', () => expect(total([{ price: 100, count: 2 }], '')).to.equal(200));
test('a code', () => assert.strictEqual(total([{ price: 100, count: 2 }], 'TEN'), 180));
test('in an object', () => expect({ sum: total([{ price: 10, count: 2 }], 'TEN') }).to.deep.equal({ sum: 18 }));`;
  const folder = recorded({ 'cart.cjs': CART, 'cart.test.cjs': own }, 'cart.test.cjs');
  const { trials, suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(trials).toMatchObject({ failing: 2, passing: 1, fault: null });
  expect(suspects[0]?.change).toMatchObject({ was: '+', is: '-', broken: 0 });
});

test("vitest's expect decides again as it did, and tells what was wrong", { timeout: 60_000 }, () => {
  const own = `
import { expect, test } from 'vitest';
import { total } from './cart.mjs';
test('no code', () => {
  expect(total([{ price: 100, count: 2 }], '')).toBe(200);
});
test('a code', () => {
  const sum = total([{ price: 100, count: 2 }], 'TEN');
  expect(sum).toBe(180);
});
test('in an object', () => {
  expect({ sum: total([{ price: 10, count: 2 }], 'TEN') }).toEqual({ sum: 18 });
});`;
  const cart = `// what is in the cart\n${CART.replace('exports.total', 'export const total')}`;
  const folder = project({ 'cart.mjs': cart, 'cart.test.mjs': own });
  const repository = path.resolve(import.meta.dirname, '../..');
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  const vitest = [path.join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
  expect(run(folder, 'record', '--', process.execPath, ...vitest).status).toBe(1);
  const { trials, suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(trials).toMatchObject({ failing: 2, passing: 1, fault: null });
  expect(suspects[0]?.change).toMatchObject({ was: '+', is: '-', broken: 0 });
  // what Vite puts in is mapped there
  expect(suspects.map(({ place }) => place.line)).not.toContain(1);
  expect(run(folder, 'why').stdout).toContain('sum was not 180: ');
});

test('an error that is another one than was recorded is no failure that was made again', { timeout: 60_000 }, () => {
  const own = `
const test = require('node:test');
const { total } = require('./cart.cjs');
Object.defineProperty(globalThis, 'limit', { get: () => 200 });
test('a code', () => {
  if (total([{ price: 100, count: 2 }], 'TEN') > limit) throw new RangeError('more than 200');
});`;
  const folder = recorded({ 'cart.cjs': CART, 'cart.test.cjs': own }, 'cart.test.cjs');
  const { trials } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(trials).toMatchObject({ failing: 0, fault: 'Made again, it ends with ReferenceError: limit is not defined.' });
});

test('what the process was started with is there when code runs again, but for secrets', { timeout: 60_000 }, () => {
  const own = `
const test = require('node:test');
const assert = require('node:assert');
const limit = () => (process.env.CART_LIMIT ? Number(process.env.CART_LIMIT) : 10);
const price = (count) => (process.argv.length > 0 ? count + limit() : 0);
test('a price', () => assert.equal(price(3), 36));`;
  const folder = project({ 'a.test.cjs': own, 'package.json': '{}' });
  process.env['CART_LIMIT'] = '12';
  try {
    run(folder, 'record', '--', process.execPath, 'a.test.cjs');
  } finally {
    delete process.env['CART_LIMIT'];
  }
  const { trials, suspects } = json<Answer>(run(folder, 'suspects', '--json'));
  expect(trials).toMatchObject({ failing: 1, fault: null });
  expect(suspects[0]?.change).toMatchObject({ was: '+', is: '*' });
});
