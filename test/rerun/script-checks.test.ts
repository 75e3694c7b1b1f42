/** Scripts that check what they made by a condition of their own: whoever edits the condition has mended nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program, told } from './kit.ts';

type Change = readonly [was: string, is: string];
type Expected = readonly [verdict: 'fixed' | 'inconclusive', ...changes: readonly Change[]];

const BIGGEST = `function biggest(rows) {
  let most = rows[0];
  for (const row of rows) if (row.size > most.size) most = row;
  return most.name;
}
const rows = [{ name: 'small', size: '9' }, { name: 'large', size: '120' }];
`;
const MENDED: Change = ['row.size > most.size', 'Number(row.size) > Number(most.size)'];

/** Test runners that Hindcast does not know: what they print tells of a failure. */
const RUNNERS = {
  'node_modules/taps/index.js': `exports.test = (name, ...rest) => {
  const [{ todo = false }, run] = rest.length > 1 ? rest : [{}, rest[0]];
  run({ equal(actual, expected) {
    const isOk = actual === expected;
    console.log((isOk ? 'ok ' : 'not ok ') + name + (todo ? ' # todo' : ''));
    if (!isOk && !todo) process.exitCode = 1;
  } });
};
exports.test.skip = () => {};
`,
  'node_modules/catches/index.js': `exports.test = (name, run) => setImmediate(() => {
  try { run(); } catch (error) { console.log(name, error.stack); process.exitCode = 1; }
});
exports.test.skip = () => {};
`,
};

