/** Reruns with a change of the program: suspects, hops and decisions confirmed, and whatever a person would try. */
import { expect, test } from 'vitest';
import { Program } from './kit.ts';

interface Confirmation {
  readonly confirmed: boolean;
  readonly verdict: string;
  readonly rerun: string | null;
}

const RATES = `const fs = require('node:fs');
function rate(code, isMember) {
  const table = JSON.parse(fs.readFileSync('rates.json', 'utf8'));
  if (isMember)
    return table[code].toFixed(2);
  return '0.00';
}
for (const code of ['a', 'b', 'zz']) console.log(rate(code, code !== 'q'));
`;
const FILES = { 'rates.js': RATES, 'rates.json': '{"a": 0.1, "b": 0.2}' };

async function failed(files: Readonly<Record<string, string>> = FILES): Promise<Program> {
  const program = new Program(files);
  await program.record(['node', Object.keys(files)[0]!]);
  // the recorded one is served
  return program.remove('rates.json');
}

async function confirmed(program: Program, ...args: readonly string[]): Promise<Confirmation> {
  const { stdout, stderr } = await program.hindcast(['why', '--json', ...args]);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly confirmation: Confirmation }).confirmation;
}

/** Moment of a line of `why`, as it prints it. */
async function momentOf(program: Program, text: string): Promise<string> {
  const { stdout } = await program.hindcast(['why']);
  const line = stdout.split('\n').find((each) => each.includes(text) && / \d+:\d+ /.test(each));
  return / (\d+:\d+) /.exec(line ?? '')?.[1] ?? `no line of ${stdout} has ${text}`;
}

test('a hop with another value, and a decision turned round, in the one run that failed', async () => {
  const program = await failed();
  const before = program.tree();
  const hop = await momentOf(program, 'table[code] ');
  const decision = await momentOf(program, 'isMember was true');
  expect(await confirmed(program, '--confirm', hop, '--value', '0.3')).toMatchObject({ confirmed: true });
  const without = await program.hindcast(['why', '--confirm', hop]);
  expect(without).toMatchObject({ status: 4, stderr: expect.stringContaining('--value') as string });
  const none = await confirmed(program, '--confirm', hop, '--value', 'null');
  expect(none).toMatchObject({ confirmed: false, verdict: 'different-failure' });
  const turned = await confirmed(program, '--confirm', decision);
  expect(turned.confirmed).toBe(true);
  const { stdout } = await program.hindcast(['search', '0.00', turned.rerun!]);
  expect(stdout, 'the other runs went their recorded way').toContain('0.00');
  expect((await program.hindcast(['search', '0.20', turned.rerun!])).stdout).toContain('0.20');
  expect(program.tree()).toEqual(before);
  program.edit('rates.js', "'0.00'", "'0'");
  expect(await confirmed(program, '--confirm', decision)).toMatchObject({ confirmed: false, verdict: 'inconclusive' });
});

test('what if: before a line, instead of an expression, of a constant, in one run or in all', async () => {
  const program = await failed();
  // once something was rerun, the latest recording is another
  const { stdout: logged } = await program.hindcast(['events', '--log', 'rates.js:5', 'code']);
  const tried = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await program.hindcast(['what-if', ...args]);
    return `${status} ${stdout}${stderr}`;
  };
  expect(await tried('--line', 'rates.js:4', "code = 'a'")).toMatch(/^0 Rerun with .* before rates.js:4\.\nFixed/);
  expect(await tried('--at', 'failure', "code = 'a'")).toMatch(/^0 .*in its run 3 alone\.\nFixed/);
  expect(await tried('--line', 'rates.js:5', '--instead-of', 'table[code]', '0.5')).toMatch(/^0 .*\nFixed/);
  // `table` is a constant, made anew in each call
  expect(await tried('--at', 'failure', 'table = { zz: 1 }')).toMatch(/^0 .*\nFixed/);
  const first = /(\d+:\d+) /.exec(logged)![1]!;
  expect(await tried('--at', first, 'table = { zz: 1 }')).toMatch(
    /^1 .*rates\.js:5, in its run 1 alone\.\nStill failing/,
  );
  expect(await tried('--line', 'rates.js:4', 'let x')).toMatch(/^4 .*no JavaScript expression/);
  expect(await tried('code')).toMatch(/^4 .*--line FILE:LINE/);
  expect(await tried('--line', 'rates.js:99', 'code')).toMatch(/^4 .*no statement on rates\.js:99/);
  expect(await tried('--line', 'rates.js:5', '--instead-of', 'nothing', '1')).toMatch(/^4 .*nothing is no expression/);
});

const CART = `exports.total = (items, code) => {
  const sum = items.reduce((all, { price, count }) => all + price * count, 0);
  return code === 'TEN' ? sum + sum / 10 : sum;
};
`;

test.each([
  ['node:test', "const { test } = require('node:test');\nconst { strictEqual: equal } = require('node:assert');", []],
  ['jest', 'const equal = (a, b) => expect(a).toBe(b);', ['node_modules/jest/bin/jest.js']],
])('a suspect of %s is the cause, confirmed by rerun', async (_, head, runner) => {
  const own = `${head}
const { total } = require('./cart.js');
test('no code', () => equal(total([{ price: 100, count: 2 }], ''), 200));
test('a code', () => equal(total([{ price: 100, count: 2 }], 'TEN'), 180));
`;
  const program = new Program({ 'cart.js': CART, 'cart.test.js': own }).withPackages();
  await program.record(['node', ...runner, 'cart.test.js']);
  const { stdout, stderr } = await program.hindcast(['suspects', '--json', '--confirm', 'cart.js:3']);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  const { suspects } = JSON.parse(stdout) as { readonly suspects: { readonly confirmation: Confirmation | null }[] };
  expect(suspects[0]?.confirmation).toMatchObject({ confirmed: true, verdict: 'fixed' });
  expect((await program.hindcast(['suspects', '--confirm', '9'])).stderr).toContain('--confirm takes');
});

test('where nothing can be tried on what was recorded, reruns look for the change', async () => {
  const program = new Program({
    'cart.js': `const { format } = require('node:util');
exports.label = (count) => {
  const label = format('%d pieces', count + 1);
  return label;
};
`,
    'cart.test.js': `const { test } = require('node:test');
const { equal } = require('node:assert');
const { label } = require('./cart.js');
test('a label', () => equal(label(2), '2 pieces'));
`,
  });
  await program.record(['node', 'cart.test.js']);
  const { stdout } = await program.hindcast(['suspects', '--confirm', 'cart.js:3']);
  expect(stdout).toContain('Changes of the program could not be tried: ');
  expect(stdout).toMatch(/Cause, confirmed by rerun, with `.*` instead of `.*`\n/);
  // of the tries one is kept
  const { stdout: list } = await program.hindcast(['list', '--json']);
  expect((JSON.parse(list) as { readonly recordings: readonly object[] }).recordings).toHaveLength(2);
});
