/** Columns of JSON (null where nothing was measured) as numbers (NaN). */
import type { Column } from '../model/prediction.ts';

export function numbersOf(column: Column): Float64Array {
  return Float64Array.from(column, (value) => value ?? Number.NaN);
}
