/** Suites of test runners: what the runner asks for itself goes on working, what the code under test asks is as recorded. */
import { expect, test } from 'vitest';
import { Program, told } from './kit.ts';

const SOURCE = `const fs = require('node:fs');
const path = require('node:path');
exports.price = (name) => {
  const list = JSON.parse(fs.readFileSync(path.join(__dirname, 'prices.json'), 'utf8'));
  const now = Date.now();
  const found = list[name];
  return found.amount * Math.sign(now) + Math.floor(Math.random());
};
`;
const CASES = `describe('price', () => {
  it('of an apple', () => equal(price('apple'), 3));
  it('of nothing', () => equal(price('pear'), 0));
});
`;
const FILES = { 'price.js': SOURCE, 'prices.json': '{"apple": {"amount": 3}}' };
const RUNNERS: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'node:test',
    {
      'p.test.js': `const { describe, it } = require('node:test');\nconst { equal } = require('node:assert');\nconst { price } = require('./price.js');\n${CASES}`,
    },
    ['node', '--test', 'p.test.js'],
  ],
  [
    // whose processes look for each other by their numbers
    'node:test by tsx',
    {
      'p.test.ts': `import { describe, it } from 'node:test';\nimport { equal } from 'node:assert';\nimport { price } from './price.js';\n${CASES}`,
    },
    ['node', '--import', 'tsx', '--test', 'p.test.ts'],
  ],
  [
    'mocha',
    { 'p.test.js': `const { equal } = require('node:assert');\nconst { price } = require('./price.js');\n${CASES}` },
    ['node', 'node_modules/mocha/bin/mocha.js', 'p.test.js'],
  ],
  [
    'vitest',
    {
      // vite compiles it and has Node load what it wrote
      'vitest.config.js': "export default { test: { include: ['*.test.mjs'], allowOnly: true } };",
      'p.test.mjs': `import { describe, it, expect } from 'vitest';\nimport { price } from './price.js';\nconst equal = (a, b) => expect(a).toBe(b);\n${CASES}`,
    },
    ['node', 'node_modules/vitest/vitest.mjs', 'run', 'p.test.mjs'],
  ],
  [
    'jest',
    { 'p.test.js': `const { price } = require('./price.js');\nconst equal = (a, b) => expect(a).toBe(b);\n${CASES}` },
    ['node', 'node_modules/jest/bin/jest.js', 'p.test.js'],
  ],
];

test.each(RUNNERS)(
  'a suite of %s',
  async (_, files, command) => {
    const program = new Program({ ...FILES, ...files }).withPackages();
    await program.record(command);
    program.remove('prices.json');
    const before = program.tree();
    const still = await program.validate();
    expect(still.verdict, told(still)).toBe('still-failing');
    // as the developer wrote it, though the runner compiles it
    expect(still.reasons[0]?.place?.line, told(still)).toBe(7);
    program.edit('price.js', 'found.amount', '(found?.amount ?? 0)');
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
    program.edit('price.js', '?? 0', '?? 1');
    const other = await program.validate();
    expect(other.verdict, told(other)).toBe('different-failure');
    expect(Object.keys(program.tree())).toEqual(Object.keys(before));
  },
  120_000,
);

