/** Numbers for series, kept in `series.log` for as long as the store lives. */
import type { Labels, MetricKind, SeriesKey } from '../model/series.ts';
import { RecordLog } from './record-log.ts';

export interface SeriesInfo extends SeriesKey {
  /** its number in this store */
  readonly id: number;
}

export interface SeriesMatch {
  readonly name?: string;
  /** each must be equal */
  readonly labels?: Labels;
}

export class SeriesRegistry implements Disposable {
  readonly #log: RecordLog;
  readonly #all: SeriesInfo[] = [];
  readonly #byIdentity = new Map<string, number>();
  readonly #byName = new Map<string, SeriesInfo[]>();
  /** keys that were given before: they need not be written out again */
  readonly #byKey = new WeakMap<SeriesKey, number>();
  #unwritten = 0;

  constructor(file: string) {
    const decoder = new TextDecoder();
    this.#log = new RecordLog(file, (record) => {
      for (const { name, kind, labels } of JSON.parse(decoder.decode(record)) as SeriesKey[]) {
        this.#add(name, kind, labels);
      }
    });
    this.#unwritten = this.#all.length;
  }

  get problems(): readonly string[] {
    return this.#log.problems;
  }

  get size(): number {
    return this.#all.length;
  }

  idOf(key: SeriesKey): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = this.#byIdentity.get(identity(key)) ?? this.#add(key.name, key.kind, { ...key.labels }).id;
    this.#byKey.set(key, id);
    return id;
  }

  get(id: number): SeriesInfo | undefined {
    return this.#all[id];
  }

  find({ name, labels = {} }: SeriesMatch): SeriesInfo[] {
    const wanted = Object.entries(labels);
    const named = name === undefined ? this.#all : (this.#byName.get(name) ?? []);
    return named.filter((series) => wanted.every(([label, value]) => series.labels[label] === value));
  }

  /** Writes series that are new. On the disk when it returns: samples speak of them by number alone. */
  flush(): void {
    if (this.#unwritten === this.#all.length) return;
    const fresh = this.#all.slice(this.#unwritten).map(({ name, kind, labels }) => ({ name, kind, labels }));
    this.#log.append(new TextEncoder().encode(JSON.stringify(fresh)));
    this.#unwritten = this.#all.length;
    this.#log.sync();
  }

  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }

  #add(name: string, kind: MetricKind, labels: Labels): SeriesInfo {
    const series = { id: this.#all.length, name, kind, labels };
    this.#all.push(series);
    this.#byIdentity.set(identity(series), series.id);
    const named = this.#byName.get(name);
    if (named) named.push(series);
    else this.#byName.set(name, [series]);
    return series;
  }
}

function identity({ name, labels }: SeriesKey): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}\u0001${value}`);
  return `${name}\u0000${parts.toSorted().join('\u0000')}`;
}
