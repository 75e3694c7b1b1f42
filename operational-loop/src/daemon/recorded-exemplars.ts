/** Looks into the recordings of instances for requests that failed or were slow, in the background. */
import type { Exemplar } from '../api/messages.ts';
import { findExemplars, type ExemplarSettings, type RecordedInstance } from './exemplars.ts';

const SHOWN = 20;

export class RecordedExemplars {
  readonly #found = new Map<string, readonly Exemplar[]>();
  readonly #looking = new Map<string, Promise<readonly Exemplar[]>>();

  constructor(private readonly settings: ExemplarSettings) {}

  /** What was found of an instance so far. */
  of(service: string, instance: string | undefined): readonly Exemplar[] {
    return instance === undefined ? [] : (this.#found.get(`${service}/${instance}`) ?? []);
  }

  /** Of all its instances. */
  ofService(service: string): readonly Exemplar[] {
    const found = [...this.#found].filter(([key]) => key.startsWith(`${service}/`)).flatMap(([, each]) => each);
    return found.toSorted((a, b) => b.seenAt - a.seenAt).slice(0, SHOWN);
  }

  /** Reads its recording; once at a time for each instance. */
  look(recorded: RecordedInstance): Promise<readonly Exemplar[]> {
    const key = `${recorded.service}/${recorded.instance}`;
    const running = this.#looking.get(key);
    if (running) return running;
    const looking = findExemplars(recorded, this.settings)
      .then((found) => {
        if (found.length > 0) this.#found.set(key, found);
        return found;
      })
      .finally(() => this.#looking.delete(key));
    this.#looking.set(key, looking);
    return looking;
  }
}
