/** Bins of any width as bars of one pixel. */
import type { Known } from '../base/range-data.ts';
import { toMoment, type Range } from '../base/range.ts';

interface Binned extends Range {
  readonly bins: object;
}

/** One value for each pixel: the greatest of the bins that it covers, or the least. Pixels of which nothing is known have -1. */
export function pixelsOf<A extends Binned>(
  parts: readonly Known<A>[],
  view: Range,
  pixels: number,
  column: (answer: A) => readonly number[] | null,
  choose: 'greatest' | 'least' = 'greatest',
): Float64Array {
  const values = new Float64Array(pixels).fill(-1);
  for (const { answer, from, to } of parts) {
    const bins = column(answer);
    if (bins === null) continue;
    const width = (answer.to - answer.from) / bins.length;
    const scale = pixels / (view.to - view.from);
    const first = Math.max(0, Math.floor((from - view.from) * scale));
    const end = Math.min(pixels, Math.ceil((to - view.from) * scale));
    for (let x = first; x < end; x++) {
      const low = Math.max(0, Math.floor((toMoment(x, view, pixels) - answer.from) / width));
      const high = Math.min(bins.length, Math.ceil((toMoment(x + 1, view, pixels) - answer.from) / width));
      let value = -1;
      for (let i = Math.min(low, bins.length - 1); i < Math.max(high, low + 1) && i < bins.length; i++) {
        const each = bins[i]!;
        if (value < 0 || (choose === 'greatest' ? each > value : each < value)) value = each;
      }
      if (value > values[x]! || choose === 'least') values[x] = value;
    }
  }
  return values;
}

/** Heights of bars; what there is at all is a pixel high at least. */
export function heightsOf(values: Float64Array, most: number, height: number): Float64Array {
  return values.map((value) => (value <= 0 ? 0 : Math.max(1, Math.round((value / most) * height))));
}
