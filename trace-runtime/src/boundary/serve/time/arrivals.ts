/** Calls that answer later, on the virtual timeline: each answer comes as long after its call as it did. */
import { atOnce, type Arrivals } from '../../arrivals.ts';
import type { Durations } from './durations.ts';
import { inItsContext } from './held.ts';
import type { Due, Timeline } from './timeline.ts';

const { apply } = Reflect;
const { then } = Promise.prototype;
const NewPromise = Promise;
/** Real milliseconds; what is served or read from a disk takes longer only where something is wrong. */
const PATIENCE_MS = 10_000;

export function timedArrivals(timeline: Timeline, durations: Durations): Arrivals {
  const expected = new Map<string, Due>();

  function arrive(key: string, deliver: () => void): void {
    const due = expected.get(key);
    if (!due) return deliver();
    expected.delete(key);
    timeline.here(due, inItsContext(deliver));
  }

  return {
    ...atOnce,
    arrive,
    begins(key, kind, args) {
      const { took } = durations.of(kind, args);
      const round = took?.rounds[0];
      if (round?.ends !== 'comes') return;
      timeline.ran(round.lead);
      expected.set(key, timeline.expect(timeline.now() + round.took, PATIENCE_MS));
    },
    thrown(key) {
      const due = expected.get(key);
      expected.delete(key);
      if (due) timeline.forget(due);
    },
    settle(key, promise, fulfilled, rejected) {
      if (!expected.has(key)) return atOnce.settle(key, promise, fulfilled, rejected);
      return new NewPromise((resolve, reject) => {
        const settled =
          (tell: (value: unknown) => void, settle: (value: unknown) => void) =>
          (value: unknown): void =>
            arrive(key, () => {
              tell(value);
              settle(value);
            });
        apply(then, promise, [settled(fulfilled, resolve), settled(rejected, reject)]);
      });
    },
  };
}
