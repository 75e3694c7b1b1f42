/** Packages whose tests vitest, jest and mocha run, in TypeScript, ES modules and CommonJS. */
import type { PackageCase } from './cases.ts';

export const RUN_BY_OTHERS: readonly PackageCase[] = [
  {
    name: 'zod',
    version: '4.6.7',
    runner: 'vitest',
    testFile: 'prices.test.ts',
    test: `import { expect, test } from 'vitest';
import { z } from './src/v4/index.js';

test('prices are whole cents', () => {
  const price = z.number().multipleOf(0.01);
  const { success } = price.safeParse(19.99);
  expect(success).toBe(true);
});
`,
    file: 'src/v4/core/util.ts',
    right: '  const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);',
    wrong: '  const tolerance = 4 * Number.EPSILON * Math.min(Math.abs(ratio), 1);',
  },
  {
    name: 'joi',
    version: '18.3.2',
    runner: 'jest',
    testFile: 'prices.test.js',
    test: `const Joi = require('./lib/index.js');

const item = Joi.object({ price: Joi.number().precision(2) });

describe('prices', () => {
  test('have two decimals', () => {
    const { value } = item.validate({ price: '10.257' });
    expect(value).toEqual({ price: 10.26 });
  });
});
`,
    file: 'lib/types/number.js',
    right: '                result.value = Math.round(result.value * precision) / precision;',
    wrong: '                result.value = Math.floor(result.value * precision) / precision;',
  },
  {
    name: 'terser',
    version: '5.51.4',
    runner: 'mocha',
    testFile: 'constants.test.mjs',
    test: `import assert from 'node:assert/strict';
import { minify } from './main.js';

describe('constants', () => {
  it('are shifted without a sign', async () => {
    const { code } = await minify('console.log(-1 >>> 28);');
    assert.equal(code, 'console.log(15);');
  });
});
`,
    file: 'lib/compress/evaluate.js',
    right: '        case ">>>": result = left >>> right; break;',
    wrong: '        case ">>>": result = left >> right; break;',
  },
  {
    name: 'knex',
    version: '3.3.0',
    testFile: 'pages.test.cjs',
    test: `const { beforeEach, describe, it } = require('node:test');
const assert = require('node:assert/strict');
const Knex = require('./knex.js');

describe('pages', () => {
  let knex;
  beforeEach(() => {
    knex = Knex({ client: 'pg' });
  });

  it('begin behind the first ones', async () => {
    const { sql } = knex('users').where({ active: true }).offset(20).toSQL();
    assert.equal(sql, 'select * from "users" where "active" = ? offset ?');
  });
});
`,
    file: 'lib/query/querycompiler.js',
    right: "    if (!this.single.offset) return '';",
    wrong: "    if (!this.single.limit) return '';",
  },
  {
    name: 'mathjs',
    version: '15.2.0',
    runner: 'vitest',
    testFile: 'quantiles.test.js',
    test: `import { describe, expect, it } from 'vitest';
import { all, create } from './lib/esm/index.js';

const math = create(all);

describe('quantiles', () => {
  it('lie between the values', () => {
    const quarter = math.quantileSeq([10, 20, 30, 40], 0.25);
    expect(quarter).toBe(17.5);
  });
});
`,
    file: 'lib/esm/function/statistics/quantileSeq.js',
    right: '    return add(multiply(left, subtract(1, fracPart)), multiply(right, fracPart));',
    wrong: '    return add(multiply(left, fracPart), multiply(right, subtract(1, fracPart)));',
  },
  {
    name: 'nunjucks',
    version: '3.2.4',
    runner: 'jest',
    testFile: 'totals.test.js',
    test: `const nunjucks = require('./index.js');

const render = (template, context) =>
  new Promise((resolve, reject) => {
    nunjucks.renderString(template, context, (error, text) => (error ? reject(error) : resolve(text)));
  });

test('a total has the fee in it', async () => {
  const text = await render('{{ lines | sum("price", 5) }}', { lines: [{ price: 7 }, { price: 8 }] });
  expect(text).toBe('20');
});
`,
    file: 'src/filters.js',
    right: '  return start + arr.reduce(function (a, b) {',
    wrong: '  return arr.reduce(function (a, b) {',
  },
];
