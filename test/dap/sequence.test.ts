/** The calls of a run between its files, tasks and threads, as an editor draws them; and two runs beside each other. */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SequenceAnswer, SequenceArguments, SequenceRow } from '../../trace-runtime/src/model/sequence-answers.ts';
import { run } from '../cli/kit.ts';
import { Client } from '../support/dap-client.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-sequence-')));
const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
let client: Client;

beforeAll(() => {
  mkdirSync(path.join(folder, 'lib'));
  write(
    'lib/prices.js',
    `const twice = (n) => n * 2;
function priceOf(name) {
  return twice(name.length);
}
async function later(name) {
  await null;
  return priceOf(name);
}
module.exports = { priceOf, later };
`,
  );
  write(
    'main.js',
    `const { priceOf, later } = require('./lib/prices.js');
const { log } = require('./log.js');
function total(names) {
  let sum = 0;
  for (const name of names) sum += priceOf(name);
  log(sum);
  return sum;
}
total(process.argv[2].split(','));
setTimeout(() => later('abc').then((price) => log(price)), 5);
`,
  );
  write(
    'log.js',
    `function log(text) {
  if (text > 20) warn(text);
}
function warn() {}
exports.log = log;
`,
  );
  write(
    'cases.test.js',
    `const { test } = require('node:test');
const { priceOf } = require('./lib/prices.js');
test('short', () => { if (priceOf('ab') !== 4) throw new Error('wrong'); });
test('long', () => { if (priceOf('abc') !== 7) throw new Error('wrong'); priceOf('never'); });
`,
  );
  write(
    'workers.mjs',
    `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
if (isMainThread) new Worker(fileURLToPath(import.meta.url)).on('message', (text) => console.log(text));
else parentPort.postMessage('hello');
`,
  );
  for (const [out, ...command] of [
    ['one', 'main.js', 'a,b,c'],
    ['two', 'main.js', 'a,b,cccccccccc'],
    ['tests', 'cases.test.js'],
    ['threads', 'workers.mjs'],
  ] as const)
    run(folder, 'record', '--out', out, '--', process.execPath, ...command);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  client = new Client(folder);
  await client.start();
});
afterEach(() => client.close());

function recordingIn(store: string): string {
  const [name] = readdirSync(path.join(folder, store)).filter((each) => /^\d/.test(each));
  return path.join(folder, store, name!);
}

async function ask(args: Partial<SequenceArguments> = {}): Promise<SequenceAnswer> {
  return (await client.customRequest('sequence', { scope: { kind: 'whole' }, ...args })).body as SequenceAnswer;
}

/** `  main.js -> prices.js  priceOf(name: 'a') = 2 ×3` for each row. */
function shown({ lifelines, rows }: SequenceAnswer): string[] {
  const name = (at: number): string => (lifelines[at]!.kind === 'loop' ? '(loop)' : lifelines[at]!.name);
  const mark = { same: '', added: '+ ', missing: '- ', changed: '~ ' };
  return rows.map((row: SequenceRow) => {
    const { text, times, kind, cause, status, depth, other } = row;
    const said = kind === 'return' ? 'return' : `${row.name}(${text.arguments.join(', ')})`;
    const result = text.result === null ? '' : ` = ${text.result}`;
    const beside = other ? ` | (${other.arguments.join(', ')}) ${other.result ?? ''}`.trimEnd() : '';
    const more = `${times > 1 ? ` x${times}` : ''}${cause ? ` [${cause}]` : ''}${kind === 'resume' ? ' resumed' : ''}`;
    return `${'  '.repeat(depth)}${mark[status]}${name(row.from)} -> ${name(row.to)} ${said}${result}${more}${beside}`;
  });
}

test('calls lead from file to file in the order of time, and turns from the event loop; repeats are folded', async () => {
  await client.open({ recording: recordingIn('one') });
  const answer = await ask();
  expect(shown(answer)).toMatchInlineSnapshot(`
    [
      "(loop) -> main.js main.js()",
      "  main.js -> prices.js prices.js() = undefined",
      "  main.js -> log.js log.js() = undefined",
      "  main.js -> prices.js priceOf(name: 'a') = 2 x3",
      "  main.js -> log.js log(text: 6) = undefined",
      "main.js -> (loop) return = undefined",
      "(loop) -> main.js main.js:10() [timer]",
      "  main.js -> prices.js later(name: 'abc')",
      "main.js -> (loop) return = ‹Promise›",
      "(loop) -> prices.js later() = 6 [promise] resumed",
      "(loop) -> main.js main.js:10(price: 6) [promise]",
      "  main.js -> log.js log(text: 6) = undefined",
      "main.js -> (loop) return = undefined",
    ]
  `);
  expect(answer).toMatchObject({ start: 0, isCut: false, differences: null, open: [] });
  expect(answer.total).toBe(answer.rows.length);
});

