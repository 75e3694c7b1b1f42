/** Adds up what is sent as differences, so that all counters are stored alike. */
import type { SeriesKey } from '../model/series.ts';
import type { Clock } from '../model/time.ts';

/** A series that is silent for longer begins at zero again. */
const FORGOTTEN_MS = 3_600_000;

export class CumulativeSums {
  readonly #clock: Clock;
  readonly #sums = new Map<string, { sum: number; at: number }>();
  #cleaned = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ name, labels }: SeriesKey, difference: number): { readonly sum: number; readonly isNew: boolean } {
    const now = this.#clock.now();
    this.#forget(now);
    const key = JSON.stringify([name, Object.entries(labels).toSorted()]);
    const known = this.#sums.get(key);
    const sum = (known?.sum ?? 0) + difference;
    this.#sums.set(key, { sum, at: now });
    return { sum, isNew: known === undefined };
  }

  #forget(now: number): void {
    if (Math.abs(now - this.#cleaned) < FORGOTTEN_MS) return;
    this.#cleaned = now;
    for (const [key, { at }] of this.#sums) if (now - at > FORGOTTEN_MS) this.#sums.delete(key);
  }
}
