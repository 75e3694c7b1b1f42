/** What an edit may and may not do to a verdict: harmless ones keep the match, and what hides a failure mends nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program, told } from './kit.ts';

const SOURCE = `const fs = require('node:fs');
const os = require('node:os');

const RATE = 2;

function load(name) {
  const text = fs.readFileSync(name, 'utf8');
  return JSON.parse(text);
}

function stamp() {
  return Date.now() + Math.floor(Math.random() * 10);
}

function total(order) {
  const begun = stamp();
  const items = load('items.json');
  let sum = 0;
  for (const name of order) {
    const item = items[name];
    sum += item.price * RATE;
  }
  const ended = Date.now();
  return { sum, time: ended - begun, host: os.hostname().length };
}

module.exports = { total, stamp };
`;
const TEST = `const test = require('node:test');
const assert = require('node:assert');
const { total, stamp } = require('./shop.js');

test('counts what there is', () => {
  const { sum } = total(['pen']);
  assert.equal(sum, 6);
});

test('takes nothing for what there is not', () => {
  const first = stamp();
  const { sum } = total(['pen', 'cup']);
  assert.ok(first > 0);
  assert.equal(sum, 6);
});
`;
const MENDED: Edit = ['shop.js', 'item.price * RATE', '(item?.price ?? 0) * RATE'];

type Edit = readonly [file: string, was: string, is: string];

let program: Program;
let files: Readonly<Record<string, string>>;

beforeAll(async () => {
  files = { 'shop.js': SOURCE, 'shop.test.js': TEST, 'items.json': '{"pen": {"price": 3}}' };
  program = new Program(files);
  await program.record([process.execPath, 'shop.test.js']);
});

afterAll(() => void program.remove('.'));

async function answerTo(edits: readonly Edit[]) {
  program.write(files);
  for (const edit of edits) program.edit(...edit);
  program.remove('items.json');
  return program.validate();
}

/** Every third in each run of the tests; `npm run proof:edits` takes all. */
function some<T>(edits: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(edits).filter((_, i) => process.env['EDITS'] === 'all' || i % 3 === 0);
}

