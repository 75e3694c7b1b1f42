/** Slices in a replay: the lines that the place depends on, and steps that keep to them. */
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SliceAnswer } from '../../trace-runtime/src/model/slice-answers.ts';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-slice-')));
const PROGRAM = `let wanted = 3;
let other = 5;
function twice(x) {
  return x * 2;
}
other = twice(other);
wanted = twice(wanted);
other += 1;
if (other > 100) wanted = 0;
if (wanted === 6) throw new Error('six');
`;
let client: Client;

beforeAll(() => {
  writeFileSync(path.join(folder, 'six.js'), PROGRAM);
  run(folder, 'record', '--out', 'r', '--', process.execPath, 'six.js');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
  const [name] = readdirSync(path.join(folder, 'r')).filter((each) => /^\d/.test(each));
  await client.open({ recording: path.join(folder, 'r', name!) });
});
afterEach(() => client.close());

const line = async (): Promise<number> => (await client.frames())[0]!.line;
const slice = async (args: object = {}): Promise<SliceAnswer> =>
  (await client.customRequest('slice', { threadId: 1, ...args })).body as SliceAnswer;

test('the lines that a failure depends on, through what did not happen too', async () => {
  expect(await line()).toBe(10);
  const { files, runs, ran, complete } = await slice();
  // `other` decides that wanted stays as it is
  expect(files).toEqual([{ path: path.join(folder, 'six.js'), lines: [1, 2, 4, 6, 7, 8, 9, 10] }]);
  expect(complete).toBe(true);
  expect(runs).toBeLessThanOrEqual(ran);
  expect(await line()).toBe(10);
});

test('while a slice is shown, steps keep to it, in both directions; left, they do not', async () => {
  await client.customRequest('goToMoment', { moment: '1:0' });
  const at = async (wanted: number): Promise<void> => {
    await client.setBreakpointsRequest({
      source: { path: path.join(folder, 'six.js') },
      breakpoints: [{ line: wanted }],
    });
    await client.moved(() => client.continueRequest({ threadId: 1 }));
    await client.setBreakpointsRequest({ source: { path: path.join(folder, 'six.js') }, breakpoints: [] });
  };
  await at(9);
  expect(await line()).toBe(9);
  const { files } = await slice();
  expect(files[0]!.lines).toEqual([2, 4, 6, 8, 9]);
  const seen: number[] = [];
  for (let i = 0; i < 4; i++) {
    await client.moved(() => client.stepBackRequest({ threadId: 1 }));
    seen.push(await line());
  }
  expect(seen).toEqual([8, 4, 6, 2]);
  await expect(client.stepBackRequest({ threadId: 1 })).rejects.toThrow('first statement of the slice');
  await client.moved(() => client.nextRequest({ threadId: 1 }));
  expect(await line()).toBe(6);
  await slice({ leave: true });
  await client.moved(() => client.nextRequest({ threadId: 1 }));
  expect(await line()).toBe(7);
});
