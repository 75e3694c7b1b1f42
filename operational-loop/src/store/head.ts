/** The newest samples, in memory. What is here is in the write-ahead log too, until a segment has it. */
import { cutColumns, inOrder, noColumns, sampleColumns, type Columns } from './columns.ts';

export class Head {
  readonly #series = new Map<number, GrowingColumn>();
  #samples = 0;

  get samples(): number {
    return this.#samples;
  }

  /** Times of one series ascend, but where the clock was set back. */
  append(series: number, time: number, value: number): void {
    let column = this.#series.get(series);
    if (!column) this.#series.set(series, (column = new GrowingColumn()));
    column.push(time, value);
    this.#samples++;
  }

  lastTime(series: number): number | undefined {
    return this.#series.get(series)?.lastTime;
  }

  firstTime(series: number): number | undefined {
    return this.#series.get(series)?.firstTime;
  }

  /** ascending */
  ids(): readonly number[] {
    return [...this.#series.keys()].toSorted((one, other) => one - other);
  }

  read(series: number, from: number, to: number): Columns {
    return this.#series.get(series)?.read(from, to) ?? noColumns;
  }
}

class GrowingColumn {
  #times = new Float64Array(32);
  #values = new Float64Array(32);
  #length = 0;
  #firstTime = Infinity;
  #ascends = true;

  get lastTime(): number {
    return this.#times[this.#length - 1] as number;
  }

  get firstTime(): number {
    return this.#firstTime;
  }

  push(time: number, value: number): void {
    if (this.#length === this.#times.length) {
      this.#times = grown(this.#times);
      this.#values = grown(this.#values);
    }
    this.#ascends &&= this.#length === 0 || time >= this.lastTime;
    this.#firstTime = Math.min(this.#firstTime, time);
    this.#times[this.#length] = time;
    this.#values[this.#length++] = value;
  }

  /** A copy, that later samples leave alone. */
  read(from: number, to: number): Columns {
    const all = sampleColumns(this.#times.subarray(0, this.#length), this.#values.subarray(0, this.#length));
    const found = cutColumns(this.#ascends ? all : inOrder(all), from, to);
    return found.times.length === 0 ? noColumns : sampleColumns(found.times.slice(), found.values.slice());
  }
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
