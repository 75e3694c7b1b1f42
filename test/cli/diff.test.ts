import { cpSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { json, project, recordingOf, run, type Run } from './kit.ts';

interface Side {
  readonly place: { readonly path: string; readonly line: number } | null;
  readonly stack: readonly { readonly functionName: string }[];
}

interface Difference {
  readonly events: number;
  readonly a: Side;
  readonly b: Side;
  readonly variables: readonly { readonly name: string; readonly a: string; readonly b: string }[];
}

interface Diff {
  readonly alike: boolean;
  readonly sentence: string;
  readonly editedFiles: readonly string[];
  readonly streams: readonly {
    readonly calls: { readonly alike: number; readonly differ: number; readonly onlyA: number; readonly onlyB: number };
    readonly control:
      | (Difference & {
          readonly goesA: string;
          readonly goesB: string;
          readonly decision: { readonly text: string; readonly tested: readonly unknown[] } | null;
        })
      | null;
    readonly value:
      | (Difference & {
          readonly what: string;
          readonly valueA: string;
          readonly valueB: string;
          readonly isIdentity: boolean;
          readonly inputs: readonly string[];
        })
      | null;
    readonly edits: readonly { readonly a: Side | null; readonly b: Side | null }[];
    readonly inputs: readonly { readonly kind: string; readonly subject: string; readonly isNoise: boolean }[];
  }[];
}

function record(folder: string, ...args: readonly string[]): string {
  const done = run(folder, 'record', '--', process.execPath, ...args);
  return recordingOf(done);
}

function diff(
  a: string,
  b: string,
): { readonly done: Run; readonly found: Diff; readonly stream: Diff['streams'][number] } {
  const done = run(os.tmpdir(), 'diff', a, b, '--json');
  const found = json<Diff>(done);
  return { done, found, stream: found.streams[0]! };
}

/** The project in another folder, with other texts of some files. */
function copyOf(folder: string, files: Readonly<Record<string, string>> = {}): string {
  const copy = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-diff-')));
  cpSync(folder, copy, { recursive: true, filter: (file) => !file.endsWith('.hindcast') });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(copy, name), text);
  return copy;
}

const NOISY = `
const fs = require('node:fs'), os = require('node:os'), path = require('node:path'), crypto = require('node:crypto');
const started = Date.now();
class Job {
  constructor(name) { this.name = name; this.id = crypto.randomUUID(); this.at = new Date(); this.tries = 0; }
  run() { this.tries += 1; this.took = Date.now() - this.at.getTime(); return this.tries; }
}
function now() { return performance.now(); }
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'noisy-'));
const file = path.join(folder, 'out.txt');
fs.writeFileSync(file, String(process.pid));
const text = fs.readFileSync(__filename, 'utf8');
const job = new Job('first');
const label = \`\${process.pid}:\${job.id}\`;
const since = now();
let total = 0;
for (const word of text.split(' ')) total += word.length;
const lasted = now() - since;
const summary = { job, label, lasted, total: job.run() + total, where: __dirname };
const later = summary.lasted * 2;
(async () => {
  const value = await new Promise((resolve) => setTimeout(() => resolve(Math.random()), 5));
  const doubled = value * 2;
  console.log(summary, started, later, doubled, file);
  fs.rmSync(folder, { recursive: true });
})();
`;

const CART = `
const fs = require('node:fs');
function price(item) {
  return item.cost * item.count;
}
function sum(items) {
  let total = 0;
  for (const item of items) {
    total += price(item);
  }
  return total;
}
function discount(total) {
  if (total > 20) {
    return total * 0.9;
  }
  return total;
}
const items = JSON.parse(fs.readFileSync('items.json', 'utf8'));
const order = { total: sum(items), payable: 0 };
order.payable = discount(order.total);
console.log(order);
`;
const items = (count: number): string =>
  JSON.stringify([
    { cost: 2, count: 3 },
    { cost: 3, count },
  ]);

