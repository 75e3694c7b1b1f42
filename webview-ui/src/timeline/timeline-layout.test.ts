import { expect, test } from 'vitest';
import type { CaseAnswer, TimelineAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn } from '../base/draw.ts';
import { theme } from '../testing/plain-theme.ts';
import { findAt } from './find-item.ts';
import { GUTTER, layLanes, placeCases, type LaneKind } from './lanes.ts';
import { drawOverlay } from './overlay-layout.ts';
import type { Scene } from './scene.ts';
import { drawTimeline } from './timeline-layout.ts';

const lanes = layLanes({
  width: 1000 + GUTTER,
  height: 240,
  caseRows: 1,
  hasThrows: true,
  hasOutputs: true,
  hasHits: true,
  hasTicks: true,
  others: [],
});
const { gutter } = lanes;
const bins = (...values: readonly (readonly [number, number])[]): number[] => {
  const list = Array.from({ length: 1000 }, () => 0);
  for (const [bin, value] of values) list[bin] = value;
  return list;
};

const answer: TimelineAnswer = {
  threadId: 1,
  from: 0,
  to: 1000,
  bins: {
    most: bins([10, 4], [11, 4], [500, 2]),
    least: bins([10, 2], [11, 2], [500, 2]),
    calls: bins(),
    throws: bins([300, 1], [310, 1]),
    outputs: bins([600, 1]),
    ticks: bins([0, 1], [400, 1]),
    hits: bins([20, 1], [21, 3], [700, 1]),
  },
  hitsAreExact: true,
  throws: [
    { moment: 300, kind: 'thrown', text: 'TypeError: no' },
    { moment: 310, kind: 'caught', text: 'TypeError: no' },
    { moment: 800, kind: 'thrown', text: 'RangeError: far' },
  ],
  outputs: [{ moment: 600, descriptor: 1, text: 'one\ntwo\n' }],
  ticks: [
    { moment: 0, number: 1, cause: 'main', causeTick: 0, milliseconds: 1.25 },
    { moment: 400, number: 2, cause: 'timer', causeTick: 1, milliseconds: 1500 },
  ],
};

const facts = (name: string, first: number, last: number, outcome: CaseAnswer['outcome']): CaseAnswer => ({
  threadId: 1,
  id: first,
  parent: 0,
  name,
  file: 'a.test.js',
  line: 3,
  outcome,
  first,
  last,
});

const scene: Scene = {
  lanes,
  view: { from: 0, to: 1000 },
  whole: { from: 0, to: 1000 },
  parts: [{ answer, from: 0, to: 1000 }],
  overall: [{ answer, from: 0, to: 1000 }],
  others: new Map(),
  cases: placeCases([facts('adds up', 100, 200, 'passed'), facts('refuses', 700, 900, 'failed')]).placed,
  failures: [{ threadId: 1, moment: 800, type: 'RangeError', message: 'far', isMarked: false, case: 'refuses' }],
  deepest: 4,
  place: 800,
  pointed: undefined,
  selecting: undefined,
  theme,
};

/** What of the picture lies in a lane. */
function inLane(list: readonly Drawn[], kind: LaneKind): Drawn[] {
  const { y, height } = lanes.list.find((lane) => lane.kind === kind)!;
  const yOf = (each: Drawn): number =>
    'points' in each ? each.points[1]! : each.kind === 'bars' ? each.y - 1 : 'y' in each ? each.y : -1;
  return list.filter((each) => each.kind !== 'clip' && yOf(each) >= y && yOf(each) < y + height);
}
const texts = (list: readonly Drawn[]) => list.flatMap((each) => (each.kind === 'text' ? [each.text] : []));
const middleOf = (kind: LaneKind): number => {
  const { y, height } = lanes.list.find((lane) => lane.kind === kind)!;
  return y + height / 2;
};

