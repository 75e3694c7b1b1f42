import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import type { RecordedInstance } from './exemplars.ts';
import { RecordedExemplars } from './recorded-exemplars.ts';

/** In place of `hindcast`: one failing request in each recording, and a line as it begins and ends. */
const command = `
const { appendFileSync } = require('node:fs');
const [log, , recording] = process.argv.slice(2);
appendFileSync(log, '+' + recording + ' ');
setTimeout(() => {
  appendFileSync(log, '-' + recording + ' ');
  const failures = [{ type: 'TypeError', message: 'no price', case: { name: 'GET /products/7' } }];
  console.log(JSON.stringify({ cases: [{ kind: 'request', name: 'GET /products/7', outcome: 'failed', milliseconds: 2 }], failures }));
}, 30);
`;

function setUp() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-exemplars-'));
  onTestFinished(() => removeFolder(folder));
  const file = path.join(folder, 'reads.cjs');
  const log = path.join(folder, 'log');
  writeFileSync(file, command);
  appendFileSync(log, '');
  const exemplars = new RecordedExemplars({ command: [process.execPath, file, log], clock: { now: () => 1000 } });
  const instance = (name: string): RecordedInstance => ({ service: 'catalogue', instance: name, recording: name });
  return { exemplars, instance, log: () => readFileSync(log, 'utf8') };
}

test('recordings that nobody waits for are read one after the other, and not again at once', async () => {
  const { exemplars, instance, log } = setUp();
  for (let round = 0; round < 3; round++) for (const name of 'abc') exemplars.lookWhenIdle(instance(name));
  await expect.poll(log, { timeout: 20_000 }).toBe('+a -a +b -b +c -c ');
  await expect.poll(() => exemplars.ofService('catalogue').length, { timeout: 20_000 }).toBe(3);
  for (const name of 'abc') exemplars.lookWhenIdle(instance(name));
  expect(await exemplars.look(instance('d'))).toMatchObject([{ message: 'TypeError: no price', symptom: 'failed' }]);
  expect(log()).toBe('+a -a +b -b +c -c +d -d ');
});

test('whoever waits for a recording has it read at once, also where it was read just now', async () => {
  const { exemplars, instance, log } = setUp();
  exemplars.lookWhenIdle(instance('a'));
  await expect.poll(log, { timeout: 20_000 }).toBe('+a -a ');
  await expect.poll(() => exemplars.of('catalogue', 'a').length, { timeout: 20_000 }).toBe(1);
  await exemplars.look(instance('a'));
  expect(log()).toBe('+a -a +a -a ');
});