describe('hindcast diff', () => {
  test('finds runs alike that differ in what differs always: clocks, random numbers, processes, folders', () => {
    const folder = project({ 'noisy.js': NOISY });
    const { done, found, stream } = diff(record(folder, 'noisy.js'), record(copyOf(folder), 'noisy.js'));
    expect(found.sentence).toMatch(/^Both runs are alike in \d+ calls; only inputs differ\.$/);
    expect(done.status).toBe(0);
    expect(stream).toMatchObject({ control: null, value: null, calls: { onlyA: 0, onlyB: 0 } });
    expect(stream.inputs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['clock', 'random']));
  });

  test('names the first value that follows from another input, and where control then diverges', () => {
    const folder = project({ 'cart.js': CART, 'items.json': items(4) });
    const a = record(folder, 'cart.js');
    writeFileSync(path.join(folder, 'items.json'), items(9));
    const { done, found, stream } = diff(a, record(folder, 'cart.js'));
    expect(done.status).toBe(1);
    expect(found.sentence).toMatch(/^Both runs are alike for \d+ events; then `items` at .*cart\.js:19:\d+ is /);
    expect(stream.value).toMatchObject({ what: '`items`', inputs: ['fs.readFile'] });
    expect(stream.control).toMatchObject({
      goesA: 'runs `return total;`',
      decision: { text: 'total > 20', tested: [{ name: 'total', a: '18', b: '33' }] },
      a: { stack: [{ functionName: 'discount' }, { functionName: '‹file›' }] },
    });
    expect(stream.control?.variables).toContainEqual({ name: 'total', a: '18', b: '33' });
    expect(stream.inputs.filter(({ isNoise }) => !isNoise)).toMatchObject([
      { kind: 'fs.readFile', subject: expect.stringContaining('items.json') as string },
    ]);
    expect(stream.calls).toMatchObject({ onlyA: 0, onlyB: 0 });
  });

  test('aligns sources that were edited: what was moved is the same, and the changed decision is named', () => {
    const folder = project({ 'cart.js': CART, 'items.json': items(4) });
    const edited = CART.replace(
      'function price',
      '// what an item costs\nfunction unused() {}\n\nfunction price',
    ).replace('> 20', '> 17');
    const { found, stream } = diff(record(folder, 'cart.js'), record(copyOf(folder, { 'cart.js': edited }), 'cart.js'));
    expect(found).toMatchObject({ alike: false, editedFiles: ['cart.js'] });
    expect(stream.value).toMatchObject({ what: '`order.payable`', valueA: '18', valueB: '16.2' });
    expect(stream.control).toMatchObject({ decision: { tested: [{ name: 'total', a: '18', b: '18' }] } });
    expect(stream.control?.a.place?.line).toBe(17);
    expect(stream.control?.b.place?.line).toBe(17);
    expect(stream.edits).toMatchObject([{ a: { place: { line: 14 } }, b: { place: { line: 17 } } }]);
  });

  test('finds the value that a changed line makes', () => {
    const folder = project({ 'cart.js': CART, 'items.json': items(4) });
    const edited = CART.replace(
      'return item.cost * item.count;',
      'const { cost, count } = item;\n  return cost + count;',
    );
    const { stream } = diff(record(folder, 'cart.js'), record(copyOf(folder, { 'cart.js': edited }), 'cart.js'));
    expect(stream.value).toMatchObject({ what: 'what `price` returns', valueA: '6', valueB: '5' });
    expect(stream.edits.length).toBeGreaterThan(0);
  });

  test('says nothing of code that was edited and did not run', () => {
    const folder = project({ 'cart.js': CART, 'items.json': items(4) });
    const edited = CART.replace('total * 0.9', 'total * 0.8');
    const { done, found } = diff(record(folder, 'cart.js'), record(copyOf(folder, { 'cart.js': edited }), 'cart.js'));
    expect(found.sentence).toMatch(/alike/);
    expect(done.status).toBe(0);
  });

  test('compares cases of one recording: below their own functions, which are different', () => {
    const folder = project({
      'mean.test.js': `
const { test } = require('node:test');
const assert = require('node:assert');
function parse(text) {
  const numbers = [];
  for (const part of text.split(',')) {
    if (part === '') continue;
    numbers.push(Number(part));
  }
  return numbers;
}
function mean(text) {
  const numbers = parse(text);
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
test('of some', () => assert.equal(mean('1,2,3'), 2));
test('of none', () => {
  const result = mean('');
  assert.equal(result, 0);
});
`,
    });
    const recording = record(folder, '--test', 'mean.test.js');
    const { done, found, stream } = diff(`${recording}#of some`, `${recording}#of none`);
    expect(done.status).toBe(1);
    expect(found.sentence).toContain('argument `text` of `mean`');
    expect(stream.value).toMatchObject({ valueA: "'1,2,3'", valueB: "''" });
    expect(stream.control).toMatchObject({
      decision: { text: "part === ''", tested: [{ name: 'part', a: "'1'", b: "''" }] },
    });
    expect(diff(`${recording}#of some`, `${recording}#of some`).found.alike).toBe(true);
  });

  test('finds turns of the event loop that come in another order', () => {
    const folder = project({
      'race.js': `
const fs = require('node:fs');
const seen = [];
async function first() {
  await wait(0);
  seen.push('first');
}
async function second() {
  await wait(1);
  seen.push('second');
}
function wait(index) {
  return new Promise((resolve) => setTimeout(resolve, fs.statSync('delay' + index).size));
}
Promise.all([first(), second()]).then(() => console.log(seen.join()));
`,
      delay0: 'x'.repeat(5),
      delay1: 'x'.repeat(120),
    });
    const a = record(folder, 'race.js');
    writeFileSync(path.join(folder, 'delay0'), 'x'.repeat(240));
    const { done, stream } = diff(a, record(folder, 'race.js'));
    expect(done.status).toBe(1);
    expect(stream.control).toMatchObject({ goesA: 'goes on with `first`', goesB: 'goes on with `second`' });
  });

  test('knows an object again by where it was first seen, not by its number', () => {
    const source = (name: string): string => `
const one = [], other = [];
function fill(list) { return list; }
const filled = fill(process.argv[2] === 'x' ? one : ${name});
console.log(filled);
`;
    const folder = project({ 'lists.js': source('other') });
    const { done, stream } = diff(record(folder, 'lists.js', 'x'), record(folder, 'lists.js', 'y'));
    expect(done.status).toBe(1);
    expect(stream.value).toMatchObject({ what: 'argument `list` of `fill`', isIdentity: true });
  });

  test('tells how runs end that end differently', () => {
    const folder = project({
      'end.js': "const fs = require('node:fs');\nif (fs.existsSync('stop')) throw new Error('stop');\n",
    });
    const a = record(folder, 'end.js');
    writeFileSync(path.join(folder, 'stop'), '');
    const { done, stream } = diff(a, record(folder, 'end.js'));
    expect(done.status).toBe(1);
    expect(stream.control?.goesB).toMatch(/^(goes into|throws|runs) /);
    expect(stream.control?.decision?.text).toBe("fs.existsSync('stop')");
  });

  test('says of recordings of different programs that they have nothing in common', () => {
    const folder = project({ 'one.js': 'console.log(1);', 'other.js': 'console.log(2);' });
    const { done, found } = diff(record(folder, 'one.js'), record(folder, 'other.js'));
    expect(done.status).toBe(1);
    expect(found.sentence).toBe('The recordings have no source file in common: A ran one.js, B ran other.js.');
  });

  test('prints both places with their sources, stacks and variables', () => {
    const folder = project({ 'cart.js': CART, 'items.json': items(4) });
    const a = record(folder, 'cart.js');
    writeFileSync(path.join(folder, 'items.json'), items(9));
    const { stdout } = run(folder, 'diff', a, record(folder, 'cart.js'));
    expect(stdout).toContain('first difference in control: A runs `return total;` at cart.js:17:3, and B goes into');
    expect(stdout).toContain('  decided by `total > 20` at cart.js:14:7\n    name   A   B\n    total  18  33\n');
    expect(stdout).toContain('     17 |   return total;\n    discount  cart.js:17:3\n    ‹file›    cart.js:21:1\n');
    expect(stdout).toMatch(/\ncalls: \d+ alike, \d+ differ, 0 only in A, 0 only in B\n/);
  });

  test('asks for two recordings', () => {
    const folder = project({});
    expect(run(folder, 'diff')).toMatchObject({ status: 4, stdout: '' });
    expect(run(folder, 'diff', 'nothing', 'nowhere')).toMatchObject({ status: 5, stdout: '' });
  });
});
