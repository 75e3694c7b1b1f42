/** An error that is swallowed inside, before it leads to the one that fails, is no fix. */
import { expect, test } from 'vitest';
import { Program, told } from './kit.ts';

const LENGTH = 'return list.length;';

test.each([
  ['is its cause', 'throw new LoadError("cannot read " + name, { cause: error });'],
  ['is held where it is thrown', 'throw new LoadError("cannot read: " + error.message);'],
])('an error that %s', async (_, throws) => {
  const program = new Program({
    'main.js': `class LoadError extends Error {
  name = 'LoadError';
}
function parse(text) {
  const { list } = JSON.parse(text);
  ${LENGTH}
}
async function load(name, text) {
  await null;
  try {
    return parse(text);
  } catch (error) {
    ${throws}
  }
}
load('list', '{"other": 1}').then((length) => console.log(length));
`,
  });
  await program.record(['node', 'main.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');

  program.edit('main.js', LENGTH, `try { ${LENGTH} } catch { return 0; }`);
  const inside = await program.validate();
  expect(inside.verdict, told(inside)).toBe('inconclusive');
  expect(inside.reasons[0]?.code).toBe('met-again');

  program.edit('main.js', `try { ${LENGTH} } catch { return 0; }`, LENGTH);
  program.edit('main.js', 'catch (error) {', 'catch (error) {\n    if (error instanceof TypeError) return 0;');
  const where = await program.validate();
  expect(where.verdict, told(where)).toBe('inconclusive');

  program.edit('main.js', '\n    if (error instanceof TypeError) return 0;', '');
  program.edit('main.js', 'list.length', '(list ?? []).length');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('an error that the callback of a promise was given, which throws another', async () => {
  const program = new Program({
    'main.js': `const limit = 2;
async function read(id) {
  if (id >= limit) throw new RangeError('no such id ' + id);
  return id * 2;
}
const find = (id) =>
  read(id).catch((error) => {
    throw new Error('cannot find ' + id + ': ' + error.message);
  });
find(2).then((found) => console.log(found));
`,
  });
  await program.record(['node', 'main.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');

  program.edit('main.js', '.catch((error)', '.catch(() => 0).then((error)');
  program.edit('main.js', "throw new Error('cannot find ' + id + ': ' + error.message);", 'return error;');
  const swallowed = await program.validate();
  expect(swallowed.verdict, told(swallowed)).toBe('inconclusive');
  expect(swallowed.reasons[0]?.code).toBe('met-again');

  program.edit('main.js', '.catch(() => 0).then((error)', '.catch((error)');
  program.edit('main.js', 'return error;', "throw new Error('cannot find ' + id + ': ' + error.message);");
  program.edit('main.js', 'id >= limit', 'id > limit');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('an error that a timer throws, which the fix ends in time', async () => {
  const program = new Program({
    'main.js': `function within(ms, work) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      throw new Error('no answer in ' + ms + ' ms');
    }, ms);
    work().then((value) => resolve(value));
  });
}
within(20, async () => 5).then((value) => console.log(value));
setTimeout(() => console.log('end'), 40);
`,
  });
  await program.record(['node', 'main.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');

  program.edit('main.js', 'resolve(value));', '(clearTimeout(timer), resolve(value)));');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('an error that a framework made a status of, which a test does not expect', async () => {
  const TOTAL = 'return items.reduce((sum, { price }) => sum + price.cents, 0);';
  const program = new Program({
    'node_modules/frame/index.js': `exports.answer = (handler, request) => {
  try {
    return { status: 200, body: handler(request) };
  } catch {
    return { status: 500, body: '' };
  }
};
`,
    'cart.js': `exports.total = ({ items }) => {
  ${TOTAL}
};
`,
    'cart.test.js': `const test = require('node:test');
const assert = require('node:assert');
const { answer } = require('frame');
const { total } = require('./cart.js');
test('free items', () => {
  assert.strictEqual(answer(total, { items: [{ price: { cents: 5 } }, {}] }).status, 200);
});
`,
  });
  await program.record(['node', '--test', 'cart.test.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');

  program.edit('cart.js', TOTAL, `try { ${TOTAL} } catch { return 0; }`);
  const swallowed = await program.validate();
  expect(swallowed.verdict, told(swallowed)).toBe('inconclusive');

  program.edit('cart.js', `try { ${TOTAL} } catch { return 0; }`, TOTAL);
  program.edit('cart.js', 'price.cents', '(price?.cents ?? 0)');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});

test('an error of a pool of threads, which the test that waits for it does not want to know', async () => {
  const program = new Program({
    'node_modules/pool/index.js': `const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
exports.run = async (file, rows) => {
  const worker = new Worker(require.resolve('./worker.js'), { workerData: file });
  worker.postMessage(rows);
  const [{ error, value }] = await once(worker, 'message');
  await worker.terminate();
  if (error) throw error;
  return value;
};
`,
    'node_modules/pool/worker.js': `const { parentPort, workerData } = require('node:worker_threads');
const work = require(workerData);
parentPort.on('message', (rows) => {
  try {
    parentPort.postMessage({ value: work(rows) });
  } catch (error) {
    parentPort.postMessage({ error });
  }
});
`,
    'sum.js': `module.exports = (rows) =>
  rows.reduce((total, { count }) => {
    if (count < 0) throw new RangeError('a negative count: ' + count);
    return total + count;
  }, 0);
`,
    'sums.js': `const { run } = require('pool');
const sum = (rows) => run(require.resolve('./sum.js'), rows);
exports.sums = async (lists) => Promise.all(lists.map(sum));
`,
    'sums.test.js': `const test = require('node:test');
const { sums } = require('./sums.js');
test('sums', async () => {
  console.log(await sums([[{ count: 2 }, { count: 3 }], [{ count: 2 }, { count: -1 }]]));
});
`,
  });
  await program.record(['node', '--test', 'sums.test.js']);
  const still = await program.validate();
  expect(still.verdict, told(still)).toBe('still-failing');

  program.edit('sums.js', 'Promise.all(', 'Promise.allSettled(');
  const settled = await program.validate();
  expect(settled.verdict, told(settled)).toBe('inconclusive');
  expect(
    settled.reasons.map(({ code }) => code),
    told(settled),
  ).toContain('met-again');

  program.edit('sums.js', 'Promise.allSettled(', 'Promise.all(');
  program.edit('sum.js', 'if (count < 0) throw', 'if (count < -9) throw');
  const fixed = await program.validate();
  expect(fixed.verdict, told(fixed)).toBe('fixed');
});
