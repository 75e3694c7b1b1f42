/** Vite puts functions into a module by which others read its exports, and maps them to its first line. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { project, run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const SOURCE = `export interface Interval {
  readonly start: number;
}

export const at = (hours: number): number => {
  return hours * 60;
};

export const of = (hours: number): Interval => ({ start: at(hours) });
`;
const TESTS = `import { expect, test } from 'vitest';
import { at, of } from './interval';

test('minutes', () => {
  expect(at(1)).toBe(60);
  expect(at(2)).toBe(120);
  expect(of(3).start).toBe(60);
});
`;

let folder: string;
let client: Client;

beforeAll(async () => {
  folder = project({ 'package.json': '{ "type": "module" }', 'interval.test.ts': TESTS });
  writeFileSync(path.join(folder, 'interval.ts'), SOURCE);
  symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), path.join(folder, 'node_modules'));
  const vitest = path.join(folder, 'node_modules/vitest/vitest.mjs');
  expect(run(folder, 'record', '--', process.execPath, vitest, 'run', '--pool', 'forks').status).toBe(1);
  client = new Client(folder);
  await client.start();
  await client.open({ startAt: 'failure' });
}, 120_000);
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

test('lines that only have such functions did not run', async () => {
  const { body } = await client.customRequest('lineCounts', { path: path.join(folder, 'interval.ts') });
  expect((body as { lines: unknown }).lines).toEqual([
    { line: 5, count: 1 },
    { line: 6, count: 3 },
    { line: 9, count: 1 },
  ]);
});

test("Vite's own variables are none of the file's", async () => {
  const { body } = await client.threadsRequest();
  const { stackFrames } = (await client.stackTraceRequest({ threadId: body.threads.at(-1)!.id })).body;
  const { scopes } = (await client.scopesRequest({ frameId: stackFrames[0]!.id })).body;
  const lists = await Promise.all(
    scopes.map(({ variablesReference }) => client.variablesRequest({ variablesReference })),
  );
  const names = lists.flatMap((each) => each.body.variables.map(({ name }) => name));
  expect(names.filter((name) => name.startsWith('__vi'))).toEqual([]);
});

test('one steps over them into what the module exports, and back', async () => {
  const { body } = await client.threadsRequest();
  const threadId = body.threads.at(-1)!.id;
  const lines: string[] = [];
  const move = async (step: 'stepBackRequest' | 'stepInRequest'): Promise<void> => {
    await client.moved(() => client[step]({ threadId }));
    const { stackFrames } = (await client.stackTraceRequest({ threadId })).body;
    lines.push(`${stackFrames[0]?.source?.name}:${stackFrames[0]?.line}`);
  };
  for (let i = 0; i < 2; i++) await move('stepBackRequest');
  for (let i = 0; i < 3; i++) await move('stepInRequest');
  expect(lines).toEqual([
    'interval.test.ts:6',
    'interval.test.ts:5',
    'interval.ts:6',
    'interval.test.ts:6',
    'interval.ts:6',
  ]);
  await client.moved(() => client.customRequest('reverseInto', { threadId }));
  await client.moved(() => client.customRequest('reverseInto', { threadId }));
  const { stackFrames } = (await client.stackTraceRequest({ threadId })).body;
  expect(`${stackFrames[0]?.source?.name}:${stackFrames[0]?.line}`).toBe('interval.ts:6');
});

test('the panels list no calls of them', async () => {
  const { body } = await client.threadsRequest();
  const threadId = body.threads.at(-1)!.id;
  const ask = async <T>(command: string, args: object): Promise<T> =>
    (await client.customRequest(command, { threadId, ...args })).body as T;
  const { counts, threads } = await ask<{
    readonly counts: { readonly calls: number };
    readonly threads: readonly { readonly id: number; readonly end: number }[];
  }>('overview', {});
  interface Call {
    readonly call: number;
    readonly name: string;
    readonly inside: number;
  }
  const whole = async (parent: number): Promise<unknown[]> => {
    const { calls } = await ask<{ readonly calls: readonly Call[] }>('callTree', { parent, start: 0, count: 100 });
    return Promise.all(calls.map(async ({ call, name, inside }) => [name, inside, ...(await whole(call))]));
  };
  const tree = await whole(0);
  expect(tree).toEqual([
    ['interval.test.ts:1', 0],
    ['interval.ts:1', 0],
    ['interval.test.ts:4', 4, ['at', 0], ['at', 0], ['of', 1, ['at', 0]]],
  ]);
  expect(counts.calls).toBe(7);
  const to = threads.find(({ id }) => id === threadId)!.end;
  const { functions } = await ask<{ readonly functions: readonly { readonly name: string }[] }>('flame', {
    from: 0,
    to,
    pixels: 10_000,
  });
  expect(functions.map(({ name }) => name).sort()).toEqual([
    'at',
    'interval.test.ts:1',
    'interval.test.ts:4',
    'interval.ts:1',
    'of',
  ]);
  const { total } = await ask<{ readonly total: number }>('findCalls', { text: 'interval.ts' });
  expect(total).toBe(5);
});
