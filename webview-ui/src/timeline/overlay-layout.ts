/** What is drawn in front of the timeline, and changes while the view stays: where the debugger stands, and the pointer. */
import type { Drawn } from '../base/draw.ts';
import { formatCount } from '../base/format.ts';
import { toPixel } from '../base/range.ts';
import { drawCurrentCases } from './draw-cases.ts';
import { xOf, type Scene } from './scene.ts';

export function drawOverlay(scene: Scene): Drawn[] {
  const { lanes, whole, place, theme } = scene;
  const { gutter, plot, ruler, minimap } = lanes;
  const list: Drawn[] = [];
  if (place !== undefined) {
    const x = gutter + toPixel(place, whole, plot) - 0.5;
    list.push({ kind: 'rect', x, y: minimap.y, width: 2, height: minimap.height - 1, fill: theme.playhead });
  }
  list.push({ kind: 'clip', x: gutter, y: ruler.y, width: plot, height: lanes.end - ruler.y });
  drawCurrentCases(scene, list);
  drawSelection(scene, list);
  drawPointed(scene, list);
  drawPlayhead(scene, list);
  list.push({ kind: 'unclip' });
  return list;
}

function drawSelection({ lanes, view, selecting, theme }: Scene, list: Drawn[]): void {
  if (selecting === undefined) return;
  const [left, right] = [xOf({ lanes, view }, selecting.from), xOf({ lanes, view }, selecting.to)];
  const { y } = lanes.ruler;
  list.push({ kind: 'rect', x: left, y, width: right - left, height: lanes.height - y, fill: `${theme.background}60` });
  list.push({ kind: 'frame', x: left, y, width: right - left, height: lanes.height - y, stroke: theme.focus, line: 1 });
}

function drawPointed({ lanes, view, pointed, theme }: Scene, list: Drawn[]): void {
  if (pointed === undefined) return;
  const x = Math.round(xOf({ lanes, view }, pointed));
  list.push({ kind: 'rect', x, y: lanes.ruler.y, width: 1, height: lanes.height - lanes.ruler.y, fill: theme.hover });
}

function drawPlayhead({ lanes, view, place, theme }: Scene, list: Drawn[]): void {
  if (place === undefined) return;
  const { ruler, gutter, plot, height } = lanes;
  const x = Math.round(xOf({ lanes, view }, place));
  const text = formatCount(place);
  const width = text.length * 6.4 + 12;
  if (x < gutter - 1 || x > gutter + plot + 1) return drawAway(x < gutter, { lanes, theme }, list);
  list.push({ kind: 'rect', x: x - 1, y: ruler.y + ruler.height - 4, width: 2, height, fill: theme.playhead });
  const left = Math.min(Math.max(gutter, x - width / 2), gutter + plot - width);
  list.push({ kind: 'rect', x: left, y: ruler.y + 1, width, height: ruler.height - 5, fill: theme.playhead });
  const y = ruler.y + ruler.height / 2 - 1.5;
  list.push({
    kind: 'text',
    x: left + width / 2,
    y,
    text,
    fill: theme.onPlayhead,
    width,
    align: 'center',
    isBold: true,
  });
}

/** The debugger stands outside what is in view: on which side. */
function drawAway(isLeft: boolean, { lanes, theme }: Pick<Scene, 'lanes' | 'theme'>, list: Drawn[]): void {
  const { ruler, gutter, plot } = lanes;
  const [tip, base] = isLeft ? [gutter + 2, gutter + 10] : [gutter + plot - 2, gutter + plot - 10];
  const middle = ruler.y + ruler.height / 2 - 1;
  list.push({ kind: 'shape', points: [tip, middle, base, middle - 6, base, middle + 6], fill: theme.playhead });
}
