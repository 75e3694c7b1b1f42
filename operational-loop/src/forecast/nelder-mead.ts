/** Finds the least of a function of a few variables without its derivatives (Nelder & Mead 1965; coefficients as usual). */

export interface SearchOptions {
  /** the first simplex's size along each axis */
  readonly step: number;
  /** the function is asked at most so often */
  readonly evaluations: number;
  /** ends when the simplex's values differ by less than this share */
  readonly tolerance: number;
}

interface Corner {
  readonly at: Float64Array;
  readonly value: number;
}

/** The best point found. A value of NaN counts as infinite. */
export function leastOf(
  objective: (at: Float64Array) => number,
  start: Float64Array,
  { step, evaluations, tolerance }: SearchOptions,
): Float64Array {
  let asked = 0;
  const corner = (at: Float64Array): Corner => {
    asked++;
    const value = objective(at);
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [corner(start), ...Array.from(start, (_, axis) => corner(moved(start, axis, step)))];
  for (;;) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (asked >= evaluations || worst.value - best.value <= tolerance * Math.abs(best.value)) return best.at;
    const centre = centreOf(simplex.slice(0, -1));
    const along = (factor: number): Corner => corner(centre.map((value, i) => value + factor * (worst.at[i]! - value)));
    const mirrored = along(-1);
    if (mirrored.value < best.value) {
      const farther = along(-2);
      simplex[simplex.length - 1] = farther.value < mirrored.value ? farther : mirrored;
    } else if (mirrored.value < simplex.at(-2)!.value) {
      simplex[simplex.length - 1] = mirrored;
    } else {
      const nearer = along(mirrored.value < worst.value ? -0.5 : 0.5);
      if (nearer.value < Math.min(worst.value, mirrored.value)) simplex[simplex.length - 1] = nearer;
      else for (let i = 1; i < simplex.length; i++) simplex[i] = corner(halfway(best.at, simplex[i]!.at));
    }
  }
}

function moved(start: Float64Array, axis: number, step: number): Float64Array {
  return start.map((value, i) => (i === axis ? value + step : value));
}

function centreOf(corners: readonly Corner[]): Float64Array {
  const centre = new Float64Array(corners[0]!.at.length);
  for (const { at } of corners) for (let i = 0; i < centre.length; i++) centre[i]! += at[i]! / corners.length;
  return centre;
}

function halfway(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => (value + b[i]!) / 2);
}
