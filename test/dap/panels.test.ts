/** What panels ask for: the whole recording at a glance, and the calls in it. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CallAnswer, PanelRequests } from '../../trace-runtime/src/model/panel-answers.ts';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-panels-')));
const file = path.join(folder, 'panels.test.js');
const PROGRAM = `const { test } = require('node:test');
function leaf(n, label) { return { n, label }; }
function pattern({ a, b: [c] }, d = a) { return a + c + d; }
function branch(n) {
  let last;
  for (let i = 0; i < n; i++) last = leaf(i, 'leaf ' + i); // loop
  return last;
}
function fails(n) {
  if (n === 0) throw new RangeError('no more');
  return fails(n - 1);
}
async function waits(n) {
  const before = branch(1);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return branch(n).n + before.n;
}
test('branches', async () => {
  branch(30);
  pattern({ a: 1, b: [2] });
  console.log(await waits(2));
});
test('fails', () => {
  try {
    fails(2);
  } catch (error) {
    process.stderr.write('\\u001b[31m' + error.message + '\\u001b[0m\\n');
  }
  fails(3);
});
`;
let client: Client;

beforeAll(() => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'panels.test.js').status).toBe(1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
  await client.open({ startAt: 'failure' });
});
afterEach(() => client.close());

async function ask<Name extends keyof PanelRequests>(
  name: Name,
  args: PanelRequests[Name]['args'],
): Promise<PanelRequests[Name]['answer']> {
  return (await client.customRequest(name, args)).body as PanelRequests[Name]['answer'];
}

const threadId = 1;
const find = async (text: string): Promise<readonly CallAnswer[]> =>
  (await ask('findCalls', { threadId, text })).calls.filter(({ name }) => name === text);

/** The innermost call after going to a moment. */
async function topAt(moment: number): Promise<string | undefined> {
  await client.moved(() => client.customRequest('goToMoment', { moment: `${threadId}:${moment}` }));
  return (await client.frames())[0]?.name;
}

test('the overview has threads, cases, failures and counts', async () => {
  const { threads, cases, failures, counts } = await ask('overview', {});
  expect(threads).toEqual([
    { id: 1, name: 'panels.test.js', end: counts.events, startedAt: expect.any(Number), deepest: expect.any(Number) },
  ]);
  expect(cases.map(({ name, outcome, line }) => [name, outcome, line])).toEqual([
    ['branches', 'passed', 18],
    ['fails', 'failed', 23],
  ]);
  expect(cases.every(({ first, last }) => first < last && last <= counts.events)).toBe(true);
  expect(failures).toMatchObject([{ threadId: 1, type: 'RangeError', message: 'no more', case: 'fails' }]);
  expect(counts).toMatchObject({ throws: 2, outputs: expect.any(Number) });
  expect(counts.calls).toBeGreaterThan(40);
});

test('the timeline counts what happens in bins, and gives what is rare one by one', async () => {
  const { counts, failures } = await ask('overview', {});
  const all = await ask('timeline', { threadId, from: 0, to: counts.events + 1, bins: 100 });
  const sum = (column: readonly number[]): number => column.reduce((a, b) => a + b, 0);
  expect(sum(all.bins.calls)).toBeGreaterThanOrEqual(counts.calls);
  expect(sum(all.bins.throws)).toBe(all.throws!.length);
  expect(all.throws!.map(({ kind, text }) => [kind, text]).slice(0, 2)).toEqual([
    ['thrown', 'RangeError: no more'],
    ['caught', 'RangeError: no more'],
  ]);
  expect(all.throws!.map(({ moment }) => moment)).toContain(failures[0]!.moment);
  expect(all.outputs!.map(({ text }) => text)).toContain('no more\n');
  expect(all.ticks![0]).toMatchObject({ number: 1, cause: 'main' });
  expect(Math.max(...all.bins.most)).toBeGreaterThan(4);
  expect(all.bins.least.every((least, i) => least <= all.bins.most[i]!)).toBe(true);
  expect(all.bins.hits).toBeNull();
  const after = async (direction: 'next' | 'previous', moment: number) =>
    (await ask('nextItem', { threadId, item: 'throw', direction, moment })).moment;
  const moments = all.throws!.map(({ moment }) => moment);
  expect([await after('next', moments[0]!), await after('previous', moments[1]!)]).toEqual([moments[1], moments[0]]);
  expect([await after('next', moments.at(-1)!), await after('previous', moments[0]!)]).toEqual([null, null]);
  // the same at a closer look
  const [, second] = all.throws!;
  const near = await ask('timeline', { threadId, from: second!.moment, to: second!.moment + 1, bins: 1 });
  expect(near.bins.throws).toEqual([1]);
});

test('hits of breakpoints are counted where they are', async () => {
  const line = PROGRAM.split('\n').findIndex((text) => text.includes('// loop')) + 1;
  await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line, column: 31 }] });
  const { counts } = await ask('overview', {});
  const { bins, hitsAreExact } = await ask('timeline', { threadId, from: 0, to: counts.events + 1, bins: 20 });
  expect(hitsAreExact).toBe(true);
  expect(bins.hits!.reduce((a, b) => a + b, 0)).toBe(33);
});

