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

/** Rejects once the signal is aborted. */
export async function drainedUnless<T>(signal: AbortSignal, work: Generator<unknown, T>): Promise<T> {
  for (let rested = performance.now(); ;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - rested < LONG) continue;
    await setImmediate();
    signal.throwIfAborted();
    rested = performance.now();
  }
}
