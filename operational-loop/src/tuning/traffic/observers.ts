/** Those who want to know of every request. */
import type { ObservationListener, RequestObservation } from './port.ts';

/**
 * A client that goes away sooner says nothing of the instance; one that got no answer for as long has waited in vain, as behind
 * an instance that hangs. (milliseconds)
 */
export const WAITED_IN_VAIN = 1000;

export class Observers {
  readonly #listeners = new Set<ObservationListener>();

  add(listener: ObservationListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  tell(observation: RequestObservation): void {
    for (const listener of this.#listeners) listener(observation);
  }
}
