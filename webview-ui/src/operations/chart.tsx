/** A chart over time, by uPlot. It is a picture only: what it shows stands beside it as a table. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { theme, type Theme } from '../base/theme.ts';
import { formatTick } from './times.ts';
import { formatNumber } from './units.ts';
import type { Columns } from './chart-data.ts';

export interface ChartLine {
  readonly label: string;
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
  /** undrawn: the edge of a band */
  readonly isEdge?: boolean;
}

export interface ChartBand {
  /** columns of its edges */
  readonly lower: number;
  readonly upper: number;
  readonly colour: string;
}

export interface ChartProps {
  readonly columns: Columns;
  readonly lines: readonly ChartLine[];
  readonly bands?: readonly ChartBand[];
  /** drawn over the lines, with room of `right` pixels beside them */
  readonly draw?: (chart: uPlot, look: Theme) => void;
  readonly right?: number;
  /** values that shall be in view besides */
  readonly within?: readonly number[];
  readonly height: number;
  /** told which point the pointer is at; null: at none */
  readonly onPoint?: (index: number | null) => void;
}

/** The chart is made anew where its lines or colours are others, and else only drawn anew. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const current = useRef(props);
  current.current = props;
  const look = theme.value;
  const shape = JSON.stringify([props.lines, props.bands, props.height, props.right]);
  useEffect(() => {
    const own = place.current;
    if (own === null) return undefined;
    const made = new uPlot(optionsOf(current, look, own.clientWidth), dataOf(current.current.columns), own);
    chart.current = made;
    const observer = new ResizeObserver(() => {
      if (own.clientWidth > 0) made.setSize({ width: own.clientWidth, height: current.current.height });
    });
    observer.observe(own);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, look]);
  useEffect(() => chart.current?.setData(dataOf(props.columns)), [props.columns, props.within?.join()]);
  return <div ref={place} class="chart" aria-hidden="true" />;
}

function dataOf({ times, values }: Columns): uPlot.AlignedData {
  return [[...times], ...values.map((column) => [...column])];
}

type Current = { readonly current: ChartProps };

function optionsOf(current: Current, look: Theme, width: number): uPlot.Options {
  const { lines, bands = [], height, right = 8 } = current.current;
  return {
    width: Math.max(width, 50),
    height,
    padding: [8, right, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
    scales: { y: { range: (_, low, high) => rangeOf(low, high, current.current.within ?? []) } },
    axes: [timeAxis(look), valueAxis(look)],
    series: [{}, ...lines.map(seriesOf)],
    bands: bands.map(({ lower, upper, colour }) => ({ series: [upper + 1, lower + 1], fill: colour })),
    hooks: {
      draw: [(chart) => current.current.draw?.(chart, look)],
      setCursor: [({ cursor }) => current.current.onPoint?.(cursor.idx ?? null)],
    },
  };
}

function seriesOf({ label, colour, width, dash, isEdge = false }: ChartLine): uPlot.Series {
  return {
    label,
    stroke: isEdge ? 'transparent' : colour,
    width: isEdge ? 0 : width,
    ...(dash ? { dash: [...dash] } : {}),
    points: { show: false },
  };
}

/** From zero on: a signal's size is seen, not only its change. */
function rangeOf(low: number | null, high: number | null, within: readonly number[]): uPlot.Range.MinMax {
  const most = Math.max(high ?? 0, ...within);
  return [Math.min(0, low ?? 0), most > 0 ? most * 1.08 : 1];
}

function axisOf({ muted, grid, font }: Theme): uPlot.Axis {
  return {
    stroke: muted,
    font: `${font.size}px ${font.family}`,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
}

function timeAxis(look: Theme): uPlot.Axis {
  return {
    ...axisOf(look),
    size: 22,
    gap: 4,
    space: 70,
    grid: { show: false },
    values: (_, splits, _index, _space, step) => splits.map((split) => formatTick(split * 1000, step * 1000)),
  };
}

function valueAxis(look: Theme): uPlot.Axis {
  return { ...axisOf(look), size: 46, gap: 4, space: 28, values: (_, splits) => splits.map(tickText) };
}

function tickText(value: number): string {
  return formatNumber(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
