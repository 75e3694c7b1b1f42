import { expect, test } from 'vitest';
import type { GraphNodeAnswer, WhyGraphAnswer } from '../../../trace-runtime/src/model/why-answers.ts';
import type { Mark, Picture } from '../base/picture/picture.ts';
import { nameOf } from '../base/picture/picture-view.tsx';
import { toSvgFile } from '../base/picture/svg-file.ts';
import { drawGraph, graphNeighbour } from './graph-layout.ts';

const value = (text: string, line: number, shown: string): GraphNodeAnswer => ({
  kind: 'value',
  path: '/p/a.js',
  name: 'a.js',
  line,
  moment: `1:${line}`,
  text,
  value: shown,
  what: `It is ${text}.`,
  how: 'operation',
  isCut: false,
});

/** `sum = a + b` where both come of `1`, decided by `ok`. */
const GRAPH: WhyGraphAnswer = {
  nodes: [
    value('a + b', 4, '2'),
    value('f(1)', 2, '1'),
    value('g(1)', 3, '1'),
    value('1', 1, '1'),
    { ...value('ok', 3, 'true'), kind: 'decision', what: 'ok was true.' },
  ],
  edges: [
    { from: 1, to: 0, kind: 'value', label: 'a' },
    { from: 2, to: 0, kind: 'value', label: 'b' },
    { from: 3, to: 1, kind: 'value', label: '' },
    { from: 3, to: 2, kind: 'value', label: '' },
    { from: 4, to: 0, kind: 'control', label: '' },
  ],
};

const boxes = ({ parts }: Picture) =>
  new Map(
    parts.flatMap(({ id, marks }) => {
      const box = marks.find((mark): mark is Extract<Mark, { kind: 'rect' }> => mark.kind === 'rect');
      return id === undefined || !box ? [] : [[id, box] as const];
    }),
  );

test('each value and decision has a box, from origins on the left to what was asked about on the right', () => {
  const picture = drawGraph(GRAPH, 'right', undefined);
  const found = boxes(picture);
  const x = (id: string) => found.get(id)!.x;
  expect([...found.keys()].toSorted()).toEqual(['0', '1', '2', '3', '4']);
  expect(x('3')).toBeLessThan(x('1'));
  expect(x('1')).toBeLessThan(x('0'));
  expect(x('4')).toBeLessThan(x('0'));
  const list = [...found.values()];
  for (const [i, a] of list.entries())
    for (const b of list.slice(i + 1))
      expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
  for (const { x: left, y, width, height } of list) {
    expect(left + width).toBeLessThanOrEqual(picture.width);
    expect(y + height).toBeLessThanOrEqual(picture.height);
  }
});

test('where there is more height than width it goes downward', () => {
  const found = boxes(drawGraph(GRAPH, 'down', undefined));
  expect(found.get('3')!.y).toBeLessThan(found.get('1')!.y);
  expect(found.get('1')!.y).toBeLessThan(found.get('0')!.y);
});

test('each box is read with its role, place, text and value, and the debugger stands at one', () => {
  const { parts } = drawGraph(GRAPH, 'right', '1:2');
  const names = new Map(parts.map((part) => [part.id, nameOf(part)]));
  expect(names.get('0')).toBe('a.js:4 a + b = 2. Asked about: It is a + b.');
  expect(names.get('3')).toBe('a.js:1 1 = 1. Origin: It is 1.');
  expect(names.get('4')).toBe('a.js:3 ok was true. Decision: ok was true.');
  expect(parts.filter(({ isCurrent }) => isCurrent === true).map(({ id }) => id)).toEqual(['1']);
});

test('arrows go along edges, and beside', () => {
  const picture = drawGraph(GRAPH, 'right', undefined);
  const go = (id: string, key: string) => graphNeighbour(GRAPH, picture, 'right', id, key);
  expect(go('3', 'ArrowRight')).toMatch(/^[12]$/);
  expect(go('1', 'ArrowRight')).toBe('0');
  expect(go('2', 'ArrowLeft')).toBe('3');
  const [upper, lower] = boxes(picture).get('1')!.y < boxes(picture).get('2')!.y ? ['1', '2'] : ['2', '1'];
  expect(go(upper!, 'ArrowDown')).toBe(lower);
  expect(go('0', 'ArrowRight')).toBeUndefined();
});

test('as a file it is well-formed, with colours of its own, whatever the texts hold', () => {
  const nasty = value('a < b && "\u0000\ud800"', 9, '<script>');
  const svg = toSvgFile(drawGraph({ nodes: [nasty], edges: [] }, 'right', undefined), 'a & b');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+"/);
  expect(svg).toContain('<title>a &amp; b</title>');
  expect(svg).toContain('a &lt; b &amp;&amp; &quot;&quot;');
  expect(svg).not.toMatch(/var\(|class=|<script|[\u0000\ud800]/);
  expect(svg).toContain('fill="#ffffff"');
});
