/** The flame chart's picture: calls from left to right in the order of their moments, who was called below who called. */
import type { FlameAnswer, FunctionAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn, Rect } from '../base/draw.ts';
import { formatCount } from '../base/format.ts';
import type { Known } from '../base/range-data.ts';
import { rulerMarks, toPixel, type Range } from '../base/range.ts';
import type { Theme } from '../base/theme.ts';
import type { Palette } from './palette.ts';

export const ROW = 18;
export const RULER = 20;
const RULER_SPACING = 110;
/** Narrower rectangles get no name. */
const NAMED = 28;

export interface FlameScene {
  readonly width: number;
  readonly height: number;
  readonly view: Range;
  /** pixels that are scrolled out at the top */
  readonly scroll: number;
  readonly parts: readonly Known<FlameAnswer>[];
  readonly functions: ReadonlyMap<number, FunctionAnswer>;
  readonly palette: Palette;
  /** calls on the debugger's stack */
  readonly stack: ReadonlySet<number>;
  readonly innermost: number | undefined;
  /** moment at which the debugger stands; undefined where that is on another thread */
  readonly place: number | undefined;
  readonly selected: number | undefined;
  readonly pointed: Pointed | undefined;
  /** functions that were searched for; undefined where none were */
  readonly found: ReadonlySet<number> | undefined;
  readonly theme: Theme;
}

/** A rectangle: of a part, by its row. */
export interface Pointed {
  readonly answer: FlameAnswer;
  readonly row: number;
}

export function drawFlame(scene: FlameScene): Drawn[] {
  const { width, height, theme } = scene;
  const list: Drawn[] = [];
  list.push({ kind: 'clip', x: 0, y: RULER, width, height: height - RULER });
  drawGrid(scene, list);
  /** what stands in front of the rest */
  const marks: Drawn[] = [];
  for (const part of scene.parts) drawPart(scene, part, list, marks);
  list.push(...marks);
  list.push({ kind: 'unclip' });
  drawRuler(scene, list);
  list.push({ kind: 'rect', x: 0, y: RULER - 1, width, height: 1, fill: theme.border });
  return list;
}

/** What changes while the view stays: where the debugger stands, and what is pointed at. */
export function drawFlameOverlay(scene: FlameScene): Drawn[] {
  const list: Drawn[] = [];
  const { pointed, theme } = scene;
  if (pointed !== undefined) {
    const { left, width, y } = boxOf(scene, pointed.answer, pointed.row);
    if (y >= RULER - ROW)
      list.push({ kind: 'frame', x: left, y, width, height: ROW - 1, stroke: theme.foreground, line: 1 });
  }
  drawPlace(scene, list);
  return list;
}

function boxOf({ view, width, scroll }: FlameScene, answer: FlameAnswer, row: number, part: Range = answer) {
  const scale = width / (view.to - view.from);
  const begins = Math.max(answer.enter[row]!, part.from);
  const ends = Math.min(answer.exit[row]! + 1, part.to);
  const left = Math.max(-2, (begins - view.from) * scale);
  const right = Math.min(width + 2, (ends - view.from) * scale);
  const gap = answer.calls[row] === 1 && right - left > 5 ? 1 : 0;
  return { left, width: Math.max(1, right - left - gap), y: RULER + answer.depth[row]! * ROW - scroll };
}

function drawPart(scene: FlameScene, part: Known<FlameAnswer>, list: Drawn[], marks: Drawn[]): void {
  const { height, scroll, theme, found, functions, palette } = scene;
  const { answer, from, to } = part;
  const { enter, exit, depth, function: site, calls } = answer;
  const first = Math.max(0, Math.floor(scroll / ROW));
  const last = Math.floor((scroll + height - RULER) / ROW);
  /** by depth: what was drawn last, where it stands for many */
  const open: ({ -readonly [P in keyof Rect]: Rect[P] } | undefined)[] = [];
  for (let row = 0; row < enter.length; row++) {
    const level = depth[row]!;
    if (level < first || level > last || exit[row]! + 1 <= from || enter[row]! >= to) continue;
    const { left, width, y } = boxOf(scene, answer, row, part);
    const isAlone = calls[row] === 1;
    const isFound = found === undefined || found.has(site[row]!);
    const fill = isFound ? palette.fillOf(functions.get(site[row]!), theme) : theme.nothing;
    const before = open[level];
    if (!isAlone && before?.fill === fill && left <= before.x + before.width + 1) {
      before.width = Math.max(before.width, left + width - before.x);
      continue;
    }
    const rect = { kind: 'rect', x: left, y, width, height: ROW - 1, fill } as const;
    list.push(rect);
    open[level] = isAlone ? undefined : rect;
    if (width >= NAMED) drawName(scene, answer, row, rect, isFound, list);
    markUp(scene, answer, row, rect, isFound, marks);
  }
}

