/** A stretch of a stream's moments that is looked at. Ends need not be whole numbers: it is zoomed smoothly. */
export interface Range {
  readonly from: number;
  /** one past the last */
  readonly to: number;
}

/** Events that are shown at least. */
const CLOSEST = 12;

export const widthOf = ({ from, to }: Range): number => to - from;

/** Moved and cut so that it lies within the whole. */
export function within(range: Range, whole: Range): Range {
  const most = widthOf(whole);
  const width = Math.min(most, Math.max(widthOf(range), Math.min(CLOSEST, most)));
  const middle = (range.from + range.to) / 2;
  const from = Math.min(whole.to - width, Math.max(whole.from, middle - width / 2));
  return { from, to: from + width };
}

/** `factor` below 1 zooms in. The moment `at` stays where it is. */
export function zoomed(range: Range, at: number, factor: number, whole: Range): Range {
  const most = widthOf(whole);
  const width = Math.min(most, Math.max(Math.min(CLOSEST, most), widthOf(range) * factor));
  const share = (at - range.from) / widthOf(range);
  const from = Math.min(whole.to - width, Math.max(whole.from, at - share * width));
  return { from, to: from + width };
}

/** `by`: moments. */
export function panned({ from, to }: Range, by: number, whole: Range): Range {
  const shift = Math.min(whole.to - to, Math.max(whole.from - from, by));
  return { from: from + shift, to: to + shift };
}

/** As wide as before, with the moment in its middle, where that was not in sight; `margin`: a share of the width. */
export function revealing(range: Range, moment: number, whole: Range, margin = 0.02): Range {
  const width = widthOf(range);
  if (moment >= range.from + width * margin && moment <= range.to - width * margin) return range;
  return within({ from: moment - width / 2, to: moment + width / 2 }, whole);
}

/** Pixels from the left edge. */
export function toPixel(moment: number, range: Range, pixels: number): number {
  return ((moment - range.from) / widthOf(range)) * pixels;
}

export function toMoment(pixel: number, range: Range, pixels: number): number {
  return range.from + (pixel / pixels) * widthOf(range);
}

/** Round moments for a ruler, about `pixels / spacing` of them. */
export function rulerMarks(range: Range, pixels: number, spacing: number): number[] {
  const step = roundStep((widthOf(range) * spacing) / Math.max(1, pixels));
  const marks: number[] = [];
  for (let mark = Math.ceil(range.from / step) * step; mark < range.to; mark += step) marks.push(mark);
  return marks;
}

/** 1, 2 or 5 times a power of ten, no less than `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  for (const times of [1, 2, 5]) if (power * times >= least) return power * times;
  return power * 10;
}
