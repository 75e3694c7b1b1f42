/** What an editor asks about time: changes of a value, where it came from, inline values, line counts, marks, cases. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-history-')));
const file = path.join(folder, 'program.test.js');
const PROGRAM = `const { test } = require('node:test');
const assert = require('node:assert');
function sum(list) {
  let total = 0; // begin
  for (const each of list) {
    total += each; // add
  }
  if (total < 0) {
    total = 0; // never
  }
  return total; // end
}
function check(given) {
  const copy = given; // copy
  const cart = { total: 0 };
  cart.total = copy; // set
  return cart.total; // check
}
test('adds', () => {
  const found = sum([1, 2, 4]); // call
  assert.equal(check(found), 7); // passed
});
test('fails', () => {
  assert.equal(check(sum([1, 1])), 3); // throw
});
`;
const lineOf = (mark: string): number => PROGRAM.split('\n').findIndex((line) => line.includes(`// ${mark}`)) + 1;

interface Change {
  readonly moment: string;
  readonly value: string;
  readonly line: number;
}

let client: Client;

beforeAll(() => {
  writeFileSync(file, PROGRAM);
  expect(run(folder, 'record', '--', process.execPath, 'program.test.js').status).toBe(1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

async function standAt(mark: string): Promise<DebugProtocol.StackFrame> {
  await client.open({ startAt: 'entry' });
  await client.setBreakpointsRequest({ source: { path: file }, breakpoints: [{ line: lineOf(mark) }] });
  await client.moved(() => client.continueRequest({ threadId: 1 }));
  const [top] = await client.frames();
  expect(top!.line).toBe(lineOf(mark));
  return top!;
}

async function ask<T>(command: string, args: object): Promise<T> {
  return (await client.customRequest(command, args)).body as T;
}

async function goTo(direction: string, args: object): Promise<DebugProtocol.StackFrame> {
  await client.moved(() => client.customRequest('goToChange', { direction, ...args }));
  return (await client.frames())[0]!;
}

test('a variable has its changes before and after, each with its value, line and moment', async () => {
  const top = await standAt('end');
  const { name, before, after } = await ask<{ name: string; before: Change[]; after: Change[] }>('history', {
    expression: 'total',
    frameId: top.id,
    before: 10,
  });
  expect(name).toBe('total');
  expect(before.map(({ value, line }) => [value, line])).toEqual([
    ['7', lineOf('add')],
    ['3', lineOf('add')],
    ['1', lineOf('add')],
    ['0', lineOf('begin')],
  ]);
  expect(after).toEqual([]);
  expect((await client.frames())[0]!.line).toBe(lineOf('end'));
});

test('one goes to the last change and to the next one, and stands before it', async () => {
  const top = await standAt('end');
  const add = await goTo('previous', { expression: 'total', frameId: top.id });
  expect(add.line).toBe(lineOf('add'));
  const value = async (frameId: number) => (await client.evaluateRequest({ expression: 'total', frameId })).body.result;
  expect(await value(add.id)).toBe('3');
  await expect(goTo('next', { expression: 'total', frameId: add.id })).rejects.toThrow(
    'The step from here is the last change of total.',
  );
  const again = await goTo('previous', { expression: 'total', frameId: add.id });
  expect(await value(again.id)).toBe('1');
  const next = await goTo('next', { expression: 'total', frameId: again.id });
  expect(await value(next.id)).toBe('3');
});

test('where a value came from is followed through copies to what made it', async () => {
  const top = await standAt('check');
  const made = await goTo('origin', { expression: 'cart.total', frameId: top.id });
  expect(made.line).toBe(lineOf('set'));
  const given = await goTo('origin', { expression: 'copy', frameId: made.id });
  // the parameter: where it was passed
  expect(given.line).toBe(lineOf('passed'));
});

test('a name in the variables goes to its changes, too', async () => {
  const top = await standAt('end');
  const { scopes } = (await client.scopesRequest({ frameId: top.id })).body;
  const variablesReference = scopes.find(({ presentationHint }) => presentationHint === 'locals')!.variablesReference;
  const at = await goTo('previous', { variablesReference, name: 'total' });
  expect(at.line).toBe(lineOf('add'));
});

test('what nobody changes is said so, and one stays', async () => {
  const top = await standAt('begin');
  await expect(
    client.customRequest('goToChange', { direction: 'previous', expression: 'total', frameId: top.id }),
  ).rejects.toThrow('No recorded code changes total before this moment.');
  await expect(
    client.customRequest('goToChange', { direction: 'previous', expression: 'nothing', frameId: top.id }),
  ).rejects.toThrow('nothing is no variable or property that the recording knows here.');
  expect((await client.frames())[0]!.line).toBe(lineOf('begin'));
});

test('lines get the values of their variables, and what they become next', async () => {
  const top = await standAt('add');
  const lines = PROGRAM.split('\n').slice(lineOf('begin') - 1, lineOf('add'));
  type Values = { values: { name: string; line: number; value: string; next?: object }[] };
  const asked = (): Promise<Values> => ask<Values>('inlineValues', { frameId: top.id, lines });
  // what comes next is looked for within some milliseconds
  await expect
    .poll(async () => (await asked()).values, { timeout: 10_000 })
    .toContainEqual({ name: 'each', line: 0, value: '1', next: expect.anything() });
  const { values } = await asked();
  expect(values).toContainEqual({
    name: 'total',
    line: 0,
    value: '0',
    next: { value: '1', line: lineOf('add') },
  });
  expect(values.find(({ name, line }) => name === 'list' && line === 1)?.value).toBe('[ 1, 2, 4 ]');
});

test('lines name variables by their code alone, not by texts and comments, nor what is called', async () => {
  const top = await standAt('add');
  const lines = ['// each total', "test('each total', () => {", 'const a = `${list}`; /* each */ // total'];
  const { values } = await ask<{ values: { name: string; line: number }[] }>('inlineValues', {
    frameId: top.id,
    lines,
  });
  expect(values.map(({ name }) => name)).toEqual(['list']);
});

