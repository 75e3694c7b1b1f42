import { expect, test } from 'vitest';
import type { ObjectChange, ObjectGraphAnswer } from '../../../trace-runtime/src/model/object-answers.ts';
import type { Mark, Picture } from '../base/picture/picture.ts';
import { nameOf } from '../base/picture/picture-view.tsx';
import { changedAt, drawObjects, objectNeighbour } from './objects-layout.ts';

const node = (object: number, title: string, properties: readonly (readonly [string, string, number?])[]) => ({
  object,
  title,
  properties: properties.map(([name, value, to = null]) => ({ name, value, to })),
  more: 0,
  isOpen: true,
  hasProperties: properties.length > 0,
});

/** A cart and its owner, who refer to each other, and a closed list. */
const GRAPH: ObjectGraphAnswer = {
  nodes: [
    node(6, 'Cart', [
      ['total', '3'],
      ['owner', 'Object {…}', 8],
      ['lines', 'Array(2)', 7],
    ]),
    node(8, 'Object', [['cart', 'Cart {…}', 6]]),
    { ...node(7, 'Array(2)', []), isOpen: false, hasProperties: true },
  ],
  isCut: false,
};
const change = (moment: number, object: number, key: string | null): ObjectChange => ({
  moment,
  object,
  key,
  path: '/p/a.js',
  line: 1,
});

const textsOf = ({ parts }: Picture): Extract<Mark, { kind: 'text' }>[] =>
  parts.flatMap(({ marks }) => marks.filter((mark): mark is Extract<Mark, { kind: 'text' }> => mark.kind === 'text'));

test('each object has a box with its properties, and arrows with the names of those that refer to others', () => {
  const picture = drawObjects(GRAPH, 'right', new Map());
  const names = picture.parts.filter(({ id }) => id !== undefined).map(nameOf);
  expect(names).toEqual([
    'Cart #6 total: 3 owner: Object {…} lines: Array(2). Open.',
    'Object #8 cart: Cart {…}. Open.',
    'Array(2) #7 …. Closed.',
  ]);
  const labels = textsOf(picture).filter(({ anchor }) => anchor === 'middle');
  expect(labels.map(({ text }) => text)).toEqual(['owner', 'lines', 'cart']);
});

test('what changed last is marked, in its box and at its arrow', () => {
  const picture = drawObjects(GRAPH, 'right', changedAt([change(4, 6, 'total'), change(9, 6, 'owner')], 20));
  const marked = textsOf(picture).filter(({ ink }) => ink === 'changed');
  expect(marked.map(({ text }) => text)).toEqual(['owner', '● owner: Object {…}']);
  expect(nameOf(picture.parts.find(({ id }) => id === '6')!)).toContain('Changed. Open.');
});

test('changes of one moment belong together; what comes later does not count', () => {
  const changes = [
    change(4, 6, 'total'),
    change(9, 6, 'a'),
    change(9, 6, 'b'),
    change(9, 7, null),
    change(12, 8, 'cart'),
  ];
  expect([...changedAt(changes, 10)]).toEqual([
    [6, new Set(['a', 'b'])],
    [7, 'all'],
  ]);
  expect(changedAt(changes, 3).size).toBe(0);
});

test('arrow keys go to the next object in their direction', () => {
  const picture = drawObjects(GRAPH, 'right', new Map());
  expect(objectNeighbour(picture, '6', 'ArrowRight')).toMatch(/^[78]$/);
  expect(objectNeighbour(picture, '8', 'ArrowLeft')).toBe('6');
  expect(objectNeighbour(picture, '6', 'ArrowLeft')).toBeUndefined();
});
