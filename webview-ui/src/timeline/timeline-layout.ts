/** The timeline's picture. */
import type { TimelineAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Drawn } from '../base/draw.ts';
import { formatCount } from '../base/format.ts';
import type { Known } from '../base/range-data.ts';
import { rulerMarks, toPixel, type Range } from '../base/range.ts';
import { heightsOf, pixelsOf } from './bars.ts';
import { drawCases } from './draw-cases.ts';
import { drawHits, drawOutputs, drawThrows, drawTicks } from './draw-items.ts';
import type { Lane } from './lanes.ts';
import { xOf, type Scene } from './scene.ts';

const RULER_SPACING = 110;

export function drawTimeline(scene: Scene): Drawn[] {
  const { lanes } = scene;
  const { gutter, plot, height } = lanes;
  const list: Drawn[] = [];
  drawMinimap(scene, list);
  list.push({ kind: 'clip', x: gutter, y: lanes.end, width: plot, height: height - lanes.end });
  for (const lane of lanes.list) if (lane.kind === 'thread') drawLane(scene, lane, list);
  list.push({ kind: 'unclip' });
  list.push({ kind: 'clip', x: gutter, y: lanes.ruler.y, width: plot, height: lanes.end - lanes.ruler.y });
  drawRuler(scene, list);
  for (const lane of lanes.list) if (lane.kind !== 'thread') drawLane(scene, lane, list);
  list.push({ kind: 'unclip' });
  drawNames(scene, list);
  return list;
}

function drawLane(scene: Scene, lane: Lane, list: Drawn[]): void {
  const { lanes, theme } = scene;
  const { gutter, plot } = lanes;
  list.push({ kind: 'rect', x: gutter, y: lane.y + lane.height, width: plot, height: 1, fill: theme.grid });
  switch (lane.kind) {
    case 'cases':
      return drawCases(scene, lane, list);
    case 'calls':
      return drawDepth(scene, lane, scene.parts, scene.view, scene.deepest, list);
    case 'throws':
      return drawThrows(scene, lane, list);
    case 'outputs':
      return drawOutputs(scene, lane, list);
    case 'hits':
      return drawHits(scene, lane, list);
    case 'ticks':
      return drawTicks(scene, lane, list);
    case 'thread': {
      const { thread } = lane;
      const parts = (thread && scene.others.get(thread.id)) ?? [];
      const whole = { from: 0, to: (thread?.end ?? 0) + 1 };
      list.push({ kind: 'rect', x: gutter, y: lane.y, width: plot, height: lane.height, fill: theme.shade });
      return drawDepth(scene, lane, parts, whole, thread?.deepest ?? 1, list);
    }
  }
}

/** How many calls stand on the stack: the most, and in front of it the fewest. */
function drawDepth(
  { lanes, theme }: Scene,
  lane: Lane,
  parts: readonly Known<TimelineAnswer>[],
  view: Range,
  deepest: number,
  list: Drawn[],
): void {
  const { gutter, plot } = lanes;
  const room = lane.height - 3;
  const most = pixelsOf(parts, view, plot, ({ bins }) => bins.most);
  const least = pixelsOf(parts, view, plot, ({ bins }) => bins.least, 'least');
  const y = lane.y + lane.height;
  const heights = heightsOf(most, Math.max(1, deepest), room);
  list.push({ kind: 'bars', x: gutter, y, heights, fill: theme.depth });
  list.push({
    kind: 'bars',
    x: gutter,
    y,
    heights: heightsOf(least, Math.max(1, deepest), room),
    fill: theme.depthDeep,
  });
}

function drawRuler({ lanes, view, theme }: Scene, list: Drawn[]): void {
  const { ruler, plot, gutter, height } = lanes;
  const bottom = ruler.y + ruler.height;
  list.push({ kind: 'rect', x: gutter, y: ruler.y, width: plot, height: ruler.height, fill: theme.shade });
  for (const mark of rulerMarks(view, plot, RULER_SPACING)) {
    const x = Math.round(xOf({ lanes, view }, mark));
    list.push({ kind: 'rect', x, y: bottom - 5, width: 1, height: 5, fill: theme.muted });
    list.push({ kind: 'rect', x, y: bottom, width: 1, height: height - bottom, fill: theme.grid });
    const y = ruler.y + ruler.height / 2 - 1;
    list.push({ kind: 'text', x: x + 4, y, text: formatCount(mark), fill: theme.muted, width: RULER_SPACING });
  }
  list.push({ kind: 'rect', x: gutter, y: bottom - 1, width: plot, height: 1, fill: theme.border });
}

