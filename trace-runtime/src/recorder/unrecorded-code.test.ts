import { expect, test } from 'vitest';
import { bench } from './test-words.ts';

test('after evaluated text the variables that it names are recorded, but not those that it may have hidden', () => {
  const b = bench();
  const inDeadZone = (): never => {
    throw new ReferenceError('not yet');
  };
  const names = [
    b.site(1), 'own', false, () => 1,
    b.site(2), 'outer', true, () => 2,
    b.site(3), 'unnamed', false, () => 3,
    b.site(4), 'late', false, inDeadZone,
  ]; // prettier-ignore
  const seen = (code: unknown): string[] => {
    const before = b.records().length;
    b.hook('EV', code, ...names);
    return b.records().slice(before);
  };
  expect(seen('own = outer + late')).toEqual(['1:1', '2:2']);
  expect(seen('var outer = own')).toEqual(['1:1', '2:opaque']);
  expect(seen('\\u006fwn')).toEqual(['1:1', '2:2', '3:3']);
  expect(seen(42)).toEqual([]);
});
