import { expect, test } from 'vitest';
import { SymbolTable } from './symbol-table.ts';

test('symbols are found by numbers of any height, and listed in as many steps as there are symbols', () => {
  const symbols = new SymbolTable();
  const high = symbols.define(0x7fffffff, 'high', 'registered');
  symbols.define(-3, 'low', 'local');
  expect(symbols.of(0x7fffffff)).toBe(high);
  expect(Array.from(symbols.all(), ({ id }) => id)).toEqual([0x7fffffff, -3]);
});

test('a symbol that is described again as it was stays the same', () => {
  const symbols = new SymbolTable();
  const first = symbols.of(1);
  expect(symbols.of(1)).toBe(first);
  expect(symbols.define(1, undefined, 'local')).toBe(first);
  expect(symbols.define(1, 'named', 'local')).not.toBe(first);
});
