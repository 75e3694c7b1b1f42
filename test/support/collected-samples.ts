import type { Labels, SampleSink, SeriesKey } from '../../operational-loop/src/model/series.ts';

export interface CollectedSample {
  readonly series: SeriesKey;
  readonly time: number;
  readonly value: number;
}

/** Keeps every sample in a list. */
export class CollectedSamples implements SampleSink {
  readonly all: CollectedSample[] = [];

  append(series: SeriesKey, time: number, value: number): void {
    this.all.push({ series, time, value });
  }

  /** the newest value of the first series that has this name and all these labels */
  value(name: string, labels: Labels = {}): number | undefined {
    return this.values(name, labels).at(-1);
  }

  values(name: string, labels: Labels = {}): number[] {
    const wanted = Object.entries(labels);
    const found = this.all.filter(
      ({ series }) => series.name === name && wanted.every(([label, value]) => series.labels[label] === value),
    );
    return found.map(({ value }) => value);
  }
}
