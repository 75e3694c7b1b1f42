import { expect, test } from 'vitest';
import type { SequenceAnswer, SequenceRow } from '../../../trace-runtime/src/model/sequence-answers.ts';
import { toSvgFile } from '../base/picture/svg-file.ts';
import { toMermaid } from './mermaid.ts';
import { drawSequence, joined, sequenceNeighbour, textOf } from './sequence-layout.ts';

const row = (from: number, to: number, name: string, more: Partial<SequenceRow> = {}): SequenceRow => ({
  kind: 'call',
  from,
  to,
  threadId: 1,
  call: 1,
  moment: `1:${from}${to}`,
  name,
  cause: '',
  times: 1,
  depth: 0,
  ending: 'returned',
  hasInside: false,
  status: 'same',
  text: { arguments: [], result: null, threw: false },
  other: null,
  ...more,
});

const ANSWER: SequenceAnswer = {
  lifelines: [
    { kind: 'loop', threadId: 1, name: 'main.js', detail: 'process 7' },
    { kind: 'file', threadId: 1, name: 'main.js', detail: 'src/main.js' },
    { kind: 'file', threadId: 1, name: 'cart.js', detail: 'src/cart.js' },
  ],
  rows: [
    row(0, 1, 'main.js', { cause: 'timer', hasInside: true }),
    row(1, 2, 'add', {
      depth: 1,
      call: 2,
      times: 3,
      hasInside: true,
      status: 'changed',
      text: { arguments: ['n: 1', 'list: [ 1, 2, 3 ]'], result: '2', threw: false },
      other: { arguments: ['n: 5', 'list: [ 1, 2, 3 ]'], result: '6', threw: false },
    }),
    row(2, 2, 'own', { depth: 1, call: 3, status: 'missing', moment: null }),
    row(1, 0, 'main.js', { kind: 'return', text: { arguments: [], result: '7', threw: false } }),
  ],
  start: 0,
  total: 4,
  open: [],
  isCut: false,
  differences: { added: 0, missing: 1, changed: 1 },
};

test('lifelines stand beside each other under their names, rows below each other', () => {
  const { head, body } = drawSequence(ANSWER, '1:12');
  expect(head.width).toBe(body.width);
  const names = head.parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.kind === 'text' ? [mark] : [])));
  expect(names.map(({ text }) => text)).toEqual([
    'main.js',
    'process 7',
    'main.js',
    'src/main.js',
    'cart.js',
    'src/cart.js',
  ]);
  expect(names[0]!.x).toBeLessThan(names[2]!.x);
  const rows = body.parts.filter(({ id }) => id !== undefined && !id.endsWith('+'));
  const tops = rows.map(({ marks }) => (marks[0] as { y: number }).y);
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  expect(rows.map(({ isCurrent }) => isCurrent)).toEqual([false, true, false, false]);
});

test('what differs has its sign, and both runs’ texts', () => {
  const { body } = drawSequence(ANSWER, undefined);
  const texts = body.parts.flatMap(({ marks }) => marks.flatMap((mark) => (mark.kind === 'text' ? [mark] : [])));
  expect(texts.map(({ text }) => text)).toEqual([
    'timer: main.js()',
    '⊕',
    '~ add(n: 1, list: [ 1, 2, 3 ]) → 2 ×3',
    'there: add(n: 5, list: [ 1, 2,…) → 6 ×3',
    '⊕',
    '− own()',
    '7',
  ]);
  expect(texts.find(({ text }) => text === '− own()')).toMatchObject({ isStruck: true, ink: 'missing' });
});

test('where there is little room arguments are cut, and the result is seen', () => {
  expect(textOf(ANSWER.rows[1]!, ANSWER.rows[1]!.text, 24)).toBe('~ add(n: 1, lis…) → 2 ×3');
});

test('keys go from row to row, and to what looks into a call', () => {
  const { body } = drawSequence(ANSWER, undefined);
  expect(sequenceNeighbour(body, '0', 'ArrowDown')).toBe('1');
  expect(sequenceNeighbour(body, '1', 'ArrowRight')).toBe('1+');
  expect(sequenceNeighbour(body, '1+', 'ArrowLeft')).toBe('1');
  expect(sequenceNeighbour(body, '1+', 'ArrowDown')).toBe('2');
  expect(sequenceNeighbour(body, '3', 'ArrowDown')).toBeUndefined();
  expect(sequenceNeighbour(body, '3', 'ArrowRight')).toBeUndefined();
});

test('a page that begins within a call has its bar from the top', () => {
  const { body } = drawSequence({ ...ANSWER, rows: ANSWER.rows.slice(1), open: [{ to: 1, depth: 0 }] }, undefined);
  const bars = body.parts
    .flatMap(({ id, marks }) => (id === undefined ? marks : []))
    .filter((mark) => mark.kind === 'rect');
  expect(bars.some((mark) => mark.kind === 'rect' && mark.y === 0)).toBe(true);
});

test('as a file the rows stand below the names', () => {
  const picture = joined(drawSequence(ANSWER, undefined));
  const svg = toSvgFile(picture, 'Calls');
  expect(svg).not.toContain('NaN');
  const ys = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(Math.max(...ys)).toBeLessThan(picture.height);
  expect(ys.slice(6).every((y) => y > 46)).toBe(true);
});

test('as Markdown it is a diagram of mermaid, in which nothing of a text counts as its syntax', () => {
  const nasty = {
    ...ANSWER,
    rows: [
      row(0, 1, 'a;b', { text: { arguments: ['x: "#<y>"'], result: null, threw: false } }),
      ...ANSWER.rows.slice(3),
    ],
  };
  expect(toMermaid(nasty)).toBe(`\`\`\`mermaid
sequenceDiagram
  participant l0 as main.js (event loop)
  participant l1 as main.js
  participant l2 as cart.js
  l0->>l1: a#59;b(x: "#35;#60;y#62;")
  l1-->>l0: 7
\`\`\`
`);
});
