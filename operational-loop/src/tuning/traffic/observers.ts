/** Those who want to know of every request. */
import type { ObservationListener, RequestObservation } from './port.ts';

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