test('a name that was shown of another moment is not taken for one of now', async () => {
  const top = await standAt('end');
  const { scopes } = (await client.scopesRequest({ frameId: top.id })).body;
  const { variablesReference } = scopes.find(({ presentationHint }) => presentationHint === 'locals')!;
  await client.moved(() => client.stepBackRequest({ threadId: 1 }));
  await expect(
    client.customRequest('goToChange', { direction: 'previous', variablesReference, name: 'total' }),
  ).rejects.toThrow('total was shown of the stop before. Ask again, now that its place is shown.');
});

test('lines have the number of times they ran, over the whole recording', async () => {
  await client.open({ startAt: 'failure' });
  const { lines } = await ask<{ lines: { line: number; count: number }[] }>('lineCounts', { path: file });
  const count = (mark: string) => lines.find(({ line }) => line === lineOf(mark))?.count;
  expect([count('begin'), count('add'), count('never'), count('end')]).toEqual([2, 5, 0, 2]);
});

test('a hover opens the history of what it shows, and each change can be gone to', async () => {
  const top = await standAt('end');
  const { body } = await client.evaluateRequest({ expression: 'total', frameId: top.id, context: 'hover' });
  expect(body.result).toBe('7');
  const { variables } = (await client.variablesRequest({ variablesReference: body.variablesReference })).body;
  expect(variables.map(({ value }) => value)).toEqual(['1', '3', '7']);
  expect(variables[2]!.name).toContain(`← line ${lineOf('add')}`);
  const { valueLocationReference: locationReference } = variables[1]!;
  await client.moved(() => client.customRequest('locations', { locationReference }));
  const [gone] = await client.frames();
  expect(gone!.line).toBe(lineOf('add'));
  expect((await client.evaluateRequest({ expression: 'total', frameId: gone!.id })).body.result).toBe('1');
});

test('a case is opened at its failure, and one that passed at its end', async () => {
  const stopped = await client.open({ case: 'fails' });
  expect(stopped.reason).toBe('exception');
  expect((await client.frames()).map(({ line }) => line)).toContain(lineOf('throw'));
  await client.close();
  client = new Client(folder);
  await client.start();
  expect((await client.open({ case: 'adds' })).description).toBe('At the end of the recording');
});

test('a moment that was marked wrong is a failure from then on, and the first to stand at', async () => {
  const top = await standAt('end');
  const { moment } = await ask<{ moment: string }>('markWrong', {
    expression: 'total',
    frameId: top.id,
    expected: '8',
  });
  await client.close();
  const info = JSON.parse(run(folder, 'info', '--json').stdout) as { failures: { kind: string; message: string }[] };
  expect(info.failures[0]).toMatchObject({ kind: 'marked', message: 'total is 7, should be 8' });
  client = new Client(folder);
  await client.start();
  const stopped = await client.open({ startAt: 'failure' });
  expect(stopped.text).toBe('Marked wrong: total is 7, should be 8');
  expect(stopped.description).toContain(moment);
  const { failures } = await ask<{ failures: readonly object[] }>('overview', {});
  expect(failures).toContainEqual(expect.objectContaining({ type: 'Marked wrong', isMarked: true }));
  // where the value came from, not what the statement did
  const { sentence, hops } = await ask<{ sentence: string; hops: readonly { text: string }[] }>('whyFailed', {});
  expect(sentence).toMatch(/^total is 7, should be 8: /);
  expect(hops[0]).toMatchObject({ text: 'total' });
  const { suspects, fault } = await ask<{ suspects: readonly { text: string; sentence: string }[]; fault: string }>(
    'suspects',
    {},
  );
  const needed = suspects.filter(({ sentence }) => sentence === 'The marked value depends on it.');
  expect(suspects.slice(0, needed.length)).toEqual(needed);
  expect(needed.map(({ text }) => text)).toEqual([
    'total += each; // add',
    'const found = sum([1, 2, 4]); // call',
    'if (total < 0) {',
    'for (const each of list) {',
    'let total = 0; // begin',
  ]);
  expect(fault).toBe('What was marked wrong shows only in a rerun.');
});
