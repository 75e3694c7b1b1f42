/** Columns of JSON (null where nothing was measured) as numbers (NaN). */
import type { Column } from '../model/prediction.ts';

export function numbersOf(column: Column): Float64Array {
  return Float64Array.from(column, (value) => value ?? Number.NaN);
}

export function columnOf(values: ArrayLike<number>): Column {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
