/** Long work that rests now and then: done at once, or so that a signal ends it. */
import { setImmediate } from 'node:timers/promises';

/** Events that are read between two rests. */
export const AT_ONCE = 2000;

/** Milliseconds of work after which signals are heard. */
const LONG = 50;

export function drained<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Rejects once the signal is aborted. `tell` is given what the work yields, now and then. */
export async function drainedUnless<S, T>(
  signal: AbortSignal,
  work: Generator<S, T>,
  tell: (step: S) => void = () => undefined,
): Promise<T> {
  for (let rested = performance.now(); ;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - rested < LONG) continue;
    tell(step.value);
    await setImmediate();
    signal.throwIfAborted();
    rested = performance.now();
  }
}