test('depth is drawn as bars: the most calls, and the fewest in front', () => {
  const [most, least] = inLane(drawTimeline(scene), 'calls').filter((each) => each.kind === 'bars');
  const room = lanes.list.find(({ kind }) => kind === 'calls')!.height - 3;
  expect([most!.heights[10], most!.heights[500], most!.heights[600]]).toEqual([room, Math.round(room / 2), 0]);
  expect(least!.heights[10]).toBe(Math.round(room / 2));
});

test('cases have their outcome’s colour, and their names', () => {
  const drawn = inLane(drawTimeline(scene), 'cases').filter((each) => !('fill' in each) || each.fill !== 'grid');
  expect(drawn.flatMap((each) => (each.kind === 'rect' ? [`${each.x} ${each.width} ${each.fill}`] : []))).toEqual([
    `${gutter + 100} 99 passedFill`,
    `${gutter + 100} 3 passed`,
    `${gutter + 700} 199 failedFill`,
    `${gutter + 700} 3 failed`,
  ]);
  expect(texts(drawn)).toEqual(expect.arrayContaining(['adds up', 'refuses']));
});

test('exceptions, output and turns say what they are where there is room', () => {
  const list = drawTimeline(scene);
  expect(texts(inLane(list, 'throws'))).toContain('RangeError: far');
  expect(texts(inLane(list, 'throws'))).not.toContain('TypeError: no');
  expect(texts(inLane(list, 'outputs'))).toContain('one ⏎ two');
  expect(texts(inLane(list, 'ticks'))).toEqual(expect.arrayContaining(['start  1.3 ms', 'timer  1.50 s']));
});

test('too many items to tell apart become bars', () => {
  const many = { ...scene, parts: [{ answer: { ...answer, throws: null }, from: 0, to: 1000 }] };
  const bars = inLane(drawTimeline(many), 'throws').filter((each) => each.kind === 'bars');
  expect(bars).toHaveLength(1);
  expect([bars[0]!.heights[300]! > 0, bars[0]!.heights[301]]).toEqual([true, 0]);
});

test('hits side by side are one dot', () => {
  const dots = inLane(drawTimeline(scene), 'hits').filter((each) => each.kind === 'disc');
  expect(dots.map(({ x }) => x)).toEqual([gutter + 21, gutter + 700.5]);
});

test('the playhead stands at its moment, or points to it from the edge', () => {
  const playhead = (of: Scene) => drawOverlay(of).filter((each) => 'fill' in each && each.fill === 'playhead');
  expect(playhead(scene)).toContainEqual(expect.objectContaining({ kind: 'rect', x: gutter + 799, width: 2 }));
  expect(texts(drawOverlay(scene))).toEqual(['800']);
  const away = playhead({ ...scene, view: { from: 0, to: 500 } });
  expect(away.map(({ kind }) => kind)).toEqual(['rect', 'shape']);
});

test('what is zoomed into is framed in the whole run', () => {
  const frame = drawTimeline({ ...scene, view: { from: 250, to: 500 } }).find((each) => each.kind === 'frame');
  expect(frame).toMatchObject({ x: gutter + 250, width: 250, y: 0 });
});

test.each([
  ['throws', 801, 'RangeError: far', 800],
  ['throws', 302, 'TypeError: no', 300],
  ['outputs', 604, 'one ⏎ two', 600],
  ['ticks', 450, 'Turn 2 of the event loop', 400],
  ['cases', 150, 'adds up', 100],
  ['calls', 250, 'Moment 250', 250],
  ['throws', 500, 'Moment 500', 500],
] as const)('in the lane of %s, a pointer at %i finds “%s”', (kind, x, title, target) => {
  expect(findAt(scene, gutter + x, middleOf(kind))).toMatchObject({ region: 'lane', title, target });
});

test('the whole run, the ruler and the playhead are regions of their own', () => {
  const { ruler } = lanes;
  expect(findAt(scene, gutter + 10, 5).region).toBe('minimap');
  expect(findAt(scene, gutter + 10, ruler.y + 5).region).toBe('ruler');
  expect(findAt(scene, gutter + 803, ruler.y + 5).region).toBe('playhead');
  expect(findAt(scene, 10, middleOf('calls')).region).toBe('names');
});
