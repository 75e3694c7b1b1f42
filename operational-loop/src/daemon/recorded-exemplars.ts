/** Looks into the recordings of instances for requests that failed or were slow, in the background. */
import type { Exemplar } from '../api/messages.ts';
import { findExemplars, type ExemplarSettings, type RecordedInstance } from './exemplars.ts';

const SHOWN = 20;
/** Of the time, in which recordings are read without anybody waiting for it: they grow, and are read from their beginnings. */
const SHARE = 0.05;

export class RecordedExemplars {
  readonly #found = new Map<string, readonly Exemplar[]>();
  readonly #looking = new Map<string, Promise<readonly Exemplar[]>>();
  /** when a recording may be read again without anybody waiting for it, by the process's clock */
  readonly #due = new Map<string, number>();
  #idle: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: ExemplarSettings) {}

  /** What was found of an instance so far. */
  of(service: string, instance: string | undefined): readonly Exemplar[] {
    return instance === undefined ? [] : (this.#found.get(keyOf({ service, instance })) ?? []);
  }

  /** Of all its instances. */
  ofService(service: string): readonly Exemplar[] {
    const found = [...this.#found].filter(([key]) => key.startsWith(`${service}/`)).flatMap(([, each]) => each);
    return found.toSorted((a, b) => b.seenAt - a.seenAt).slice(0, SHOWN);
  }

  /** As `look`, when there is time: one recording after the other, each in a small share of the time at most. */
  lookWhenIdle(recorded: RecordedInstance): void {
    const { recording } = recorded;
    if (performance.now() < (this.#due.get(recording) ?? 0)) return;
    this.#due.set(recording, Infinity);
    this.#idle = this.#idle.then(async () => {
      const began = performance.now();
      await this.look(recorded);
      const ended = performance.now();
      this.#due.set(recording, ended + (ended - began) / SHARE);
    });
  }

  /** Reads its recording; once at a time for each instance. */
  look(recorded: RecordedInstance): Promise<readonly Exemplar[]> {
    const key = keyOf(recorded);
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

function keyOf({ service, instance }: Pick<RecordedInstance, 'service' | 'instance'>): string {
  return `${service}/${instance}`;
}
