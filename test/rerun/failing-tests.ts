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
  {
    name: 'method-throw',
    about: 'a method of an object with private fields',
    runner: 'node',
    files: {
      'cart.js': `class Cart {
  #seen = 0;
  items = [];
  constructor(rates, { country = 'de' } = {}) {
    this.rates = rates;
    this.country = country;
  }
  add(item) {
    this.items.push(item);
    return this;
  }
  total(country = this.country) {
    const { rate } = this.rates[country];
    return this.items.reduce((sum, { price }) => sum + price * rate, this.#seen);
  }
}
module.exports = { Cart };
`,
      'main.js': `const { Cart } = require('./cart.js');
const cart = new Cart({ de: { rate: 2 } }, { country: process.argv[2] });
console.log(cart.add({ price: 3 }).add({ price: 4 }).total());
`,
    },
    command: ['main.js', 'fr'],
    mend: ['cart.js', 'this.rates[country]', 'this.rates[country] ?? { rate: 1 }'],
  },
  {
    name: 'method-assertion',
    about: 'what a method returns, of a class without a constructor',
    runner: 'vitest',
    packages: true,
    files: {
      'package.json': '{"type": "module"}',
      'stack.js': `export class Stack {
  items = [];
  static of(...items) {
    const stack = new Stack();
    stack.items = items;
    return stack;
  }
  top(count) {
    return this.items.slice(0, count).map((each) => each * 2);
  }
}
`,
      'stack.test.js': `import { expect, test } from 'vitest';
import { Stack } from './stack.js';
test('gives the last ones', () => {
  expect(Stack.of(1, 2, 3).top(2)).toEqual([4, 6]);
});
`,
    },
    command: ['node_modules/vitest/vitest.mjs', 'run'],
    mend: ['stack.js', 'slice(0, count)', 'slice(-count)'],
  },
  {
    name: 'constructor-throw',
    about: 'a constructor, below a static method',
    runner: 'jest',
    files: {
      'range.js': `exports.Range = class Range {
  constructor({ from, to }) {
    this.length = to.value - from.value;
  }
  static parse(text) {
    const [from, to] = text.split('-').map((each) => ({ value: Number(each) }));
    return new Range({ from, to });
  }
};
`,
      'main.js': `const { Range } = require('./range.js');
console.log(Range.parse(process.argv[2]).length);
`,
    },
    command: ['main.js', '7'],
    mend: ['range.js', '{ from, to }', '{ from, to = from }'],
  },
];