describe('edits elsewhere keep the match', () => {
  const harmless: Readonly<Record<string, readonly Edit[]>> = {
    'a comment above all': [['shop.js', 'const fs', '// the shop\n\nconst fs']],
    'imports in another order': [
      [
        'shop.js',
        "const fs = require('node:fs');\nconst os = require('node:os');",
        "const os = require('node:os');\nconst fs = require('node:fs');",
      ],
    ],
    'a function moved down': [
      ['shop.js', 'function stamp() {\n  return Date.now() + Math.floor(Math.random() * 10);\n}\n', ''],
      [
        'shop.js',
        'module.exports',
        'function stamp() {\n  return Date.now() + Math.floor(Math.random() * 10);\n}\n\nmodule.exports',
      ],
    ],
    'a function renamed': [
      ['shop.js', 'function load(name)', 'function readItems(name)'],
      ['shop.js', "load('items.json')", "readItems('items.json')"],
    ],
    'a variable renamed': [
      ['shop.js', 'const begun = stamp()', 'const startedAt = stamp()'],
      ['shop.js', 'ended - begun', 'ended - startedAt'],
    ],
    'a parameter renamed': [
      [
        'shop.js',
        'function load(name) {\n  const text = fs.readFileSync(name,',
        'function load(file) {\n  const text = fs.readFileSync(file,',
      ],
    ],
    'logging with the time': [
      ['shop.js', 'let sum = 0;', "let sum = 0;\n  console.log('at', Date.now(), new Date().toISOString());"],
    ],
    'logging in the test': [['shop.test.js', 'const first', "console.log('begins');\n  const first"]],
    'blank lines': [['shop.js', 'const ended', '\n\n\n  const ended']],
    'another indentation': [['shop.js', '  const items', '      const items']],
    'a helper between': [
      ['shop.js', 'function total', 'const clock = () => Date.now();\n\nfunction total'],
      ['shop.js', 'const ended = Date.now();', 'const ended = clock();'],
    ],
    'a statement split in two': [
      [
        'shop.js',
        'return Date.now() + Math.floor(Math.random() * 10);',
        'const now = Date.now();\n  const more = Math.floor(Math.random() * 10);\n  return now + more;',
      ],
    ],
    'two statements made one': [
      [
        'shop.js',
        "const text = fs.readFileSync(name, 'utf8');\n  return JSON.parse(text);",
        "return JSON.parse(fs.readFileSync(name, 'utf8'));",
      ],
    ],
    'a look whether the file is there': [
      ['shop.js', '  const text = fs', "  if (!fs.existsSync(name)) throw new Error('no items');\n  const text = fs"],
    ],
    'reading the file twice': [
      ['shop.js', "const items = load('items.json');", "load('items.json');\n  const items = load('items.json');"],
    ],
    'an arrow instead of a function': [
      [
        'shop.js',
        'function stamp() {\n  return Date.now() + Math.floor(Math.random() * 10);\n}',
        'const stamp = () => Date.now() + Math.floor(Math.random() * 10);',
      ],
    ],
    'another test': [
      [
        'shop.test.js',
        "test('counts",
        "test('is a function', () => assert.equal(typeof total, 'function'));\n\ntest('counts",
      ],
    ],
    'time measured around it': [
      ['shop.js', 'let sum = 0;', 'let sum = 0;\n  const timer = performance.now();\n  process.hrtime.bigint();'],
      ['shop.js', 'const ended', 'void (performance.now() - timer);\n  const ended'],
    ],
    'a loop of another kind': [
      [
        'shop.js',
        'for (const name of order) {',
        'for (let i = 0; i < order.length; i++) {\n    const name = order[i];',
      ],
    ],
    'a constant taken out': [
      ['shop.js', "load('items.json')", 'load(ITEMS)'],
      ['shop.js', 'const RATE', "const ITEMS = 'items.json';\nconst RATE"],
    ],
  };
  test.each(some(harmless))('%s', async (_, edits) => {
    const answer = await answerTo([...edits, MENDED]);
    expect(answer.verdict, told(answer)).toBe('fixed');
  });
});

describe('of a script without tests', () => {
  const text = `const data = { rows: [{ v: 1 }, {}] };
async function load() {
  await null;
  return data.rows;
}
function add(rows) {
  let sum = 0;
  for (const row of rows) {
    sum += row.v.valueOf();
  }
  return sum;
}
async function main() {
  const rows = await load();
  const total = add(rows);
  console.log(total);
}
main();
`;
  const edits: Readonly<Record<string, readonly [verdict: RegExp, was: string, is: string]>> = {
    'the line is mended': [/^fixed$/, 'row.v.valueOf()', '(row.v ?? 0).valueOf()'],
    'a guard stands in front of it': [/^fixed$/, 'sum += row', 'if (row.v !== undefined) sum += row'],
    'the data is mended': [/^fixed$/, '{}]', '{ v: 3 }]'],
    'the rejection is swallowed': [/^inconclusive$/, '\nmain();', '\nmain().catch(() => {});'],
    'the error is caught': [
      /^inconclusive$/,
      'const total = add(rows)',
      'let total = 0; try { total = add(rows); } catch {}',
    ],
    'it exits before': [/^inconclusive$/, '\nmain();', '\nprocess.exit(0);\nmain();'],
    'the call is gone': [/^inconclusive$/, 'const total = add(rows)', 'const total = 0'],
    'the function returns before': [/^inconclusive$/, 'let sum = 0;', 'return 0;\n  let sum = 0;'],
    'rejections are ignored': [
      /^inconclusive$/,
      'const data',
      "process.on('unhandledRejection', () => {});\nconst data",
    ],
  };
  let script: Program;
  beforeAll(async () => {
    script = new Program({ 'main.js': text });
    await script.record([process.execPath, 'main.js']);
  });
  test.each(some(edits))('%s', async (_, [verdict, was, is]) => {
    const answer = await script.write({ 'main.js': text }).edit('main.js', was, is).validate();
    expect(answer.verdict, told(answer)).toMatch(verdict);
  });
});