function drawName(
  { functions, theme }: FlameScene,
  { function: site, calls }: FlameAnswer,
  row: number,
  { x: left, y, width }: Rect,
  isFound: boolean,
  list: Drawn[],
): void {
  const name = functions.get(site[row]!)?.name ?? '';
  const text = calls[row] === 1 ? name : `${formatCount(calls[row]!)} calls, most of ${name}`;
  const x = Math.max(left, 0) + 4;
  const room = left + width - x - 3;
  const fill = isFound ? theme.onFunction : theme.muted;
  if (room > 8) list.push({ kind: 'text', x, y: y + (ROW - 1) / 2, text, fill, width: room });
}

function markUp(
  { theme, stack, innermost, selected, found }: FlameScene,
  { call, calls }: FlameAnswer,
  row: number,
  { x, y, width }: Rect,
  isFound: boolean,
  marks: Drawn[],
): void {
  const frame = (stroke: string, line: number): void =>
    void marks.push({ kind: 'frame', x, y, width, height: ROW - 1, stroke, line });
  if (theme.isContrast && width > 4) frame(theme.border, 1);
  if (found !== undefined && isFound && width > 3) frame(theme.focus, 1);
  if (calls[row] !== 1) return;
  if (stack.has(call[row]!)) frame(theme.playhead, call[row] === innermost && width > 6 ? 2 : 1);
  if (selected === call[row]!) frame(theme.focus, width > 6 ? 2 : 1);
}

function drawGrid({ view, width, height, theme }: FlameScene, list: Drawn[]): void {
  for (const mark of rulerMarks(view, width, RULER_SPACING)) {
    const x = Math.round(toPixel(mark, view, width));
    list.push({ kind: 'rect', x, y: RULER, width: 1, height, fill: theme.grid });
  }
}

function drawRuler({ view, width, theme }: FlameScene, list: Drawn[]): void {
  list.push({ kind: 'rect', x: 0, y: 0, width, height: RULER, fill: theme.shade });
  for (const mark of rulerMarks(view, width, RULER_SPACING)) {
    const x = Math.round(toPixel(mark, view, width));
    list.push({ kind: 'rect', x, y: RULER - 5, width: 1, height: 5, fill: theme.muted });
    const text = formatCount(mark);
    list.push({ kind: 'text', x: x + 4, y: RULER / 2 - 0.5, text, fill: theme.muted, width: RULER_SPACING });
  }
}

function drawPlace({ view, width, height, place, theme }: FlameScene, list: Drawn[]): void {
  if (place === undefined) return;
  const x = Math.round(toPixel(place, view, width));
  const middle = RULER / 2 - 1;
  if (x < -1 || x > width + 1) {
    const [tip, base] = x < 0 ? [2, 10] : [width - 2, width - 10];
    list.push({ kind: 'shape', points: [tip, middle, base, middle - 6, base, middle + 6], fill: theme.playhead });
    return;
  }
  const text = formatCount(place);
  const own = text.length * 6.4 + 12;
  const left = Math.min(Math.max(0, x - own / 2), width - own);
  list.push({ kind: 'rect', x: x - 1, y: RULER - 4, width: 2, height, fill: theme.playhead });
  list.push({ kind: 'rect', x: left, y: 1, width: own, height: RULER - 4, fill: theme.playhead });
  const fill = theme.onPlayhead;
  list.push({ kind: 'text', x: left + own / 2, y: middle, text, fill, width: own, align: 'center', isBold: true });
}

/** The rectangle at a pixel, or a very narrow one beside it. */
export function rectangleAt(scene: FlameScene, x: number, y: number): Pointed | undefined {
  const { view, width, scroll, parts } = scene;
  if (y < RULER) return undefined;
  const level = Math.floor((y - RULER + scroll) / ROW);
  const scale = width / (view.to - view.from);
  const moment = view.from + x / scale;
  const part = parts.find(({ from, to }) => moment >= from && moment < to);
  if (part === undefined) return undefined;
  const { answer } = part;
  let best: Pointed | undefined;
  let nearest = 2 / scale;
  for (let row = 0; row < answer.enter.length; row++) {
    if (answer.depth[row] !== level) continue;
    const away = Math.max(answer.enter[row]! - moment, moment - answer.exit[row]! - 1, 0);
    if (away > nearest) continue;
    best = { answer, row };
    if (away === 0) break;
    nearest = away;
  }
  return best;
}
