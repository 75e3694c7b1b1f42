/** Names at the right end of a chart's lines, and marks across it. */
import type uPlot from 'uplot';
import type { Theme } from '../base/theme.ts';
import { spreadLabels } from './chart-data.ts';

export interface LineLabel {
  /** column of the chart's values */
  readonly column: number;
  readonly text: string;
  readonly colour: string;
  readonly isStrong: boolean;
}

const GAP = 13;
const LEFT = 6;

/** How much room names of this length take beside the chart. */
export function roomFor(texts: readonly string[]): number {
  const longest = Math.max(0, ...texts.map(({ length }) => length));
  return longest === 0 ? 8 : Math.min(150, 14 + longest * 6.4);
}

export function drawLabels(chart: uPlot, { font }: Theme, labels: readonly LineLabel[]): void {
  const { ctx, bbox, data } = chart;
  const ratio = devicePixelRatio;
  const placed = labels.flatMap((label) => {
    const value = (data[label.column + 1] as readonly (number | null)[]).findLast((each) => each !== null);
    return value === undefined || value === null ? [] : [{ label, y: chart.valToPos(value, 'y', true) - bbox.top }];
  });
  const ys = spreadLabels(
    placed.map(({ y }) => y),
    GAP * ratio,
    bbox.height,
  );
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const [i, { label }] of placed.entries()) {
    ctx.font = `${label.isStrong ? '600 ' : ''}${font.size * ratio}px ${font.family}`;
    ctx.fillStyle = label.colour;
    ctx.fillText(fitting(ctx, label.text, 140 * ratio), bbox.left + bbox.width + LEFT * ratio, bbox.top + ys[i]!);
  }
  ctx.restore();
}

function fitting(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

/** A dashed line across the chart, with a name. */
export function drawLimit(chart: uPlot, { font }: Theme, value: number, text: string, colour: string): void {
  const y = chart.valToPos(value, 'y', true);
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  strokeDashed(ctx, colour, bbox.left, y, bbox.left + bbox.width, y);
  ctx.save();
  ctx.font = `${font.size * ratio}px ${font.family}`;
  ctx.fillStyle = colour;
  ctx.textAlign = 'left';
  const above = y - bbox.top > 16 * ratio;
  ctx.textBaseline = above ? 'bottom' : 'top';
  ctx.fillText(text, bbox.left + 4 * ratio, y + (above ? -2 : 3) * ratio);
  ctx.restore();
}

/** Where the past ends. */
export function drawMoment(chart: uPlot, { font, muted }: Theme, seconds: number, text: string): void {
  const x = chart.valToPos(seconds, 'x', true);
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  strokeDashed(ctx, muted, x, bbox.top, x, bbox.top + bbox.height);
  ctx.save();
  ctx.font = `${font.size * ratio}px ${font.family}`;
  ctx.fillStyle = muted;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'top';
  ctx.fillText(text, x - 4 * ratio, bbox.top);
  ctx.restore();
}

function strokeDashed(
  ctx: CanvasRenderingContext2D,
  colour: string,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
  ctx.restore();
}