describe('of a script that asserts by itself', () => {
  const text = `const assert = require('node:assert');
const limit = (n) => n >= 64;
function ok(value, name) {
  assert.ok(value, name);
}
async function main() {
  await null;
  ok(limit(3) === false, 'small');
  const exact = limit(64);
  assert.strictEqual(exact, false);
  await null;
  ok(limit(65), 'large');
}
main().catch((error) => {
  console.error(error);
  process.exit(1);
});
`;
  const assertion = 'assert.strictEqual(exact, false);';
  const edits: Readonly<Record<string, readonly [verdict: RegExp, ...edits: (readonly [was: string, is: string])[]]>> =
    {
      'it returns instead of asserting': [/^inconclusive$/, [assertion, 'if (exact) return;']],
      'it is mended': [/^fixed$/, ['>=', '>']],
      'the assertion is written in another way': [
        /^fixed$/,
        ['>=', '>'],
        [assertion, '  assert.strictEqual( exact, false ); // not yet'],
      ],
      'the assertion is asked seldom': [/^inconclusive$/, [assertion, `if (!exact) ${assertion}`]],
      'another value is expected': [/^inconclusive$/, [assertion, 'assert.strictEqual(exact, true);']],
      'the assertion stands behind a condition': [/^inconclusive$/, [assertion, `if (!exact)\n${assertion}`]],
      'the assertion is gone': [/^inconclusive$/, [assertion, '']],
    };
  let script: Program;
  beforeAll(async () => {
    script = new Program({ 'main.js': text });
    await script.record([process.execPath, 'main.js']);
  });
  test.each(some(edits))('%s', async (_, [verdict, ...changes]) => {
    script.write({ 'main.js': text });
    for (const [was, is] of changes) script.edit('main.js', was, is);
    const answer = await script.validate();
    expect(answer.verdict, told(answer)).toMatch(verdict);
  });
  test('an assertion of its own is called no more', async () => {
    const odd = new Program({
      'half.js': 'exports.half = (n) => Math.floor(n / 2);\n',
      'main.js': `const assert = require('node:assert');
const { half } = require('./half.js');
function ok(value, name) {
  assert.ok(value, name);
}
ok(half(4) === 2, 'even');
ok(half(5) === 3, 'odd');
`,
    });
    await odd.record([process.execPath, 'main.js']);
    odd.edit('main.js', 'ok(half(5)', 'if (0) ok(half(5)');
    const hidden = await odd.validate();
    expect(hidden.verdict, told(hidden)).toBe('inconclusive');
    odd.edit('main.js', 'if (0) ok', 'ok').edit('half.js', 'floor', 'round');
    const fixed = await odd.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  });
});

