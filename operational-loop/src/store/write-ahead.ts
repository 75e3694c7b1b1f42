/** The log of samples that no segment has yet. A record holds those of half a second as columns: series, times, values. */
import { RecordLog } from './record-log.ts';

const SAMPLE = 20;

export class WriteAhead implements Disposable {
  readonly #log: RecordLog;
  #ids: number[] = [];
  #times: number[] = [];
  #values: number[] = [];

  /** `first`: the oldest log whose samples are in memory along with this one's. */
  constructor(
    file: string,
    readonly number: number,
    readonly first: number,
  ) {
    this.#log = new RecordLog(file, () => {});
  }

  /** Hands each sample in a log to `sample`; returns sentences about what was torn. */
  static read(file: string, sample: (series: number, time: number, value: number) => void): readonly string[] {
    using log = new RecordLog(file, (record) => {
      const view = new DataView(record.buffer, record.byteOffset, record.length);
      const samples = Math.floor(record.length / SAMPLE);
      for (let at = 0; at < samples; at++) {
        const time = view.getFloat64(samples * 4 + at * 8, true);
        sample(view.getUint32(at * 4, true), time, view.getFloat64(samples * 12 + at * 8, true));
      }
    });
    return log.problems;
  }

  get waiting(): number {
    return this.#ids.length;
  }

  add(series: number, time: number, value: number): void {
    this.#ids.push(series);
    this.#times.push(time);
    this.#values.push(value);
  }

  /** Throws what the file system says; the samples go on waiting then. */
  flush(): void {
    const samples = this.#ids.length;
    if (samples === 0) return;
    const record = new Uint8Array(samples * SAMPLE);
    const view = new DataView(record.buffer);
    for (let at = 0; at < samples; at++) {
      view.setUint32(at * 4, this.#ids[at] as number, true);
      view.setFloat64(samples * 4 + at * 8, this.#times[at] as number, true);
      view.setFloat64(samples * 12 + at * 8, this.#values[at] as number, true);
    }
    this.#log.append(record);
    this.#log.syncSoon();
    this.#ids = [];
    this.#times = [];
    this.#values = [];
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }
}