test('the flame graph holds every call, alone or among others', async () => {
  const { counts } = await ask('overview', {});
  const whole = { threadId, from: 0, to: counts.events + 1 };
  const fine = await ask('flame', { ...whole, pixels: 10_000 });
  const coarse = await ask('flame', { ...whole, pixels: 8 });
  const sum = (column: readonly number[]): number => column.reduce((a, b) => a + b, 0);
  expect(fine.calls.every((calls) => calls === 1)).toBe(true);
  expect(sum(coarse.calls)).toBe(sum(fine.calls));
  expect(coarse.call.length).toBeLessThan(fine.call.length / 2);
  const names = new Map(fine.functions.map(({ id, name }) => [id, name]));
  const branch = fine.function.findIndex((id) => names.get(id) === 'branch');
  expect(fine.functions.find(({ name }) => name === 'branch')).toMatchObject({ path: file, line: 4 });
  expect(await topAt(fine.enter[branch]! + 1)).toBe('branch');
  expect(await topAt(fine.enter[branch]!)).not.toBe('branch');
  expect(await topAt(fine.exit[branch]!)).toBe('branch');
  const shallow = await ask('flame', { ...whole, pixels: 10_000, deepest: 1 });
  expect(Math.max(...shallow.depth)).toBe(1);
});

test('calls have children, arguments and results', async () => {
  const [branch] = await find('branch');
  expect(branch).toMatchObject({ path: file, line: 4, ending: 'returned', inside: 30, hasChildren: true });
  const { total, calls } = await ask('callTree', { threadId, parent: branch!.call, start: 28, count: 10 });
  expect([total, ...calls.map(({ name }) => name)]).toEqual([30, 'leaf', 'leaf']);
  expect(calls[0]).toMatchObject({ inside: 0, hasChildren: false, line: 2 });
  const before = await ask('where', {});
  const details = await ask('callDetails', { threadId, calls: [branch!.call, ...calls.map(({ call }) => call)] });
  expect(details.calls).toEqual([
    { call: branch!.call, arguments: [{ name: 'n', value: '30' }], result: "{ n: 29, label: 'leaf 29' }" },
    ...[28, 29].map((n, i) => ({
      call: calls[i]!.call,
      arguments: [
        { name: 'n', value: String(n) },
        { name: 'label', value: `'leaf ${n}'` },
      ],
      result: `{ n: ${n}, label: 'leaf ${n}' }`,
    })),
  ]);
  expect(await ask('where', {})).toEqual(before);
  const [pattern] = await find('pattern');
  expect((await ask('callDetails', { threadId, calls: [pattern!.call] })).calls[0]).toMatchObject({
    arguments: [
      { name: 'a', value: '1' },
      { name: 'c', value: '2' },
      { name: 'd', value: '1' },
    ],
    result: '4',
  });
  const [thrower] = await find('fails');
  const thrown = await ask('callDetails', { threadId, calls: [thrower!.call] });
  expect(thrower!.ending).toBe('threw');
  expect(thrown.calls[0]!.result).toBe('RangeError: no more');
});

test('a call that waited has the calls before and after, and its place among those of its caller', async () => {
  const [waits] = await find('waits');
  const inside = await ask('callTree', { threadId, parent: waits!.call, start: 0, count: 100 });
  expect(inside.calls.filter(({ name }) => name === 'branch')).toHaveLength(2);
  const { path } = await ask('callPath', { threadId, call: waits!.call });
  expect(path.at(-1)!.call).toEqual(waits);
  for (const [i, { call, index }] of path.entries()) {
    const parent = path[i - 1]?.call.call ?? 0;
    const { calls } = await ask('callTree', { threadId, parent, start: index, count: 1 });
    expect(calls).toEqual([call]);
  }
  expect((await ask('callPath', { threadId, call: waits!.call, last: 1 })).path).toEqual(path.slice(-1));
  await client.moved(() => client.customRequest('goToMoment', { moment: `1:${waits!.first}` }));
  const stack = path.map(({ call }) => call.call);
  expect(await ask('where', {})).toEqual({ threadId: 1, moment: waits!.first, stack, selected: null });
  const caller = (await client.frames())[1]!;
  expect(await ask('where', { frameId: caller.id })).toMatchObject({ selected: stack.at(-2) });
});

test('calls are found by the name of a function or file, a page at a time, in both directions', async () => {
  const all = await ask('findCalls', { threadId, text: 'LEAF', count: 1000 });
  expect([all.total, all.skipped, all.calls.length]).toEqual([33, 0, 33]);
  const page = await ask('findCalls', { threadId, text: 'leaf', after: all.calls[9]!.call, count: 3 });
  expect([page.skipped, page.calls]).toEqual([10, all.calls.slice(10, 13)]);
  const back = await ask('findCalls', { threadId, text: 'leaf', before: all.calls[9]!.call, count: 2 });
  expect([back.skipped, back.calls]).toEqual([7, all.calls.slice(7, 9)]);
  expect((await ask('findCalls', { threadId, text: 'panels.test' })).total).toBeGreaterThan(40);
  expect(await ask('findCalls', { threadId, text: 'nothing' })).toEqual({ total: 0, skipped: 0, calls: [] });
});

test.each([
  ['flame', { threadId: 9, from: 0, to: 1, pixels: 1 }, 'There is no thread 9.'],
  ['flame', { threadId: 1, from: 5, to: 5, pixels: 1 }, '`from` must be before `to`, and `pixels` at least 1.'],
  ['timeline', { threadId: 1, from: 0, to: 1, bins: 0 }, '`from` must be before `to`, and `bins` at least 1.'],
  ['callTree', { threadId: 1, parent: 1e9, start: 0, count: 1 }, 'There is no call 1000000000.'],
  ['callPath', { threadId: 1, call: 0 }, 'There is no call 0.'],
  ['callDetails', { threadId: 1, calls: [-1] }, 'callDetails: `calls[0]` must be a whole number from 0.'],
])('%s of %j is refused', async (name, args, sentence) => {
  await expect(client.customRequest(name, args)).rejects.toThrow(sentence);
});

test('details of calls that there are not are left out', async () => {
  expect(await ask('callDetails', { threadId, calls: [0, 1e9] })).toEqual({ calls: [] });
});
