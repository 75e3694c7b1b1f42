import { expect, it } from 'vitest';
import { parseTests } from './parse-tests.ts';
import type { ParsedTest } from '../test-model.ts';

/** The tests of a text as an indented list; `…` stands for what is not known. */
function check(text: string, expected: readonly string[], fileName = 'a.test.ts'): void {
  const { tests } = parseTests(fileName, text);
  expect(list(tests, '')).toEqual(expected);
}

function list(tests: readonly ParsedTest[], indent: string): readonly string[] {
  return tests.flatMap(({ kind, name, children }) => [
    `${indent}${kind === 'suite' ? 'S' : 't'} ${name.map((part) => part ?? '…').join('')}`,
    ...list(children, `${indent}  `),
  ]);
}

it('finds nested suites and tests of globals', () => {
  check(
    `describe('a', () => { it('b', () => {}); context("c", function () { specify(\`d\`, async () => {}) }) }); test('e', () => {})`,
    ['S a', '  t b', '  S c', '    t d', 't e'],
  );
});

it('knows variants, and tests without a body', () => {
  check(
    `describe.only('a', () => { it.skip('b', () => {}); test.todo('c'); it('pending'); xit('d', () => {}); });
     describe.concurrent('e', () => { it.concurrent.only('f', async () => {}) }); fdescribe('g', () => {});
     it.skipIf(x)('h', () => {}); describe.runIf(y)('i', () => {})`,
    ['S a', '  t b', '  t c', '  t pending', '  t d', 'S e', '  t f', 'S g', 't h', 'S i'],
  );
});

it('takes a table as one test whose values are not known', () => {
  check(
    `it.each([[1, 2], [3, 4]])('adds %i to %i, 100%%', () => {});
     test.each\`a | b\n\${1} | \${2}\`('$a and $b.c', () => {});
     describe.each(rows)('row %#', () => { it('$plain', () => {}) });
     it.for([1])('for %s', () => {}); it('50%s', () => {})`,
    ['t adds … to …, 100%', 't … and …', 'S row …', '  t $plain', 't for …', 't 50%s'],
  );
});

it('reads names that are put together', () => {
  check(
    `const unit = 'cent'; class Cart {}
     describe(Cart, () => { it('a ' + 'b', () => {}); it(\`\${unit} \${x}!\`, () => {}); it(title(), () => {}); it('n ' + i, () => {}) });
     describe(Cart.name, () => {})`,
    ['S Cart', '  t a b', '  t cent …!', '  t …', '  t n …', 'S Cart'],
  );
});

it('follows imports of node:test, and subtests', () => {
  check(
    `import test, { describe as group, it } from 'node:test';
     group('a', { timeout: 5 }, () => { it('b', () => {}) });
     test('c', async (t) => { await t.test('d', async (u) => { await u.test('e', () => {}); await t.assert.ok(1) }); it('not in a test') });
     test.describe('f', () => { test.it('g') }); test.skip('h')`,
    ['S a', '  t b', 't c', '  t d', '    t e', 'S f', '  t g', 't h'],
  );
  expect(parseTests('a.js', `const { test } = require('node:test')`).framework).toBe('node');
  check(`const t = require('node:test'); t('a', () => {}); t.suite('b', () => {})`, ['t a', 'S b'], 'a.cjs');
  check(
    `const { describe: d } = require('node:test').describe ? require('node:test') : {}; d('a', () => {})`,
    [],
    'a.cjs',
  );
});

it('follows functions that are made of others', () => {
  check(
    `import { it as base } from 'vitest'; const it2 = base.extend({ a: 1 }); const maybe = process.env.CI ? base : base.skip;
     it2('a', () => {}); maybe('b', () => {})`,
    ['t a', 't b'],
  );
  check(`import { test } from './fixtures'; test('a', ({ page }) => {})`, ['t a']);
});

it('leaves alone what only has the same names', () => {
  check(`import { test } from '@playwright/test'; test('a', () => {})`, []);
  check(`const test = require('tape'); test('a', (t) => { t.test('b', () => {}) })`, []);
  check(`function test(a, b) {} test('a', () => {})`, []);
  check(`const ok = /x/.test('a'); suite.run('b', () => {}); if (test('c')) {}`, []);
});

it('finds tests in loops, conditions and callbacks', () => {
  check(
    `for (const n of ns) { it(\`takes \${n}\`, () => {}) } ns.forEach((n) => { describe('x' + n, () => { it('y', () => {}) }) })`,
    ['t takes …', 'S x…', '  t y'],
  );
});

it('sees what it can in half-typed code', () => {
  check(`describe('a', () => { it('b', () => { const x = ; it('c', () => {`, ['S a', '  t b']);
  check(`it('a', () => {}); describe('b', () => { it(`, ['t a', 'S b']);
});

it('knows where tests stand, in TSX too', () => {
  const { tests } = parseTests('a.test.tsx', `\n  it('a', () => {\n    render(<App<number> x={1} />);\n  });\n`);
  expect(tests[0]?.range).toEqual({ start: { line: 1, column: 2 }, end: { line: 3, column: 4 } });
});

it('gives siblings of one name different ids', () => {
  const { tests } = parseTests('a.test.js', `it('a', () => {}); it('a', () => {})`);
  expect(new Set(tests.map(({ id }) => id)).size).toBe(2);
});
