/**
 * What is told of a fleet that has been watched for minutes only. Its threshold is learned from few values that hang together,
 * so a score alone would raise many false alarms; told is what also matters in practice: a signal that people feel, away from
 * the peers by half of it at least, and staying so.
 */
import type { SignalName } from '../model/signals.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { Observation } from './finding-book.ts';

/** Heap and collections go up and down by themselves within seconds. */
const FELT: ReadonlySet<string> = new Set<SignalName>([
  'errorRatio',
  'latencyMean',
  'latencyP95',
  'cpuCores',
  'eventLoopDelayP99',
]);
const FACTOR = 1.5;
/** a difference of shares: 2 in 100 requests */
const SHARE = 0.02;
const DEVIATIONS = 4;
const STAYING: Milliseconds = 20_000;
/** a look without it is forgiven for so long */
const GAP: Milliseconds = 10_000;

export class LargeEffects {
  readonly #seen = new Map<string, { since: UnixMs; last: UnixMs }>();

  /** Those of the observations that are large and have been so for a while. To be asked at every look. */
  only(observations: readonly Observation[], now: UnixMs): readonly Observation[] {
    for (const [instance, { last }] of this.#seen) if (now - last > GAP) this.#seen.delete(instance);
    return observations.filter((observation) => {
      const key = observation.instance ?? '';
      const seen = this.#seen.get(key);
      if (isLarge(observation)) {
        if (seen) seen.last = now;
        else this.#seen.set(key, { since: now, last: now });
      }
      return seen !== undefined && now - seen.since >= STAYING;
    });
  }
}

function isLarge({ evidence }: Observation): boolean {
  return evidence.some(({ metric, deviation, value, expected }) => {
    if (!FELT.has(metric) || Math.abs(deviation) < DEVIATIONS) return false;
    if (metric === 'errorRatio') return Math.abs(value - expected) >= SHARE;
    const [less, more] = value < expected ? [value, expected] : [expected, value];
    return more >= FACTOR * Math.max(0, less);
  });
}
