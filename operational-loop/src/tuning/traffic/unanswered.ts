/** Which instances are asked and answer nothing any more, as a proxy sees it. */
import type { Milliseconds } from '../../model/time.ts';
import { WAITED_IN_VAIN } from './observers.ts';

/** An instance that has answered none of its last requests. */
export interface Unanswered {
  readonly address: string;
  readonly requests: number;
  /** since the first of them */
  readonly waited: Milliseconds;
}

/** so many, and for so long: services that have their clients wait on purpose take as long as they ever took, and more */
const LEAST = 3;
const PATIENCE: Milliseconds = 10_000;
const LONGER = 3;

interface Asked {
  /** since the last answer */
  requests: number;
  /** when the first of them came */
  since: Milliseconds;
}

export class UnansweredRequests {
  readonly #by = new Map<string, Asked>();
  /** that any instance took for an answer */
  #longest: Milliseconds = 0;

  /** Times are those of one steady clock. */
  asked(address: string, now: Milliseconds): void {
    const known = this.#by.get(address);
    if (known && known.requests > 0) known.requests++;
    else this.#by.set(address, { requests: 1, since: now });
  }

  /** An answer has begun. */
  answered(address: string, asked: Milliseconds, now: Milliseconds): void {
    this.#longest = Math.max(this.#longest, now - asked);
    const known = this.#by.get(address);
    if (known) known.requests = 0;
  }

  /** The client has gone; soon after it asked that says nothing of the instance. */
  givenUp(address: string, asked: Milliseconds, now: Milliseconds): void {
    const known = this.#by.get(address);
    if (known && known.requests > 0 && asked >= known.since && now - asked < WAITED_IN_VAIN) known.requests--;
  }

  keepOnly(addresses: ReadonlySet<string>): void {
    for (const address of this.#by.keys()) if (!addresses.has(address)) this.#by.delete(address);
  }

  at(now: Milliseconds): readonly Unanswered[] {
    const most = Math.max(PATIENCE, LONGER * this.#longest);
    return [...this.#by].flatMap(([address, { requests, since }]) =>
      requests >= LEAST && now - since > most ? [{ address, requests, waited: now - since }] : [],
    );
  }
}