describe('of a script that checks by a function of its own', () => {
  const text = `let passed = 0;
function fail(name, actual, expected) {
  throw new Error(\`\${name}: \${actual} is not \${expected}\`);
}
function check(name, actual, expected) {
  if (actual !== expected) {
    fail(name, actual, expected);
  }
  passed++;
}
const slug = (text) => text.toLowerCase().replace(' ', '-');
check('two', slug('One Two'), 'one-two');
check('three', slug('One Two Three'), 'one-two-three');
check('four', slug('A B'), 'a-b');
`;
  const condition = '  if (actual !== expected) {';
  const edits: Readonly<Record<string, readonly [verdict: RegExp, ...edits: (readonly [was: string, is: string])[]]>> =
    {
      'it is mended': [/^fixed$/, ['replace(', 'replaceAll(']],
      'it is mended, and logs': [
        /^fixed$/,
        ['replace(', 'replaceAll('],
        ['  passed++', '  console.log(name);\n  passed++'],
      ],
      'the check returns early': [/^inconclusive$/, [condition, `  if (name === 'three') return;\n${condition}`]],
      'the check asks for less': [/^inconclusive$/, [condition, "  if (actual !== expected && name !== 'three') {"]],
      'the check expects what comes': [/^inconclusive$/, [condition, `  expected = actual;\n${condition}`]],
      'the check only logs': [/^inconclusive$/, ['  throw new Error(', '  console.error(']],
      'it is checked no more': [/^inconclusive$/, ["check('three', slug('One Two Three'), 'one-two-three');\n", '']],
      'another value is expected': [/^inconclusive$/, ["'one-two-three'", "'one-two three'"]],
    };
  let script: Program;
  beforeAll(async () => {
    script = new Program({ 'main.js': text });
    await script.record([process.execPath, 'main.js']);
  });
  test.each(some(edits))('%s', async (_, [verdict, ...changes]) => {
    script.write({ 'main.js': text });
    for (const [was, is] of changes) script.edit('main.js', was, is);
    const answer = await script.validate();
    expect(answer.verdict, told(answer)).toMatch(verdict);
  });

  test('a function of the program that asks for what is valid may be mended', async () => {
    const shop = new Program({
      'main.js': `function checkAge(user) {
  if (user.age <= 18) throw new RangeError('too young');
}
for (const age of [30, 18]) checkAge({ age });
`,
    });
    await shop.record([process.execPath, 'main.js']);
    shop.edit('main.js', '<= 18', '< 18');
    const fixed = await shop.validate();
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  });
});

describe('what hides the failure mends nothing', () => {
  const hiding: Readonly<Record<string, readonly Edit[]>> = {
    'the error is swallowed': [['shop.js', 'sum += item.price * RATE;', 'try { sum += item.price * RATE; } catch {}']],
    'the error is swallowed by the caller': [
      [
        'shop.js',
        'function total(order) {',
        'function total(order) {\n  try { return really(order); } catch { return { sum: 6 }; }\n}\nfunction really(order) {',
      ],
    ],
    'the test is to be done': [
      [
        'shop.test.js',
        "test('takes nothing for what there is not', ",
        "test('takes nothing for what there is not', { todo: true }, ",
      ],
      MENDED,
    ],
    'the test is skipped': [['shop.test.js', "test('takes", "test.skip('takes"]],
    'the test is gone': [['shop.test.js', TEST.slice(TEST.indexOf("test('takes")), '']],
    'the test is renamed': [['shop.test.js', 'takes nothing', 'takes anything']],
    'the program exits before': [['shop.test.js', 'const first', 'process.exit(0);\n  const first']],
    'the assertion expects what comes': [
      MENDED,
      ['shop.js', '?? 0', '?? 1'],
      [
        'shop.test.js',
        'assert.ok(first > 0);\n  assert.equal(sum, 6)',
        'assert.ok(first > 0);\n  assert.equal(sum, 8)',
      ],
    ],
    'the assertion is gone': [
      MENDED,
      ['shop.js', '?? 0', '?? 1'],
      ['shop.test.js', 'assert.ok(first > 0);\n  assert.equal(sum, 6);', ''],
    ],
    'the test returns before': [['shop.test.js', 'const first = stamp();', 'return;\n  const first = stamp();']],
    'the test catches': [
      [
        'shop.test.js',
        "const { sum } = total(['pen', 'cup']);",
        "let sum = 6;\n  try { ({ sum } = total(['pen', 'cup'])); } catch {}",
      ],
    ],
    'the call gets other input': [['shop.test.js', "['pen', 'cup']", "['pen']"]],
    'the module is replaced in the test': [
      [
        'shop.test.js',
        "const { total, stamp } = require('./shop.js');",
        "const { stamp } = require('./shop.js');\nconst total = () => ({ sum: 6 });",
      ],
    ],
  };
  test.each(Object.entries(hiding))('%s', async (_, edits) => {
    const answer = await answerTo(edits);
    expect(answer.verdict, told(answer)).not.toBe('fixed');
  });
});
