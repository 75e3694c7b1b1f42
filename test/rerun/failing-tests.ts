/** Tests of four runners that fail, and what mends the code under test. */
import type { FailingProgram } from './failing-programs.ts';

const CART = `
exports.total = (items, { rate = 0, shipping } = {}) => {
  const sum = items.reduce((all, { price, count }) => all + price * count, 0);
  return { sum, withTax: sum + sum * rate * rate, shipping: shipping ?? null };
};
`;
const CART_TEST = `
  const items = [{ price: 2, count: 3 }, { price: 5, count: 1 }];
`;

export const FAILING_TESTS: readonly FailingProgram[] = [
  {
    name: 'node-assertion',
    about: 'an assertion of node:test',
    runner: 'node',
    files: {
      'cart.js': CART,
      'cart.test.js': `const test = require('node:test');
const assert = require('node:assert');
const { total } = require('./cart.js');
test('adds the tax', () => {${CART_TEST}
  assert.deepStrictEqual(total(items, { rate: 0.5 }), { sum: 11, withTax: 16.5, shipping: null });
});
`,
    },
    command: ['--test', 'cart.test.js'],
    mend: ['cart.js', 'sum * rate * rate', 'sum * rate'],
  },
  {
    name: 'vitest-assertion',
    about: 'an assertion of vitest',
    runner: 'vitest',
    packages: true,
    files: {
      'package.json': '{"type": "module"}',
      'slug.js': `export function slug(text, options = {}) {
  const words = text.toLowerCase().split(' ');
  return words.join(options.between ?? '');
}
`,
      'slug.test.js': `import { expect, test } from 'vitest';
import { slug } from './slug.js';
test('joins words', () => {
  expect(slug('Hello Big World')).toBe('hello-big-world');
});
`,
    },
    command: ['node_modules/vitest/vitest.mjs', 'run', 'slug.test.js'],
    mend: ['slug.js', "?? ''", "?? '-'"],
  },
  {
    name: 'jest-assertion',
    about: 'an assertion of jest',
    runner: 'jest',
    packages: true,
    files: {
      'range.js': `module.exports = function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => i + from);
};
`,
      'range.test.js': `const range = require('./range.js');
test('ends with the last', () => {
  expect(range(2, 5)).toEqual([2, 3, 4, 5]);
});
`,
    },
    command: ['node_modules/jest/bin/jest.js', 'range.test.js'],
    mend: ['range.js', 'to - from', 'to - from + 1'],
  },
  {
    name: 'mocha-throw',
    about: 'an error in the code under a mocha test',
    runner: 'mocha',
    packages: true,
    files: {
      'dates.js': `const MONTHS = ['jan', 'feb', 'mar'];
function month(name) {
  return MONTHS.indexOf(name.trim()) + 1;
}
async function parse({ date, zone = 'UTC' }, strict) {
  const [day, name] = date.split('/');
  return { day: Number(day), month: month(name), zone, strict };
}
module.exports = { parse };
`,
      'dates.spec.js': `const assert = require('node:assert');
const { parse } = require('./dates.js');
describe('dates', () => {
  it('takes a day alone', async () => {
    assert.strictEqual((await parse({ date: '12' }, true)).day, 12);
  });
});
`,
    },
    command: ['node_modules/mocha/bin/mocha.js', 'dates.spec.js'],
    mend: ['dates.js', 'name.trim()', "(name ?? '').trim()"],
  },
];
