import { OVER_THE_BOUNDARY } from './over-the-boundary.ts';
import { RUN_BY_OTHERS } from './run-by-others.ts';

/** Packages of at least 5,000 lines, each with a mistake as it happens and a test that shows it. */
export interface PackageCase {
  readonly name: string;
  readonly version: string;
  /** what runs the test, besides node:test; installed with what the package depends on */
  readonly runner?: 'vitest' | 'jest' | 'mocha';
  /** of the test, in the package's folder */
  readonly testFile: string;
  readonly test: string;
  /** where the error is thrown, if it is not the test's first assertion */
  readonly thrown?: { readonly file: string; readonly line: string };
  /** a name in that line: it is asked where its value came from */
  readonly asked?: string;
  /** where the mistake is made */
  readonly file: string;
  readonly right: string;
  readonly wrong: string;
}

const commonJs = (head: string, body: string): string =>
  `const { test } = require('node:test');\nconst assert = require('node:assert/strict');\n${head}\n\n${body}`;

export const PACKAGES: readonly PackageCase[] = [
  {
    name: 'luxon',
    version: '3.7.2',
    testFile: 'dates.test.mjs',
    test: `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DateTime } from './src/luxon.js';

test('a month after the end of January', () => {
  const date = DateTime.fromISO('2024-01-31T10:00:00Z', { zone: 'utc' });
  assert.equal(date.plus({ months: 1 }).toISODate(), '2024-02-29');
});
`,
    file: 'src/impl/util.js',
    right: '  if (modMonth === 2) {',
    wrong: '  if (modMonth === 1) {',
  },
  {
    name: 'yaml',
    version: '2.9.1',
    testFile: 'parse.test.cjs',
    test: commonJs(
      "const { parse } = require('./dist/index.js');",
      `test('numbers in hexadecimal', () => {
  const text = '- name: limit\\n  value: 0x1F\\n';
  assert.deepEqual(parse(text), [{ name: 'limit', value: 31 }]);
});
`,
    ),
    file: 'dist/schema/core/int.js',
    right: '    resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),',
    wrong: '    resolve: (str, _onError, opt) => intResolve(str, 1, 16, opt),',
  },
  {
    name: 'lodash',
    version: '4.18.1',
    testFile: 'chunk.test.cjs',
    test: commonJs(
      "const _ = require('./lodash.js');",
      `test('chunks', () => {
  const chunks = _.chunk(['a', 'b', 'c', 'd', 'e'], 2);
  assert.deepEqual(chunks, [['a', 'b'], ['c', 'd'], ['e']]);
});
`,
    ),
    file: 'lodash.js',
    right: '        result[resIndex++] = baseSlice(array, index, (index += size));',
    wrong: '        result[resIndex++] = baseSlice(array, index, (index += size) - 1);',
  },
  {
    name: 'moment',
    version: '2.31.0',
    testFile: 'difference.test.cjs',
    test: commonJs(
      "const moment = require('./moment.js');",
      `test('months between dates', () => {
  const months = moment.utc('2024-03-15').diff(moment.utc('2023-12-15'), 'months');
  assert.equal(months, 3);
});
`,
    ),
    file: 'moment.js',
    right: '        return -(wholeMonthDiff + adjust) || 0;',
    wrong: '        return wholeMonthDiff + adjust || 0;',
  },
  {
    name: 'validator',
    version: '13.15.35',
    testFile: 'addresses.test.cjs',
    test: commonJs(
      "const validator = require('./index.js');",
      `test('addresses of mail', () => {
  const valid = validator.isEmail('ann@example.com');
  assert.equal(valid, true);
});
`,
    ),
    file: 'lib/isEmail.js',
    right: '  if (!options.ignore_max_length && str.length > defaultMaxEmailLength) {',
    wrong: '  if (!options.ignore_max_length && str.length < defaultMaxEmailLength) {',
  },
  ...RUN_BY_OTHERS,
  ...OVER_THE_BOUNDARY,
];
