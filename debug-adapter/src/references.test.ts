import { expect, test } from 'vitest';
import { References } from './references.ts';

test('a reference names what it was given for until all are cleared, and nothing else afterwards', () => {
  const references = new References<string>(2);
  const [a, b] = [references.add('a'), references.add('b')];
  expect([a, b]).toEqual([2, 3]);
  expect([references.get(a), references.get(b), references.get(1), references.get(4)]).toEqual([
    'a',
    'b',
    undefined,
    undefined,
  ]);
  references.clear();
  const c = references.add('c');
  expect(c).toBe(4);
  expect([references.get(a), references.get(b), references.get(c)]).toEqual([undefined, undefined, 'c']);
});
