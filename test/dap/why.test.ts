/** What an editor asks about causes: why it failed, where a value came from, which lines are suspected. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PanelRequests } from '../../trace-runtime/src/model/panel-answers.ts';
import type { WhyAnswer } from '../../trace-runtime/src/model/why-answers.ts';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-why-')));
const file = path.join(folder, 'prices.js');
const testFile = path.join(folder, 'prices.test.js');
const PROGRAM = `const prices = { tea: 4, pot: 20 };
function priceOf(name) {
  return prices[name]; // price
}
function off(total, percent) {
  if (percent > 10) { // decided
    return total - percent; // wrong
  }
  return total * (1 - percent / 100);
}
function total(names, percent) {
  let sum = 0;
  for (const name of names) {
    sum += priceOf(name); // add
  }
  const paid = off(sum, percent); // off
  return paid; // paid
}
const labels = [
  'a', // inside
  'b',
];
function refund() {
  return labels; // unused
}
exports.total = total;
exports.refund = refund;
`;
const TEST = `const { test } = require('node:test');
const { total, refund } = require('./prices.js');
function check(found, wanted) {
  if (found !== wanted) { // tested
    throw new Error(found + ' is not ' + wanted); // throw
  }
}
function priced(names, percent) {
  if (percent < 0) { // turned
    return refund(); // unreached
  }
  return total(names, percent);
}
test('takes ten off', () => {
  check(priced(['pot'], 10), 18);
});
test('takes twenty off', () => {
  check(priced(['pot', 'pot', 'pot'], 20), 48); // call
});
test('takes all off', () => {
  check(priced(['tea'], 100), 0); // second
});
`;
const lineIn =
  (text: string) =>
  (mark: string): number =>
    text.split('\n').findIndex((line) => line.includes(`// ${mark}`)) + 1;
const lineOf = lineIn(PROGRAM);
const testLineOf = lineIn(TEST);

let client: Client;

beforeAll(() => {
  writeFileSync(file, PROGRAM);
  writeFileSync(testFile, TEST);
  writeFileSync(path.join(folder, 'fine.js'), 'const a = 1;\nconsole.log(a);\n');
  expect(run(folder, 'record', '--out', 'fine', '--', process.execPath, 'fine.js').status).toBe(0);
  expect(run(folder, 'record', '--out', 'failing', '--', process.execPath, 'prices.test.js').status).toBe(1);
  expect(run(folder, 'export', newestIn('failing'), 'failing.hindcast').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

function newestIn(store: string): string {
  const names = readdirSync(path.join(folder, store)).filter((name) => /^\d/.test(name));
  return path.join(folder, store, names.sort().at(-1)!);
}

const open = (args: object = {}): Promise<unknown> => client.open({ recording: newestIn('failing'), ...args });

async function ask<Name extends 'whyFailed' | 'whyValue' | 'whyLine' | 'whyGraph' | 'suspects'>(
  name: Name,
  args: PanelRequests[Name]['args'] = {} as never,
): Promise<PanelRequests[Name]['answer']> {
  return (await client.customRequest(name, args)).body as PanelRequests[Name]['answer'];
}

async function whyFailed(failure?: string) {
  const answer = await ask('whyFailed', failure === undefined ? {} : { failure });
  if (answer.failure === null) throw new Error('It says that nothing failed.');
  return answer;
}

async function goTo(moment: string): Promise<DebugProtocol.StackFrame> {
  await client.moved(() => client.customRequest('goToMoment', { moment }));
  return (await client.frames())[0]!;
}

const linesOf = ({ hops }: WhyAnswer): number[] => hops.map(({ line }) => line);

test('a failure has its sentence, the way of its value to where it was made, and what decided', async () => {
  await open();
  const [before] = await client.frames();
  const { title, sentence, place, hops, decisions, failure, case: name } = await whyFailed();
  expect(title).toBe('Error: 40 is not 48');
  expect(sentence).toContain('it was computed as total - percent');
  expect(place).toEqual({ path: file, name: 'prices.js', line: lineOf('wrong') });
  expect(name).toBe('takes twenty off');
  expect(failure).toMatch(/^1:\d+$/);
  expect(hops.at(-1)).toMatchObject({
    path: file,
    line: lineOf('wrong'),
    text: 'total - percent',
    value: '40',
    kind: 'operation',
    inputs: [
      { text: 'total', value: '60' },
      { text: 'percent', value: '20' },
    ],
  });
  expect(decisions[0]).toMatchObject({
    path: testFile,
    line: testLineOf('tested'),
    sentence: 'found !== wanted was true.',
  });
  const [after] = await client.frames();
  expect(after!.line).toBe(before!.line);
});

test('each hop and decision has a moment at which one stands at its line', async () => {
  await open();
  const { hops, decisions } = await whyFailed();
  for (const { moment, line, text } of [...hops, ...decisions])
    expect([text, (await goTo(moment)).line]).toEqual([text, line]);
});

test('another failure of the recording is asked for by its moment', async () => {
  await open();
  const { failures } = (await client.customRequest('overview', {})).body as PanelRequests['overview']['answer'];
  const moments = failures.map(({ threadId, moment }) => `${threadId}:${moment}`);
  expect(moments).toHaveLength(2);
  expect((await whyFailed(moments[1])).case).toBe('takes all off');
  await expect(ask('whyFailed', { failure: '1:1' })).rejects.toThrow('The recording has no failure at moment 1:1.');
});

test('it is about the failure that the replay opened at', async () => {
  await open({ case: 'takes all off' });
  expect((await whyFailed()).case).toBe('takes all off');
  await goTo('1:0');
  expect((await whyFailed()).case).toBe('takes all off');
});

test('a value has its way, from where one stands', async () => {
  await open();
  const { hops } = await whyFailed();
  await goTo(hops.at(-1)!.moment);
  const [top] = await client.frames();
  const why = await ask('whyValue', { expression: 'total', frameId: top!.id });
  expect(why.title).toBe('total = 60');
  expect(linesOf(why)).toContain(lineOf('add'));
  expect(why.decisions[0]).toMatchObject({ line: lineOf('decided'), sentence: 'percent > 10 was true.' });
  expect((await client.frames())[0]).toMatchObject({ line: lineOf('wrong') });
  await expect(ask('whyValue', { expression: 'total +', frameId: top!.id })).rejects.toThrow(
    'total + is no expression.',
  );
  await goTo('1:0');
  await expect(ask('whyValue', { expression: 'total', frameId: top!.id })).rejects.toThrow('This frame is gone');
});

test('an answer is drawn as a graph: each operand with its way, and what decided', async () => {
  await open();
  const { graph, hops } = await whyFailed();
  const { nodes, edges } = await ask('whyGraph', { graph: graph! });
  const node = (text: string) => nodes.findIndex((each) => each.text === text);
  expect(nodes[0]).toMatchObject({ kind: 'value', moment: hops[0]!.moment, value: '40' });
  const operation = node('total - percent');
  const into = edges.filter(({ to }) => to === operation);
  expect(into.map(({ label }) => label).sort()).toEqual(['percent', 'total']);
  const sum = into.find(({ label }) => label === 'total')!.from;
  expect(nodes[sum]).toMatchObject({ line: lineOf('add'), value: '60', how: 'operation' });
  expect(nodes.filter(({ line, path: at }) => at === file && line === lineOf('add'))).toHaveLength(3);
  expect(nodes.filter(({ kind }) => kind === 'decision').map(({ text, value }) => [text, value])).toContainEqual([
    'found !== wanted',
    'true',
  ]);
  const reached = new Set([0]);
  for (const at of reached) for (const { from, to } of edges) if (to === at) reached.add(from);
  expect(reached.size).toBe(nodes.length);
  for (const { moment, line } of nodes) expect((await goTo(moment)).line).toBe(line);
  await expect(ask('whyGraph', { graph: '1:99' })).rejects.toThrow('No answer of this session is named 1:99.');
});

test('a line that ran has the decisions that led to its run nearest to where one stands', async () => {
  await open();
  const line = (mark: string) => ({ question: 'ran', path: file, line: lineOf(mark) }) as const;
  const last = await ask('whyLine', line('wrong'));
  expect(last).toMatchObject({ title: 'return total - percent;', count: 2 });
  expect(last.sentence).toBe(
    `prices.js:${lineOf('wrong')} ran 2 times; this is about the last before here: percent > 10 was true`,
  );
  expect(last.decisions[0]).toMatchObject({
    line: lineOf('decided'),
    sentence: 'percent > 10 was true.',
    tests: [{ text: 'percent', value: '20' }],
  });
  expect(last.decisions[1]).toMatchObject({ line: lineOf('off') });
  expect((await goTo(last.moment!)).line).toBe(lineOf('wrong'));
  expect(await ask('whyLine', line('wrong'))).toMatchObject({ moment: last.moment });
  await goTo('1:10');
  const later = await ask('whyLine', line('wrong'));
  expect(later.sentence).toContain('this is about the first of them');
  expect(later.moment).toBe(last.moment);
  expect((await ask('whyLine', { ...line('wrong'), question: 'notRun' })).sentence).toBe(
    `prices.js:${lineOf('wrong')} ran after all, 2 times`,
  );
});

test('a line that did not run has the nearest decisions that turned away, whichever way one asks', async () => {
  await open();
  const line = testLineOf('unreached');
  for (const question of ['notRun', 'ran'] as const) {
    const { sentence, decisions, count, moment } = await ask('whyLine', { question, path: testFile, line });
    expect(sentence).toBe(`prices.test.js:${line} did not run: percent < 0 was false all 3 times`);
    expect(decisions[0]).toMatchObject({ line: testLineOf('turned'), tests: [{ text: 'percent', value: '100' }] });
    expect({ count, moment }).toEqual({ count: 0, moment: null });
  }
  const { sentence, callers } = await ask('whyLine', { question: 'notRun', path: file, line: lineOf('unused') });
  expect(sentence).toContain('refund was never called: none of the 1 place');
  expect(callers).toMatchObject([{ line: testLineOf('unreached'), text: 'refund()', count: 0, moment: null }]);
});

test('a line without a statement says so; one inside a statement stands for it', async () => {
  await open();
  const at = (line: number) => ask('whyLine', { question: 'ran', path: file, line });
  await expect(at(lineOf('decided') + 2)).rejects.toThrow(/^Line \d+ of prices.js has no statement that could run.$/);
  expect(await at(lineOf('inside'))).toMatchObject({ title: "const labels = [ 'a', // inside 'b', ];" });
  await expect(ask('whyLine', { question: 'ran', path: '/nowhere/x.js', line: 1 })).rejects.toThrow(
    'The recording has no code of x.js.',
  );
});

test('suspects are ranked, each with its sentence; one stands at the line of each', async () => {
  await open();
  const { suspects, fault, tried, failing, passing } = await ask('suspects');
  expect({ fault, failing, passing }).toEqual({ fault: null, failing: 2, passing: 1 });
  expect(tried).toBeGreaterThan(0);
  expect([lineOf('decided'), lineOf('wrong')]).toContain(suspects[0]!.line);
  expect(suspects[0]!.sentence).toContain('2 of 2 failing cases end without an error');
  expect(suspects.map((each) => each.path)).not.toContain(testFile);
  expect(suspects.every(({ sentence }) => sentence.endsWith('.'))).toBe(true);
  expect((await client.frames())[0]!.line).toBe(testLineOf('throw'));
  for (const { moment, line, text } of suspects)
    if (moment !== null) expect([text, (await goTo(moment)).line]).toEqual([text, line]);
});

test('where no code may run, it says why no change was tried, and ranks all the same', async () => {
  expect(run(folder, 'import', 'failing.hindcast', '--out', 'imported').status).toBe(0);
  await client.open({ recording: newestIn('imported') });
  const { suspects, fault, tried } = await ask('suspects', { count: 3 });
  expect(fault).toMatch(/^This recording was imported/);
  expect(tried).toBe(0);
  expect(suspects).toHaveLength(3);
});

test('where a launch configuration forbids code to run, none does', async () => {
  await open({ allowEvaluate: false });
  expect((await ask('suspects')).fault).toContain('`allowEvaluate`');
});

test('a recording without a failure has no answer', async () => {
  await client.open({ recording: newestIn('fine') });
  expect(await ask('whyFailed')).toEqual({ failure: null });
  expect((await ask('suspects')).suspects).toEqual([]);
});

test('the debugger moves while it is looked for, and the answer is the same', async () => {
  await open();
  const [suspects, why] = [ask('suspects'), whyFailed()];
  const lines: (number | undefined)[] = [];
  for (let step = 0; step < 8; step++) {
    await client.moved(() => client.stepBackRequest({ threadId: 1 }));
    lines.push((await client.frames())[0]?.line);
  }
  const answers = [(await suspects).suspects[0]!.line, linesOf(await why)];
  await client.close();
  client = new Client(folder);
  await client.start();
  await open();
  const undisturbed: (number | undefined)[] = [];
  for (let step = 0; step < 8; step++) {
    await client.moved(() => client.stepBackRequest({ threadId: 1 }));
    undisturbed.push((await client.frames())[0]?.line);
  }
  expect(lines).toEqual(undisturbed);
  const alone = await ask('suspects');
  expect(answers).toEqual([alone.suspects[0]!.line, linesOf(await whyFailed())]);
});

test('what is cancelled ends, and can be asked for again', async () => {
  await open();
  const { promise, seq } = sent(() => client.customRequest('suspects', {}));
  const refused = expect(promise).rejects.toThrow('The search was cancelled.');
  await client.send('cancel', { requestId: seq });
  await refused;
  expect((await client.frames())[0]!.line).toBe(testLineOf('throw'));
  expect((await ask('suspects')).suspects.length).toBeGreaterThan(0);
});

/** A request and its number. */
function sent<T>(send: () => Promise<T>): { readonly promise: Promise<T>; readonly seq: number } {
  const { sequence } = client as unknown as { sequence: number };
  return { promise: send(), seq: sequence };
}