/** The whole thread, with what is in view. */
function drawMinimap(scene: Scene, list: Drawn[]): void {
  const { lanes, view, whole, overall, deepest, theme, failures } = scene;
  const { minimap, gutter, plot } = lanes;
  const bottom = minimap.y + minimap.height - 2;
  const at = (moment: number): number => gutter + toPixel(moment, whole, plot);
  const most = pixelsOf(overall, whole, plot, ({ bins }) => bins.most);
  const heights = heightsOf(most, Math.max(1, deepest), minimap.height - 6);
  list.push({ kind: 'bars', x: gutter, y: bottom, heights, fill: theme.depth });
  const throws = pixelsOf(overall, whole, plot, ({ bins }) => bins.throws).map((value) => (value > 0 ? 3 : 0));
  list.push({ kind: 'bars', x: gutter, y: minimap.y + 4, heights: throws, fill: theme.caught });
  for (const { moment } of failures) {
    list.push({
      kind: 'rect',
      x: at(moment) - 1,
      y: minimap.y + 1,
      width: 3,
      height: minimap.height - 3,
      fill: theme.error,
    });
  }
  const [left, right] = [at(view.from), at(view.to)];
  const window = { x: left, y: minimap.y, width: Math.max(3, right - left), height: minimap.height - 1 };
  if (view.from > whole.from || view.to < whole.to) {
    const veil = `${theme.background}b0`;
    list.push({ kind: 'rect', x: gutter, y: minimap.y, width: left - gutter, height: minimap.height, fill: veil });
    const rest = gutter + plot - right;
    list.push({ kind: 'rect', x: right, y: minimap.y, width: Math.max(0, rest), height: minimap.height, fill: veil });
    list.push({ kind: 'frame', ...window, stroke: theme.focus, line: 1 });
    for (const x of [left, window.x + window.width])
      list.push({
        kind: 'rect',
        x: x - 1.5,
        y: minimap.y + 6,
        width: 3,
        height: minimap.height - 13,
        fill: theme.focus,
      });
  }
  list.push({
    kind: 'rect',
    x: 0,
    y: minimap.y + minimap.height - 1,
    width: lanes.width,
    height: 1,
    fill: theme.border,
  });
}

function drawNames({ lanes, theme, others }: Scene, list: Drawn[]): void {
  const { gutter, height, minimap, ruler } = lanes;
  if (gutter === 0) return drawShortNames({ lanes, theme }, list);
  list.push({ kind: 'rect', x: gutter - 1, y: 0, width: 1, height, fill: theme.border });
  const name = (text: string, y: number, isBold = false): void =>
    void list.push({ kind: 'text', x: 8, y, text, fill: theme.foreground, width: gutter - 14, isBold });
  name('Whole run', minimap.y + minimap.height / 2);
  list.push({
    kind: 'text',
    x: 8,
    y: ruler.y + ruler.height / 2,
    text: 'Moment',
    fill: theme.muted,
    width: gutter - 14,
  });
  for (const { label, y, height: own, kind } of lanes.list) {
    const middle = kind === 'calls' || kind === 'cases' ? Math.min(own / 2, 11) : own / 2;
    name(label, y + middle, kind === 'thread' && others.size > 0);
    list.push({ kind: 'rect', x: 0, y: y + own, width: gutter, height: 1, fill: theme.grid });
  }
}

function drawShortNames({ lanes, theme }: Pick<Scene, 'lanes' | 'theme'>, list: Drawn[]): void {
  for (const { label, y, kind } of lanes.list) {
    if (kind !== 'calls' && kind !== 'thread') continue;
    const width = label.length * 6 + 6;
    list.push({ kind: 'rect', x: 0, y: y + 1, width, height: 14, fill: `${theme.background}c0` });
    list.push({ kind: 'text', x: 4, y: y + 8, text: label, fill: theme.muted, width });
  }
}
