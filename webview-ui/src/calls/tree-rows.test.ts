import { expect, test } from 'vitest';
import type { CallAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { PAGE, TreeRows, type TreeRow } from './tree-rows.ts';

const call = (serial: number, hasChildren = true): CallAnswer => ({
  call: serial,
  name: `f${serial}`,
  path: '/a.js',
  line: 1,
  first: serial,
  last: serial,
  ending: 'returned',
  inside: 0,
  hasChildren,
});

/** Children are numbered 10 times their parent and up; the root's from 1. */
function learn(rows: TreeRows, parent: number, total: number, start = 0): void {
  const calls = Array.from({ length: Math.min(PAGE, total - start) }, (_, i) => call(parent * 1000 + start + i + 1));
  rows.learn({ threadId: 1, parent, total, start, calls });
}

const shown = (rows: readonly TreeRow[]) =>
  rows.map(({ level, call: own }) => `${'  '.repeat(level - 1)}${own?.call ?? '?'}`);

function example(): TreeRows {
  const rows = new TreeRows();
  learn(rows, 0, 5);
  const second = rows.open(rows.root, 1)!;
  learn(rows, 2, 3);
  rows.open(second, 2);
  learn(rows, 2003, 2);
  rows.open(rows.root, 3);
  return rows;
}

test('what is open stands below its call', () => {
  const rows = example();
  const all = shown(rows.between(0, 100));
  expect(all).toEqual(['1', '2', '  2001', '  2002', '  2003', '    2003001', '    2003002', '3', '4', '  ?', '5']);
  expect(rows.count).toBe(all.length);
  for (let first = 0; first < all.length; first++)
    for (let count = 0; count <= all.length; count++)
      expect(shown(rows.between(first, count))).toEqual(all.slice(first, first + count));
});

test('a row knows its number, and is gone when one above is closed', () => {
  const rows = example();
  for (let i = 0; i < rows.count; i++) {
    const row = rows.row(i)!;
    expect(rows.indexOf(row.branch, row.index)).toBe(i);
  }
  const deep = rows.row(5)!;
  rows.close(rows.root, 1);
  expect(shown(rows.between(0, 100))).toEqual(['1', '2', '3', '4', '  ?', '5']);
  expect(rows.indexOf(deep.branch, deep.index)).toBeUndefined();
});

test('pages that are not known are asked for once', () => {
  const rows = new TreeRows();
  expect(rows.missing(rows.between(0, 10))).toEqual([{ parent: 0, start: 0 }]);
  learn(rows, 0, 250);
  expect(rows.missing(rows.between(0, 90))).toEqual([]);
  expect(rows.missing(rows.between(90, 200))).toEqual([
    { parent: 0, start: 100 },
    { parent: 0, start: 200 },
  ]);
  learn(rows, 0, 250, 200);
  expect(shown(rows.between(248, 5))).toEqual(['249', '250']);
});

test('what calls nothing is not opened', () => {
  const rows = new TreeRows();
  rows.learn({ threadId: 1, parent: 0, total: 1, start: 0, calls: [call(1, false)] });
  expect(rows.open(rows.root, 0)).toBeUndefined();
});
