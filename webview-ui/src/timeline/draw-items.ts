/** What happens at single moments: exceptions, output, hits of breakpoints, turns of the event loop. */
import type { TimelineAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn } from '../base/draw.ts';
import type { Lane } from './lanes.ts';
import { pixelsOf, heightsOf } from './bars.ts';
import { xOf, type Scene } from './scene.ts';

/** Room that a text needs to be of use. */
const READABLE = 42;
const LETTER = 6;

interface Item {
  readonly moment: number;
}

/** Items of the parts, each within its part; undefined where there are too many to draw one by one. */
export function itemsIn<T extends Item>(
  { parts }: Pick<Scene, 'parts'>,
  list: (answer: TimelineAnswer) => readonly T[] | null,
): T[] | undefined {
  const found: T[] = [];
  for (const { answer, from, to } of parts) {
    const items = list(answer);
    if (items === null) return undefined;
    for (const item of items) if (item.moment >= Math.floor(from) && item.moment < to) found.push(item);
  }
  return found;
}

export function drawThrows(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { theme, failures } = scene;
  const middle = lane.y + lane.height / 2;
  const failing = new Set(failures.map(({ moment }) => moment));
  const items = itemsIn(scene, ({ throws }) => throws);
  if (items === undefined) drawMany(scene, lane, ({ bins }) => bins.throws, theme.caught, list);
  for (const [i, { moment, kind, text }] of (items ?? []).entries()) {
    if (kind === 'caught') {
      const x = xOf(scene, moment);
      list.push({ kind: 'shape', points: diamond(x, middle, 3.5), fill: theme.background, stroke: theme.caught });
      continue;
    }
    const isFailure = failing.has(moment) || kind === 'uncaught';
    const x = xOf(scene, moment);
    list.push({ kind: 'shape', points: diamond(x, middle, 4.5), fill: isFailure ? theme.error : theme.caught });
    const next = items![i + 1];
    drawText(scene, x + 8, next === undefined ? undefined : xOf(scene, next.moment), middle, text, list);
  }
  for (const { moment } of failures) {
    const x = xOf(scene, moment);
    list.push({
      kind: 'rect',
      x: x - 0.5,
      y: scene.lanes.ruler.y + 16,
      width: 1,
      height: middle - scene.lanes.ruler.y - 16,
      fill: theme.error,
    });
    list.push({ kind: 'shape', points: diamond(x, middle, 5.5), fill: theme.error });
  }
}

export function drawOutputs(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { theme } = scene;
  const middle = lane.y + lane.height / 2;
  const items = itemsIn(scene, ({ outputs }) => outputs);
  if (items === undefined) return drawMany(scene, lane, ({ bins }) => bins.outputs, theme.output, list);
  for (const [i, { moment, descriptor, text }] of items.entries()) {
    const x = xOf(scene, moment);
    const fill = descriptor === 2 ? theme.errorOutput : theme.output;
    list.push({ kind: 'rect', x: x - 1.5, y: middle - 5, width: 3, height: 10, fill });
    const next = items[i + 1];
    drawText(scene, x + 5, next === undefined ? undefined : xOf(scene, next.moment), middle, oneLine(text), list);
  }
}

export function drawHits(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { lanes, view, parts, theme } = scene;
  const y = lane.y + lane.height / 2;
  const hits = pixelsOf(parts, view, lanes.plot, ({ bins }) => bins.hits);
  // dots side by side are one bar
  for (let x = 0; x < hits.length; x++) {
    if (hits[x]! <= 0) continue;
    const start = x;
    while (x + 1 < hits.length && hits[x + 1]! > 0) x++;
    const left = lanes.gutter + start;
    if (x - start < 5)
      list.push({ kind: 'disc', x: left + (x - start + 1) / 2, y, radius: 3.5, fill: theme.breakpoint });
    else list.push({ kind: 'rect', x: left - 2, y: y - 3.5, width: x - start + 5, height: 7, fill: theme.breakpoint });
  }
}

export function drawTicks(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { theme, lanes } = scene;
  const items = itemsIn(scene, ({ ticks }) => ticks);
  if (items === undefined) return drawMany(scene, lane, ({ bins }) => bins.ticks, theme.tick, list);
  const end = lanes.gutter + lanes.plot;
  for (const [i, { moment, cause, milliseconds, number }] of items.entries()) {
    const x = xOf(scene, moment);
    const next = items[i + 1];
    const right = next === undefined ? end : xOf(scene, next.moment);
    if (number % 2 === 0)
      list.push({ kind: 'rect', x, y: lane.y, width: right - x, height: lane.height, fill: theme.shade });
    list.push({ kind: 'rect', x, y: lane.y, width: 1, height: lane.height, fill: theme.tick });
    const text = `${CAUSES[cause] ?? cause}  ${shortTime(milliseconds)}`;
    drawText(scene, x + 5, right, lane.y + lane.height / 2, text, list, theme.muted);
  }
}

export const CAUSES: Readonly<Record<string, string>> = {
  main: 'start',
  microtask: 'promise',
  timer: 'timer',
  immediate: 'setImmediate',
  nextTick: 'nextTick',
  io: 'input or output',
  message: 'message',
  request: 'request',
  test: 'test',
};

export function shortTime(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}

/** So many that only how many there are can be shown. */
function drawMany(
  { lanes, view, parts }: Scene,
  lane: Lane,
  column: (answer: TimelineAnswer) => readonly number[] | null,
  fill: string,
  list: Drawn[],
): void {
  const values = pixelsOf(parts, view, lanes.plot, column);
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  const heights = heightsOf(values.map(Math.sqrt), Math.sqrt(most), lane.height - 4).map((each) => each && each + 2);
  list.push({ kind: 'bars', x: lanes.gutter, y: lane.y + lane.height - 1, heights, fill });
}

/** Up to where the next item stands. */
function drawText(
  { lanes, theme }: Scene,
  x: number,
  next: number | undefined,
  y: number,
  text: string,
  list: Drawn[],
  fill = theme.foreground,
): void {
  const end = lanes.gutter + lanes.plot;
  const width = Math.min(next ?? end, end) - x - 8;
  if (width < Math.min(READABLE, text.length * LETTER) || x > end || x + width < lanes.gutter) return;
  const start = Math.max(x, lanes.gutter + 6);
  list.push({ kind: 'text', x: start, y, text, fill, width: width - (start - x) });
}

function diamond(x: number, y: number, half: number): number[] {
  return [x, y - half, x + half, y, x, y + half, x - half, y];
}

export function oneLine(text: string): string {
  return text.trimEnd().replace(/\s*\n\s*/g, ' ⏎ ');
}
