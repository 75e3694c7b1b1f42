import { expect, test } from 'vitest';
import type { FlameAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { theme } from '../testing/plain-theme.ts';
import { ROW, RULER, drawFlame, drawFlameOverlay, rectangleAt, type FlameScene } from './flame-layout.ts';
import { Palette } from './palette.ts';

/** One line a depth, a letter a function, a moment a character: `aa-b` is a call of a that ends where - begins. */
function flame(...lines: readonly string[]): FlameAnswer {
  const rows = lines.flatMap((line, depth) =>
    [...line.matchAll(/([a-z])\1*/g)].map(({ 0: text, 1: letter, index }) => ({
      enter: index,
      exit: index + text.length - 1,
      depth,
      id: letter!.charCodeAt(0) - 96,
    })),
  );
  return {
    threadId: 1,
    from: 0,
    to: lines[0]!.length,
    enter: rows.map(({ enter }) => enter),
    exit: rows.map(({ exit }) => exit),
    depth: rows.map(({ depth }) => depth),
    function: rows.map(({ id }) => id),
    call: rows.map((_, i) => i + 1),
    calls: rows.map(() => 1),
    functions: [],
  };
}

const answer = flame('aaaaaaaa--bbbbbbbbbb', '-cccc-----dd-dd-----', '--ee----------------');
const scene: FlameScene = {
  width: 200,
  height: 120,
  view: { from: 0, to: 20 },
  scroll: 0,
  parts: [{ answer, from: 0, to: 20 }],
  functions: new Map(
    [...'abcde'].map((name, i) => [i + 1, { id: i + 1, name: `${name}Name`, path: '/a.js', line: 1 }]),
  ),
  palette: new Palette(),
  stack: new Set(),
  innermost: undefined,
  place: undefined,
  selected: undefined,
  pointed: undefined,
  found: undefined,
  theme,
};

/** Where calls are drawn: by their fill, which names them. */
function calls(of: FlameScene): string[] {
  const fills = new Set([...theme.functions.flat(), theme.nothing]);
  return drawFlame(of).flatMap((each) =>
    each.kind === 'rect' && fills.has(each.fill) && each.height === ROW - 1
      ? [`${each.x}+${each.width} ${(each.y - RULER) / ROW}`]
      : [],
  );
}
const texts = (of: FlameScene) => drawFlame(of).flatMap((each) => (each.kind === 'text' ? [each.text] : []));
const frames = (of: FlameScene) =>
  drawFlame(of).flatMap((each) =>
    each.kind === 'frame' ? [`${each.x} ${(each.y - RULER) / ROW} ${each.stroke}`] : [],
  );

test('a call is as wide as it lasts, and stands below who called it', () => {
  expect(calls(scene)).toEqual(['0+79 0', '100+99 0', '10+39 1', '100+19 1', '130+19 1', '20+19 2']);
});

test('only what is in view is drawn, with its name from the edge on', () => {
  const zoomed = { ...scene, view: { from: 4, to: 9 }, parts: [{ answer, from: 4, to: 9 }] };
  expect(calls(zoomed)).toEqual(['0+159 0', '0+39 1']);
  expect(texts(zoomed)).toContain('aName');
  expect(calls({ ...scene, scroll: ROW * 2, height: 40 })).toEqual(['20+19 0']);
});

test('names stand in rectangles that have room for them', () => {
  expect(texts(scene).filter((text) => text.endsWith('Name'))).toEqual(['aName', 'bName', 'cName']);
});

test('many calls in one rectangle say how many they are', () => {
  const many = { ...answer, calls: answer.calls.map((_, i) => (i === 0 ? 1234 : 1)) };
  expect(texts({ ...scene, parts: [{ answer: many, from: 0, to: 20 }] })).toContain('1,234 calls, most of aName');
});

test('the stack, what is selected and what was searched for are framed', () => {
  expect(frames({ ...scene, stack: new Set([1, 3]), selected: 2 })).toEqual([
    `0 0 ${theme.playhead}`,
    `100 0 ${theme.focus}`,
    `10 1 ${theme.playhead}`,
  ]);
  const searched = { ...scene, found: new Set([4]) };
  expect(frames(searched)).toEqual([`100 1 ${theme.focus}`, `130 1 ${theme.focus}`]);
});

test('narrow neighbours of one colour are one rectangle', () => {
  const narrow = { ...flame('ab'.repeat(10), 'cc'.repeat(10)), calls: Array.from({ length: 21 }, () => 2) };
  const same = { ...narrow, function: narrow.function.map(() => 1) };
  const rows = (answered: FlameAnswer) => calls({ ...scene, parts: [{ answer: answered, from: 0, to: 20 }] });
  expect(rows(same)).toEqual(['0+200 0', '0+200 1']);
  expect(rows(narrow).length).toBeGreaterThan(10);
});

test('what is pointed at and where the debugger stands is drawn in front', () => {
  const list = drawFlameOverlay({ ...scene, pointed: { answer, row: 2 }, place: 5 });
  expect(list[0]).toMatchObject({ kind: 'frame', x: 10, width: 39, stroke: theme.foreground });
  expect(list.flatMap((each) => (each.kind === 'text' ? [each.text] : []))).toEqual(['5']);
  expect(drawFlameOverlay({ ...scene, place: 50 }).map(({ kind }) => kind)).toEqual(['shape']);
});

test('a pointer finds the rectangle below it, or a narrow one beside it', () => {
  expect(rectangleAt(scene, 105, RULER + 1)?.row).toBe(1);
  expect(rectangleAt(scene, 15, RULER + ROW + 2)?.row).toBe(2);
  expect(rectangleAt(scene, 9, RULER + ROW + 2)?.row).toBe(2);
  expect(rectangleAt(scene, 90, RULER + 1)).toBeUndefined();
  expect(rectangleAt(scene, 15, 3)).toBeUndefined();
});

test('functions of a file have its hue, those of packages are fainter', () => {
  const palette = new Palette();
  const of = (name: string, path: string) => palette.fillOf({ id: 1, name, path, line: 1 }, theme);
  expect(of('a', '/x.js')).toBe(of('a', '/x.js'));
  expect(of('b', '/x.js')).toMatch(/^hue0/);
  expect(of('a', '/y.js')).toMatch(/^hue1/);
  expect(of('a', '/node_modules/y/x.js')).toMatch(/^package0/);
});