interface Script {
  readonly text: string;
  readonly edits: Readonly<Record<string, Expected>>;
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  'where it begins': {
    text: `${BIGGEST}const name = biggest(rows);
if (name !== 'large') throw new Error('the biggest is not ' + name);
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it is mended, and what it says': ['fixed', MENDED, ["'the biggest is not ' + name", "name + ' is small'"]],
      'it only logs': ['inconclusive', ['throw new Error(', 'console.error(']],
      'it asks for less': ['inconclusive', ["name !== 'large'", 'name === undefined']],
      'it asks only sometimes': ['inconclusive', ["name !== 'large')", "name !== 'large' && process.env.STRICT)"]],
    },
  },
  'in what it starts': {
    text: `${BIGGEST}async function main(rows) {
  await null;
  const name = biggest(rows);
  if (name !== 'large') {
    console.error('the biggest is not', name);
    process.exit(2);
  }
}
const all = () => rows;
void (async () => {
  const list = await all();
  if (list.length !== 2) throw new Error('not all');
})();
run();
function run() {
  if (biggest(rows) !== 'large') throw new Error('not large');
}
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'the condition is another': ['inconclusive', ["biggest(rows) !== 'large'", "biggest(rows) === 'medium'"]],
      'it returns': ['inconclusive', ["throw new Error('not large')", 'return']],
    },
  },
  'by an exit code': {
    text: `${BIGGEST}const problems = [];
(() => {
  if (biggest(rows) !== 'large') problems.push('size');
  if (problems.length > 0) {
    process.exit(2);
  }
})();
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'its exit is replaced': ['inconclusive', ['const problems', 'process.exit = () => {};\nconst problems']],
      'more are allowed': ['inconclusive', ['problems.length > 0', 'problems.length > 9']],
      'it exits well': ['inconclusive', ['process.exit(2)', 'process.exit(0)']],
    },
  },
  'by the exit code at its end': {
    text: `const words = ['a', 'bb', 'a'];
const seen = new Set();
let doubles = 0;
for (const word of words) {
  if (seen.has(word)) doubles++;
  seen.add(word);
}
if (doubles > 0) {
  console.error(doubles + ' words came twice');
  process.exitCode = 3;
}
`,
    edits: {
      'it is mended': ['fixed', ["'bb', 'a'", "'bb', 'c'"]],
      'the code is another': ['inconclusive', ['process.exitCode = 3', 'process.exitCode = 0']],
      'it gives none': ['inconclusive', ['  process.exitCode = 3;\n', '']],
      'another code comes later': ['inconclusive', ['exitCode = 3;\n}', 'exitCode = 3;\n}\nprocess.exitCode = 0;']],
    },
  },
  'in a function of the program': {
    text: `${BIGGEST}function report(all) {
  if (biggest(all) !== 'large') {
    process.exit(3);
  }
}
report(rows);
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it exits well': ['inconclusive', ['process.exit(3)', 'process.exit(0)']],
    },
  },
  'in a callback': {
    text: `const known = new Map([['pen', 2], ['cup', 5]]);
function priced(name) {
  const price = known.get(name);
  if (!price) {
    throw new Error('no price of ' + name);
  }
  return price;
}
const prices = [];
setTimeout(() => {
  for (const name of ['pen', 'Cup'])
    prices.push(priced(name));
  console.log(prices.join());
}, 5);
`,
    edits: {
      'it is mended': ['fixed', ['known.get(name)', 'known.get(name.toLowerCase())']],
      'it is mended, and the throw is no longer needed': [
        'fixed',
        ['known.get(name)', 'known.get(name.toLowerCase())'],
        ["throw new Error('no price of ' + name);", 'return 0;'],
      ],
      'it does something else then': [
        'fixed',
        ["throw new Error('no price of ' + name);", 'return known.get(name.toLowerCase());'],
      ],
      'another condition leads there': ['fixed', ['!price', 'price === null']],
      'it returns': ['inconclusive', ["throw new Error('no price of ' + name);", 'return;']],
      'it returns a value': ['fixed', ["throw new Error('no price of ' + name)", 'return 0']],
      'it logs and returns': [
        'inconclusive',
        ["throw new Error('no price of ' + name);", "console.log('none');\n    return null;"],
      ],
      'nothing is left of it': ['inconclusive', ["throw new Error('no price of ' + name);", ';']],
      'the condition is gone with it': [
        'inconclusive',
        ["  if (!price) {\n    throw new Error('no price of ' + name);\n  }\n", ''],
      ],
    },
  },
  'where others like it do nothing': {
    text: `const known = new Map([['pen', 2]]);
function label(price) {
  if (!price) {
    return;
  }
  return price + ' each';
}
function priced(name) {
  const price = known.get(name);
  if (!price) {
    throw new Error('no price of ' + name);
  }
  return price;
}
for (const name of ['pen', 'Pen']) console.log(label(0), label(priced(name)));
`,
    edits: {
      'it is mended': ['fixed', ['known.get(name)', 'known.get(name.toLowerCase())']],
      'it returns': ['inconclusive', ["throw new Error('no price of ' + name)", 'return']],
    },
  },
  'that hands an error to a callback': {
    text: `const { Transform, Readable } = require('node:stream');
const parse = new Transform({
  objectMode: true,
  transform(line, _, done) {
    const [key, value] = line.split('=');
    if (value === undefined) return done(new Error('no value for ' + key));
    done(null, { key, value });
  },
});
parse.on('data', ({ key }) => console.log(key));
Readable.from(['a=1', 'b:2', 'c=3']).pipe(parse);
`,
    edits: {
      'it is mended': ['fixed', ["line.split('=')", 'line.split(/[=:]/)']],
      'somebody listens': ['inconclusive', ["parse.on('data'", "parse.on('error', () => {});\nparse.on('data'"]],
      'it hands on none': ['inconclusive', ["done(new Error('no value for ' + key))", 'done()']],
    },
  },
  'that rejects': {
    text: `const wait = (ms) => new Promise((resolve, reject) => {
  setTimeout(() => {
    if (ms > 20) {
      reject(new RangeError('too long: ' + ms));
      return;
    }
    resolve(ms);
  }, 2);
});
(async () => {
  for (const step of [1, 40]) console.log(await wait(step));
})();
`,
    edits: {
      'it is mended': ['fixed', ['wait(step)', 'wait(Math.min(step, 20))']],
      'it resolves': ['inconclusive', ["reject(new RangeError('too long: ' + ms))", 'resolve()']],
    },
  },
  'in a callback that Node calls': {
    text: `${BIGGEST}setTimeout(() => {
  const name = biggest(rows);
  if (!/large/.test(name)) throw new RangeError('the biggest is not ' + name);
  console.log(name);
}, 5);
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it returns a constant': ['inconclusive', ["throw new RangeError('the biggest is not ' + name)", 'return 0']],
      'it throws another thing': [
        'fixed',
        MENDED,
        ["RangeError('the biggest is not ' + name)", "Error('not ' + name)"],
      ],
    },
  },
  'by assertions': {
    text: `const assert = require('node:assert');
${BIGGEST}assert.strictEqual(biggest(rows), 'large');
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it is mended, and loads in another way': [
        'fixed',
        MENDED,
        ["const assert = require('node:assert')", 'const  assert = require("assert")'],
      ],
      'the assertion is replaced': [
        'inconclusive',
        ['function biggest', 'assert.strictEqual = () => {};\nfunction biggest'],
      ],
      'another is loaded': ['inconclusive', ["require('node:assert')", '{ strictEqual() {} }']],
    },
  },
  'by using what it looked for': {
    text: `const rows = [{ name: 'small', size: 9 }, { name: 'large', size: 120 }];
const large = rows.find((row) => row.size > 120);
console.log(large.name.toUpperCase());
console.log('done');
`,
    edits: {
      'it is mended': ['fixed', ['size > 120', 'size >= 120']],
      'what is used may be nothing': ['fixed', ['large.name', '(large ?? { name: "none" }).name']],
      'it is not used': ['inconclusive', ['console.log(large', 'if (large) console.log(large']],
      'it is not used where it was not found': [
        'inconclusive',
        ['console.log(large.name.toUpperCase())', 'if (large) {\n  console.log(large.name.toUpperCase())\n}'],
      ],
    },
  },
  'by an assertion in a callback': {
    text: `const assert = require('node:assert');
function open(rows, done) {
  const isLarge = (row) => row.size > 9;
  setTimeout(() => {
    done(null, rows.filter(isLarge).map((row) => row.size > 10));
  }, 1);
}
open([{ size: 10 }, { size: 120 }], (error, found) => {
  if (error) throw error;
  assert.deepStrictEqual(found, [true, true]);
});
`,
    edits: {
      'what hands it the value is mended': ['fixed', ['row.size > 10', 'row.size >= 10']],
      'it asks for another': ['inconclusive', ['found, [true, true]', 'found, [false, true]']],
      'it asks for nothing': ['inconclusive', ['  assert.deepStrictEqual(found, [true, true]);', '']],
    },
  },
  'by a runner that prints what is not right': {
    text: `const { test } = require('taps');
${BIGGEST}test('the biggest', (t) => {
  t.equal(rows.length, 2);
  t.equal(biggest(rows), 'large');
});
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it asks for another': ['inconclusive', ["rows), 'large'", "rows), 'small'"]],
      'it is skipped': ['inconclusive', ["test('the", "test.skip('the"]],
      'it is left for later': ['inconclusive', ["biggest', (t)", "biggest', { todo: true }, (t)"]],
      'it returns before': ['inconclusive', ['t.equal(rows.length, 2)', 'return t.equal(rows.length, 2)']],
    },
  },
  'by a runner that catches what is thrown': {
    text: `const { test } = require('catches');
const assert = require('node:assert');
${BIGGEST}test('the biggest', () => {
  assert.strictEqual(biggest(rows), 'large');
});
`,
    edits: {
      'it is mended': ['fixed', MENDED],
      'it asks for another': ['inconclusive', ["rows), 'large'", "rows), 'small'"]],
      'it is skipped': ['inconclusive', ["test('the", "test.skip('the"]],
      'it catches': ['inconclusive', ['assert.strict', 'try { null.x; } catch {}\n  if (false) assert.strict']],
    },
  },
};

describe.each(Object.entries(SCRIPTS))('a check %s', (_, { text, edits }) => {
  let script: Program;
  beforeAll(async () => {
    script = new Program({ ...RUNNERS, 'main.js': text });
    await script.record([process.execPath, 'main.js']);
  });
  afterAll(() => void script.remove('.'));
  test.each(Object.entries(edits))('%s', async (name, [verdict, ...changes]) => {
    script.write({ 'main.js': text });
    for (const [was, is] of changes) script.edit('main.js', was, is);
    const answer = await script.validate();
    expect(answer.verdict, `${name}: ${told(answer)}`).toBe(verdict);
  });
});
