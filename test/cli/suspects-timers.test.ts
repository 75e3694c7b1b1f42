/** `hindcast suspects` of tests that wait for timers: changes are tried on what was recorded of them, too. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

const SHOP = `const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function total(items) {
  let sum = 0;
  for (const item of items) {
    await wait(item.count);
    sum += item.price * item.count;
  }
  return sum - 1; // wrong
}
async function poll(items) {
  let found;
  const timer = setInterval(() => { found ??= items.length; }, 2);
  while (found === undefined) await new Promise((done) => setImmediate(done));
  clearInterval(timer);
  return found + (await total(items));
}
module.exports = { total, poll };
`;
const TEST = `const { test } = require('node:test');
const assert = require('node:assert');
const { total, poll } = require('./shop.js');
const items = [{ price: 2, count: 2 }, { price: 5, count: 2 }];
test('slow', async () => { assert.strictEqual(await total(items), 14); });
test('polling', async () => { assert.strictEqual(await poll(items), 16); });
test('good', async () => { assert.strictEqual(await total([]), -1); });
`;

let folder: string;
let recording: string;
beforeAll(() => {
  folder = project({ 'shop.js': SHOP, 'shop.test.js': TEST });
  recording = recordingOf(run(folder, 'record', '--', 'node', '--test', 'shop.test.js'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([1, 2])('case %i', (number) => {
  const { stdout } = run(folder, 'suspects', `${recording}#${number}`);
  expect(stdout).toMatch(
    /shop\.js:8:\d+\n +return sum - 1;.*\n +With .* (?:2 of 2 failing cases end|the case ends) without an error/,
  );
  expect(stdout).not.toContain('could not be tried');
});