test('each row leads to its moment', async () => {
  await client.open({ recording: recordingIn('one') });
  const { rows } = await ask();
  const price = rows.find(({ name, kind }) => name === 'priceOf' && kind === 'call')!;
  await client.moved(() => client.customRequest('goToMoment', { moment: price.moment }));
  expect((await client.frames())[0]).toMatchObject({ name: 'priceOf', line: 3 });
});

test('calls within a file are there if one asks, and a call can be looked into', async () => {
  await client.open({ recording: recordingIn('one') });
  const { rows } = await ask();
  const price = rows.find(({ name, kind }) => name === 'priceOf' && kind === 'call')!;
  expect(price.hasInside).toBe(true);
  const scope = { kind: 'call', threadId: price.threadId, call: price.call } as const;
  expect(shown(await ask({ scope }))).toMatchInlineSnapshot(`
    [
      "(loop) -> prices.js priceOf(name: 'a') = 2",
    ]
  `);
  expect(shown(await ask({ scope, inside: true }))).toMatchInlineSnapshot(`
    [
      "(loop) -> prices.js priceOf(name: 'a')",
      "  prices.js -> prices.js twice(n: 1) = 2",
      "prices.js -> (loop) return = 2",
    ]
  `);
});

test('a page has its rows, and the calls that go on while it begins', async () => {
  await client.open({ recording: recordingIn('one') });
  const whole = await ask();
  for (let start = 0; start < whole.total; start += 3) {
    const page = await ask({ start, count: 3 });
    expect(shown(page)).toEqual(shown(whole).slice(start, start + 3));
    expect(page.open).toHaveLength(page.rows[0]!.depth + (page.rows[0]!.kind === 'return' ? 1 : 0));
  }
});

test('another recording beside it shows what it added, lacks and does with other values', async () => {
  await client.open({ recording: recordingIn('two') });
  const answer = await ask({ against: { kind: 'recording', recording: recordingIn('one') } });
  expect(shown(answer)).toMatchInlineSnapshot(`
    [
      "(loop) -> main.js main.js()",
      "  main.js -> prices.js prices.js() = undefined",
      "  main.js -> log.js log.js() = undefined",
      "  main.js -> prices.js priceOf(name: 'a') = 2 x2",
      "  ~ main.js -> prices.js priceOf(name: 'cccccccccc') = 20 | (name: 'c') 2",
      "  ~ main.js -> log.js log(text: 24) = undefined | (text: 6) undefined",
      "main.js -> (loop) return = undefined",
      "(loop) -> main.js main.js:10() [timer]",
      "  main.js -> prices.js later(name: 'abc')",
      "main.js -> (loop) return = ‹Promise›",
      "(loop) -> prices.js later() = 6 [promise] resumed",
      "(loop) -> main.js main.js:10(price: 6) [promise]",
      "  main.js -> log.js log(text: 6) = undefined",
      "main.js -> (loop) return = undefined",
    ]
  `);
  await client.close();
  client = new Client(folder);
  await client.start();
  await client.open({ recording: recordingIn('one') });
  const other = await ask({ inside: true, against: { kind: 'recording', recording: recordingIn('two') } });
  const missing = other.rows.filter(({ status }) => status === 'missing');
  expect(missing.map(({ name, moment }) => [name, moment])).toEqual([['warn', null]]);
});

test('a case beside another one of the same recording', async () => {
  await client.open({ recording: recordingIn('tests') });
  const { cases } = (await client.customRequest('overview', {})).body as {
    cases: { threadId: number; id: number; name: string }[];
  };
  const scopeOf = (name: string) => {
    const { threadId, id } = cases.find((each) => each.name === name)!;
    return { kind: 'case', threadId, id } as const;
  };
  expect(shown(await ask({ scope: scopeOf('long'), against: scopeOf('short') }))).toMatchInlineSnapshot(`
    [
      "~ (loop) -> cases.test.js cases.test.js:4() [input or output]",
      "  ~ cases.test.js -> prices.js priceOf(name: 'abc') = 6 | (name: 'ab') 4",
      "~ cases.test.js -> (loop) return = Error: wrong | () undefined",
    ]
  `);
  await expect(ask({ against: scopeOf('short') })).rejects.toThrow('choose a case first');
});

test('a thread begins where its parent made it', async () => {
  await client.open({ recording: recordingIn('threads') });
  const { rows, lifelines } = await ask();
  const start = rows.find(({ kind }) => kind === 'start')!;
  expect([lifelines[start.from]!.threadId, lifelines[start.to]!.threadId]).toEqual([1, 2]);
  expect(lifelines[start.to]).toMatchObject({ kind: 'loop', detail: 'worker thread' });
});

test('what there is not is refused with a sentence', async () => {
  await client.open({ recording: recordingIn('one') });
  await expect(ask({ scope: { kind: 'call', threadId: 1, call: 99999 } })).rejects.toThrow('There is no call 99999.');
  await expect(ask({ scope: { kind: 'case', threadId: 1, id: 5 } })).rejects.toThrow('There is no case 5.');
  await expect(ask({ scope: { kind: 'case', threadId: 9, id: 5 } })).rejects.toThrow('There is no thread 9.');
});
