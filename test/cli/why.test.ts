/** `hindcast why` on a recorded program. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { json, project, recordingOf, run } from './kit.ts';

const CART = `exports.total = function total(items) {
  let sum = 0;
  for (const { price, count } of items) sum += price * count;
  return sum;
};
exports.label = function label(order) {
  if (!order) return 'nothing';
  return order.customer.name.toUpperCase();
};
exports.never = function never() {
  return exports.label(null);
};
`;
const APP = `const { total, label } = require('./cart.js');
const order = { items: [{ price: 2, count: 3 }], custmer: { name: 'ann' } };
const sum = total(order.items);
console.log(sum);
if (sum > 100) console.log('a lot');
console.log(label(order));
`;

let folder: string;
let recording: string;

beforeAll(() => {
  folder = project({ 'app.js': APP, 'cart.js': CART });
  recording = recordingOf(run(folder, 'record', '--', process.execPath, 'app.js'));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('one sentence says why it failed; the chain and the decisions follow', () => {
  const { stdout, status } = run(folder, 'why');
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe("TypeError: Cannot read properties of undefined (reading 'name')");
  expect(lines[3]).toBe(
    'order.customer was undefined: nothing set .customer on the object; it has .custmer instead (app.js:2).',
  );
  expect(stdout).toMatch(/cart\.js:8 +order\.customer +undefined +1:\d+ +Nothing set \.customer/);
  expect(stdout).toMatch(/It came to that because\n +cart\.js:7 +1:\d+ +!order was false\./);
  expect(stdout).toMatch(/app\.js:6 +1:\d+ +It was called by label\(order\)\./);
});

test('where the value of an expression came from, in any call on the stack, through files', () => {
  const { stdout } = run(folder, 'why', recording, 'sum', '--frame', '1', '--all');
  expect(stdout.split('\n')[0]).toMatch(/^sum is 6: /);
  expect(stdout).toMatch(/app\.js:3 +total\(order\.items\) +6/);
  expect(stdout).toMatch(/cart\.js:3 +sum \+= price \* count +6/);
  expect(stdout).toMatch(/price \* count = 6/);
});

test('a lone argument that names no recording is an expression', () => {
  expect(run(folder, 'why', 'order.items.length').stdout).toMatch(/^order\.items\.length is 1/);
});

test('why a line did not run', () => {
  expect(run(folder, 'why', '--not', 'app.js:5').stdout).toMatch(/^app\.js:5 ran after all: 1 time\./);
  expect(run(folder, 'why', '--not', 'cart.js:11').stdout).toBe(
    'cart.js:11 did not run: never was never called: nothing in the recorded files calls it by that name.\n',
  );
});

test('the same as JSON', () => {
  interface Why {
    readonly version: number;
    readonly sentence: string;
    readonly root: { readonly place: { readonly line: number } };
    readonly hops: readonly { readonly kind: string; readonly text: string; readonly shown: string }[];
    readonly decisions: readonly { readonly kind: string; readonly outcome: boolean | null }[];
  }
  const why = json<Why>(run(folder, 'why', '--json'));
  expect([why.version, why.root.place.line]).toEqual([1, 2]);
  expect(why.hops[0]).toMatchObject({ kind: 'missing', text: 'order.customer', shown: 'undefined' });
  expect(why.decisions.map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['guard', false],
    ['call', null],
  ]);
});

test('what cannot be asked has a sentence', () => {
  const refused = (...args: readonly string[]): string => {
    const { status, stderr } = run(folder, 'why', ...args);
    expect(status).toBe(4);
    return stderr;
  };
  expect(refused('a +')).toContain('is no expression');
  expect(refused('sum', '--frame', '9')).toContain('--frame takes 0 to');
  expect(refused('sum', '--at', 'end')).toContain('No recorded code runs at end');
  expect(refused('--not', 'nowhere.js:1')).toContain('has no statement');
});

test.each([
  ['passed on to process.exit', 'main().catch((error) => { console.error(error.message); process.exit(3); });', 3],
  ['told by process.exitCode', '(async () => { try { await main(); } catch (e) { process.exitCode = 4; } })();', 4],
])('an error that was caught, and ended the program: %s', (_, ending, code) => {
  const cwd = project({
    'a.js': `async function main() {\n  const cart = JSON.parse('{"lines": []}');\n  return cart.lines[0].cents;\n}\n${ending}\n`,
    'b.js': "try {\n  null.x;\n} catch (e) {\n  console.log('as expected', e.message);\n}\nprocess.exit(3);\n",
  });
  expect(run(cwd, 'record', '--', process.execPath, 'a.js').status).toBe(code);
  const { status, stdout } = run(cwd, 'why');
  expect(status).toBe(0);
  expect(stdout).toContain("TypeError: Cannot read properties of undefined (reading 'cents') (caught; ");
  expect(stdout).toContain('at main (a.js:3:');
  // one that was dealt with is none: what failed is that the program said so itself
  run(cwd, 'record', '--', process.execPath, 'b.js');
  const other = run(cwd, 'why').stdout;
  expect(other).toContain('Exit code: 3\n    at ‹file› (b.js:6:');
  expect(other).not.toContain('TypeError');
  const { failures } = JSON.parse(run(cwd, 'info', '--json').stdout) as { readonly failures: readonly object[] };
  expect(failures).toMatchObject([{ stack: [{ functionName: '', isModule: true, place: { line: 6 } }] }]);
});

const RUNNERS = {
  // catches what a test throws, and prints it at the end
  'node_modules/catches/index.js': `const tests = [];
exports.test = (name, run) => tests.push({ name, run });
setImmediate(async () => {
  for (const { name, run } of tests)
    try { await run(); } catch (error) { console.log('FAIL', name, error.stack); process.exitCode = 1; }
});
`,
  // throws nothing
  'node_modules/taps/index.js': `let count = 0;
exports.same = (actual, expected, message) => {
  const isOk = JSON.stringify(actual) === JSON.stringify(expected);
  console.log((isOk ? 'ok ' : 'not ok ') + ++count + ' ' + message);
  if (!isOk) process.exitCode = 1;
};
`,
};

test.each(['light', 'full'])(
  'what a test runner that is not known prints of a failure leads to its place, at level %s',
  (level) => {
    const cwd = project({
      ...RUNNERS,
      'throws.js': `const { test } = require('catches');
const assert = require('node:assert');
test('handled', async () => {
  await assert.rejects(async () => { await null; throw new Error('wanted'); });
});
test('total', async () => {
  const sums = [1, 2].map((each) => each * 2);
  await null;
  assert.equal(sums[1], 5);
});
`,
      'taps.js': `const t = require('taps');
const order = { lines: [1, 2], open: true };
t.same(order.lines, [1, 2], 'its lines');
t.same(order, { lines: [1, 2], open: false }, 'all of it');
`,
    });
    const why = (file: string): string => {
      expect(run(cwd, 'record', '--level', level, '--', process.execPath, file).status).toBe(1);
      return run(cwd, 'why').stdout;
    };
    expect(why('throws.js')).toMatch(
      /^Error \(caught; .*\n {4}at .* \(throws\.js:9:.*\n\nsums\[1\] was not 5: 2 stands/,
    );
    expect(why('taps.js')).toMatch(
      /^not ok: all of it\n {4}at .* \(taps\.js:4:.*\n\norder\.open was not what .* has there/,
    );
  },
);

test('behind a constant that another call gave stands what decided that it was given', () => {
  const cwd = project({
    'a.js': `class Missing {
  constructor(id) {
    this.id = id;
  }
}
const lookUp = (id) => (id > 2 ? new Missing(id) : { id, name: 'ann' });
function nameOf(id) {
  const found = lookUp(id);
  if (found instanceof Missing) return null;
  return found.name;
}
const ids = [1, 2, 1 + 2];
for (const id of ids) console.log(nameOf(id).toUpperCase());
`,
  });
  run(cwd, 'record', '--', process.execPath, 'a.js');
  const { stdout } = run(cwd, 'why');
  expect(stdout).toContain('null was given because found instanceof Missing was true.');
  expect(stdout).toContain('nameOf(id) was null: new Missing(id) made it (a.js:6).');
});

test('where several values decided, or a setting did, the decision itself is the end', () => {
  const own = project({
    'a.test.js': `const assert = require('node:assert');
function isShort(text, strict) {
  if (!strict && text.length > 3) return false;
  return true;
}
assert.equal(isShort('abcdef', false), true);
`,
  });
  run(own, 'record', '--', process.execPath, 'a.test.js');
  const { stdout: said } = run(own, 'why');
  expect(said).toMatch(/false was given because !strict && text\.length > 3 was true \(a\.test\.js:3\)\./);
});

test.each(['price', '{ late: price.check.bind(price) }'])('a bound method leads into its code: of %s', (holder) => {
  const cwd = project({
    'a.js': `const assert = require('node:assert');
class Price {
  check(n) {
    const left = n % 7;
    return { success: left === 0 };
  }
  get late() {
    return this.check.bind(this);
  }
}
const price = new Price();
const holder = ${holder};
const { success } = holder.late(15);
assert.equal(success, true);
`,
  });
  run(cwd, 'record', '--', process.execPath, 'a.js');
  expect(run(cwd, 'why').stdout).toContain('It was computed as left === 0');
});

test('a program that tsx has minified is explained in the words and lines of its source', () => {
  const lines = [
    'interface Row { readonly price: number; readonly count?: number }',
    'const rows: readonly Row[] = [{ price: 450 }];',
    'let total = 0;',
    'for (const { price, count } of rows) {',
    '  total += price * (count as number);',
    '}',
    'if (!Number.isFinite(total)) {',
    "  throw new RangeError('no total');",
    '}',
  ];
  const made = project({ 'main.ts': `${lines.join('\n')}\n` });
  run(made, 'record', '--', process.execPath, '--import', import.meta.resolve('tsx'), 'main.ts');
  expect(run(made, 'why').stdout).toMatch(/main\.ts:5 +price \* \(count as number\) +NaN/);
  const { suspects } = json<{
    readonly suspects: readonly { readonly place: { readonly line: number }; readonly text: string }[];
  }>(run(made, 'suspects', '--json'));
  for (const { place, text } of suspects) expect(text).toBe(lines[place.line - 1]?.trim());
  expect(suspects.map(({ place }) => place.line)).toContain(5);
  rmSync(made, { recursive: true, force: true });
});
