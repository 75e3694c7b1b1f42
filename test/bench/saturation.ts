/** How often the interval of the time at which a limit is passed holds that time: on series drawn for `bench:calibration`. */
import { Draws } from '../../operational-loop/src/forecast/draws.ts';
import { saturation } from '../../operational-loop/src/forecast/saturation.ts';

const HOUR = 3_600_000;
const KNOWN = 21 * 24;
const HORIZON = 30 * 24;
const LEVEL = 0.8;

export interface SaturationRow {
  readonly kind: string;
  /** series of which an interval was given */
  readonly given: number;
  /** the share of them whose limit was passed within it */
  readonly held: number;
  /** …and of them the share that passed it sooner and later */
  readonly sooner: number;
  readonly later: number;
  readonly level: number;
}

const kinds: Readonly<Record<string, (draws: Draws, steps: number) => Float64Array>> = {
  'steady growth, noise': (draws, steps) => grown(draws, steps, { wander: 0, memory: 0 }),
  'steady growth, noise that remembers': (draws, steps) => grown(draws, steps, { wander: 0, memory: 0.9 }),
  'a walk that grows': (draws, steps) => grown(draws, steps, { wander: 1, memory: 0 }),
  'growth by day and night': (draws, steps) => grown(draws, steps, { wander: 0, memory: 0.5, day: 1 }),
};

/** An interval that is open to the right ends with the horizon: what passes its limit later is in it. */
export function saturationRows(count: number): readonly SaturationRow[] {
  return Object.entries(kinds).map(([kind, make]) => {
    let [given, held, sooner, later] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const draws = new Draws(50_000 + i);
      const values = make(draws, KNOWN + HORIZON);
      // somewhere between two and twenty days ahead, as it grows on the whole
      const ahead = (2 + 18 * draws.uniform()) * 24;
      const limit = (values[KNOWN - 1] as number) + (values.at(-1)! - values[0]!) * (ahead / values.length);
      const found = saturation(values.subarray(0, KNOWN), {
        step: HOUR,
        limit,
        seasons: [24],
        horizon: HORIZON,
        level: LEVEL,
      });
      const truth = values.subarray(KNOWN).findIndex((value) => value >= limit);
      if (found.state === 'passed' || found.earliest === undefined) continue;
      given++;
      const at = truth < 0 ? Infinity : (truth + 1) * HOUR;
      if (at < found.earliest) sooner++;
      else if (at > (found.latest ?? Infinity)) later++;
      else held++;
    }
    return { kind, given, held: held / given, sooner: sooner / given, later: later / given, level: LEVEL };
  });
}

function grown(
  draws: Draws,
  steps: number,
  { wander, memory, day = 0 }: { readonly wander: number; readonly memory: number; readonly day?: number },
): Float64Array {
  const slope = 0.02 + 0.08 * draws.uniform();
  const noise = 0.5 + draws.uniform();
  let level = 100;
  let left = 0;
  return Float64Array.from({ length: steps }, (_, t) => {
    level += slope + wander * slope * 3 * draws.normal();
    left = memory * left + noise * Math.sqrt(1 - memory * memory) * draws.normal();
    return level + (wander > 0 ? 0 : left) + 3 * day * Math.sin((2 * Math.PI * t) / 24);
  });
}