test.each(RUNNERS.filter(([name]) => !name.startsWith('node:test')))(
  'a suite of %s whose test is told otherwise to the runner is not fixed by that',
  async (name, files, command) => {
    const program = new Program({ ...FILES, ...files }).withPackages();
    await program.record(command);
    const file = Object.keys(files).find((each) => each.startsWith('p.test'))!;
    const was = "it('of nothing', () =>";
    const hides: Readonly<Record<string, readonly [was: string, is: string]>> = {
      mocha: ["describe('price'", "afterEach(function () { this.test.parent.tests.length = 0; });\ndescribe('price'"],
      vitest: [was, "it.fails('of nothing', () =>"],
      jest: [was, "it.failing('of nothing', () =>"],
    };
    program.edit(file, ...hides[name]!);
    const hidden = await program.validate();
    expect(hidden.verdict, told(hidden)).not.toBe('fixed');
    program.write(files);
    if (name === 'jest') {
      program.edit(
        file,
        'const equal',
        "jest.mock('./price.js', () => ({ price: (n) => n.length % 2 * 3 }));\nconst equal",
      );
      const mocked = await program.validate();
      expect(mocked.verdict, told(mocked)).toBe('inconclusive');
      program.write(files);
    }
    // what a developer does at the same time as the fix
    program.edit(file, was, "it('is new', () => equal(1, 1));\n  it.only('of nothing', () =>");
    program.edit('price.js', 'found.amount', '(found?.amount ?? 0)');
    const fixed = await program.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  },
  120_000,
);

test('what is read to write the stack of an error is no input of the program', async () => {
  const program = new Program({
    'main.js': `require('./node_modules/maps/index.js');
const { price } = require('./price.js');
const total = (list) => list.map(price).reduce((a, b) => a + b, 0);
if (total([{ cents: 5 }, {}]) !== 5) throw new TypeError('no total');
`,
    'price.js': 'exports.price = (item) => item.cents;\n',
    // as tools do that compile: it has each file's own text ready for stacks
    'node_modules/maps/index.js': `const fs = require('node:fs');
Error.prepareStackTrace = (error, frames) => {
  const mapped = frames.filter((frame) => frame.getFileName()?.startsWith(process.cwd()));
  for (const frame of mapped) fs.readFileSync(frame.getFileName() + '.map', 'utf8');
  return String(error);
};
`,
    'main.js.map': '{}',
    'price.js.map': '{}',
  });
  await program.record(['node', 'main.js']);
  program.edit('price.js', 'item.cents', "item.cents ?? (new Error('no price').stack.length, 0)");
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('a script that counts what fails itself, and gives an exit code', async () => {
  const program = new Program({
    'test.js': `const { half } = require('./half.js');
let count = 0;
function ok(value, name) {
  console.log((value ? 'ok ' : 'not ok ') + ++count + ' - ' + name);
  if (!value) {
    process.exitCode = 1;
  }
}
ok(half(4) === 2, 'even');
ok(half(5) === 3, 'odd');
`,
    'half.js': 'exports.half = (n) => Math.floor(n / 2);\n',
  });
  await program.record(['node', 'test.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');
  expect(still.reasons[0]?.place?.line, told(still)).toBe(6);
  program.edit('half.js', 'Math.floor', 'Math.round');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
  program.edit('half.js', 'Math.round', 'Math.floor');
  program.edit('test.js', 'process.exitCode = 1;', '');
  const hidden = await program.validate();
  expect(hidden.verdict, told(hidden)).toBe('inconclusive');
}, 60_000);

const BROKEN = `const settings = { store: undefined };
exports.price = () => 3;
exports.host = settings.store.host;
`;

test.each(RUNNERS)(
  'a file of tests that cannot be loaded, by %s',
  async (_, files, command) => {
    const program = new Program({ ...FILES, ...files, 'price.js': BROKEN }).withPackages();
    await program.record(command);
    const still = await program.validate();
    expect(still.verdict, told(still)).toBe('still-failing');
    expect(still.reasons[0]?.place?.line, told(still)).toBe(3);
    program.edit('price.js', 'store: undefined', "store: { host: 'here' }");
    program.edit('price.js', '() => 3', "(name) => (name === 'apple' ? 3 : 0)");
    const after = await program.validate();
    expect(after.verdict, told(after)).toBe('fixed');
    // the tests run now, and one of them fails
    program.edit('price.js', "=== 'apple'", "=== 'pear'");
    const other = await program.validate();
    expect(other.verdict, told(other)).toBe('different-failure');
  },
  120_000,
);
