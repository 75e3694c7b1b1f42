/** Values that a person marked wrong in the editor: an edit is proven by what they are in a rerun. */
import { afterEach, expect, test } from 'vitest';
import { Client } from '../support/dap-client.ts';
import { Program, told } from './kit.ts';

const CART = `exports.totals = (carts) => {
  const all = [];
  for (const { lines, rate } of carts) {
    let total = 0;
    for (const { price, count } of lines) total += price * count;
    total += rate; // rate
    all.push({ total });
  }
  return all;
};
`;
const MAIN = `const { totals } = require('./cart.js');
const carts = [
  { lines: [{ price: 3, count: 2 }], rate: 0 },
  { lines: [{ price: 10, count: 2 }, { price: 5, count: 1 }], rate: 2 },
];
console.log(totals(carts).length);
`;
const PUSH = 7;

let client: Client | undefined;
afterEach(() => client?.close());

/** Stands before the line for the how manieth time that it runs. */
async function marked(
  program: Program,
  at: { readonly file: string; readonly line: number; readonly time: number },
  mark: { readonly expression: string; readonly expected: string; readonly frame?: number },
): Promise<void> {
  client = new Client(program.folder);
  await client.start();
  await client.open({ startAt: 'entry' });
  await client.setBreakpointsRequest({ source: { path: program.at(at.file) }, breakpoints: [{ line: at.line }] });
  for (let time = 0; time < at.time; time++) await client.moved(() => client!.continueRequest({ threadId: 1 }));
  const { frame = 0, ...asked } = mark;
  const frames = await client.frames();
  expect(frames[0]!.line).toBe(at.line);
  await client.customRequest('markWrong', { ...asked, frameId: frames[frame]!.id });
  await client.close();
  client = undefined;
}

async function recorded(files: Readonly<Record<string, string>> = {}, command = ['main.js']): Promise<Program> {
  const program = new Program({ 'cart.js': CART, 'main.js': MAIN, ...files });
  await program.record([process.execPath, ...command]);
  return program;
}

test('it is what it was, what it should be, something else, or not there', async () => {
  const program = await recorded();
  await marked(program, { file: 'cart.js', line: PUSH, time: 2 }, { expression: 'total', expected: '75' });

  const still = await program.validate();
  expect(still, told(still)).toMatchObject({ verdict: 'still-failing' });
  expect(still.reasons[0]).toMatchObject({ text: 'total is 27, as it was', place: { line: PUSH } });

  program.edit('cart.js', 'total += rate;', 'if (rate > 0) total *= 1 + rate;');
  const fixed = await program.validate();
  expect(fixed, told(fixed)).toMatchObject({ verdict: 'fixed' });
  expect(fixed.reasons[0]!.text).toBe('total is 75, as it should be');

  // lines are moved, too
  program.write({ 'cart.js': CART }).edit('cart.js', 'total += rate;', '\n    total -= rate;');
  const other = await program.validate();
  expect(other, told(other)).toMatchObject({ verdict: 'different-failure' });
  expect(other.reasons[0]).toMatchObject({ text: 'total is 23 now, should be 75', place: { line: PUSH + 1 } });

  program.write({ 'cart.js': CART }).edit('cart.js', 'of carts)', 'of carts.slice(1))');
  const missed = await program.validate();
  expect(missed, told(missed)).toMatchObject({ verdict: 'inconclusive' });
  expect(missed.reasons[0]!.text).toContain('line 7 was marked when it ran for the 2nd time, and ran once');

  program.write({ 'cart.js': 'exports.totals = (carts) => carts.map(({ rate }) => ({ total: rate }));\n' });
  const gone = await program.validate();
  expect(gone, told(gone)).toMatchObject({ verdict: 'inconclusive' });
  expect(gone.reasons[0]!.text).toBe('the code where it was marked is not there any more');

  program.write({ 'cart.js': CART }).edit('cart.js', 'total += rate; // rate', 'total.x.y += rate;');
  const broken = await program.validate();
  expect(broken, told(broken)).toMatchObject({ verdict: 'different-failure' });
  expect(broken.reasons[0]!.text).toContain('TypeError');
});

test('values of objects, of outer calls, and in a test', async () => {
  const test = `const { test } = require('node:test');
const { totals } = require('./cart.js');
test('first', () => void totals([{ lines: [{ price: 1, count: 1 }], rate: 1 }]));
test('second', () => {
  const carts = [{ lines: [{ price: 2, count: 3 }], rate: 4 }];
  totals(carts);
});
`;
  const program = await recorded({ 'p.test.js': test }, ['p.test.js']);
  const at = { file: 'cart.js', line: 9, time: 2 };
  await marked(program, at, { expression: 'all', expected: '[{ total: 30 }]' });
  await marked(program, at, { expression: 'carts[0].rate', expected: '5', frame: 1 });
  const still = await program.validate();
  expect(still, told(still)).toMatchObject({ verdict: 'still-failing' });

  program.edit('cart.js', 'total += rate', 'total *= rate + 1').edit('p.test.js', 'rate: 4', 'rate: 5');
  const other = await program.validate();
  expect(other, told(other)).toMatchObject({ verdict: 'different-failure' });
  expect(other.reasons[0]!.text).toBe('all is [ { total: 36 } ] now, should be [{ total: 30 }]');

  program.edit('cart.js', 'total *= rate + 1', 'total *= rate');
  const fixed = await program.validate();
  expect(fixed, told(fixed)).toMatchObject({ verdict: 'fixed' });
});
