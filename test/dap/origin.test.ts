/** Where a property came from that no recorded code has written: with its object. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-origin-')));
const file = path.join(folder, 'program.cjs');
const PROGRAM = `function made(list) {
  const first = list[0];
  return { count: list.length, first }; // literal
}
function told(text) {
  return JSON.parse(text); // parsed
}
async function main() {
  const body = await new Response('{"version":"1.9.0"}').json(); // awaited
  const own = made([body.version]);
  const deep = told('{"inner":{"list":[{"name":"a"}]}}');
  own.first = 'changed'; // written
  return [own, body, deep]; // end
}
main();
`;
const lineOf = (mark: string): number => PROGRAM.split('\n').findIndex((line) => line.includes(`// ${mark}`)) + 1;

let client: Client;

beforeAll(() => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'program.cjs').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

test.each([
  ['body.version', 'awaited'],
  ['own.count', 'literal'],
  ['own.first', 'written'],
  ['deep.inner.list[0].name', 'parsed'],
])('%s came from the line that made its object, or that wrote it', async (expression, mark) => {
  await client.open({ startAt: 'entry' });
  await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line: lineOf('end') }] });
  await client.moved(() => client.continueRequest({ threadId: 1 }));
  const [top] = await client.frames();
  const args = { direction: 'origin', expression, frameId: top!.id };
  await client.moved(() => client.customRequest('goToChange', args));
  expect((await client.frames())[0]!.line).toBe(lineOf(mark));
});
