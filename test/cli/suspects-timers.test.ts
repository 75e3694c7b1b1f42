/** `hindcast suspects` of tests that wait for timers: changes are tried on what was recorded of them, too. */
import { expect, test } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

const TOTAL = `const wait = (ms) => new Promise((done) => setTimeout(done, ms));
module.exports = async (items) => {
  let sum = 0;
  for (const item of items) {
    await wait(item.count);
    sum += item.price * item.count;
  }
  return sum - 1; // wrong
};
`;
const POLL = `module.exports = async (items) => {
  let found;
  const timer = setInterval(() => { found ??= items.length; }, 2);
  while (found === undefined) await new Promise((done) => setImmediate(done));
  clearInterval(timer);
  return found - 1; // wrong
};
`;

test.each([
  ['timeouts', TOTAL, '[{ price: 2, count: 2 }, { price: 5, count: 2 }]', 14, 'sum'],
  ['intervals and immediates', POLL, '[1, 2, 3]', 3, 'found'],
])('%s', (_, source, items, wanted, name) => {
  const own = `const { test } = require('node:test');
const assert = require('node:assert');
const made = require('./made.js');
test('wrong', async () => { assert.strictEqual(await made(${items}), ${wanted}); });
test('good', async () => { assert.strictEqual(await made([]), -1); });
`;
  const folder = project({ 'made.js': source, 'made.test.js': own });
  const recording = recordingOf(run(folder, 'record', '--', 'node', '--test', 'made.test.js'));
  const { stdout } = run(folder, 'suspects', recording);
  expect(stdout).toMatch(new RegExp(`return ${name} - 1;.*\\n +With .* the case ends without an error`));
  expect(stdout).not.toContain('could not be tried');
});
