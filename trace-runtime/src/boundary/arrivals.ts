/**
 * What reaches the program later: callbacks, promises, timers, bytes. While a program is recorded each comes when it
 * comes; where a recording is executed again (`serve/turns.ts`) each waits for its turn.
 */
export interface Arrivals {
  /** A call whose answer has that key: `arrivalKey` of model/recorded-world.ts. `args`: what tells it from others of its kind. */
  begins(key: string, kind: string, args: string): void;
  /** Node has thrown it back. */
  thrown(key: string): void;
  /** Runs `deliver` now, or later in the same async context. */
  arrive(key: string, deliver: () => void): void;
  /** What cannot wait has come. */
  came(key: string): void;
  /** Where a run is executed again: it is what comes next. */
  isNext(key: string): boolean;
  /** Has the player make what is due and comes from nowhere else. */
  playedBy(player: Player): void;
  /** The promise that the program gets: it settles as `promise` does, after one of the two was told, at its turn. */
  settle(key: string, promise: object, fulfilled: (value: unknown) => void, rejected: (error: unknown) => void): object;
  /** The delay that a timer gets instead of `delay`. `key` is empty where it has no turn of its own. */
  timer(key: string, delay: unknown): unknown;
  made(key: string, timer: Firing): void;
  /** The program does not want it any more. */
  cancel(timer: object): void;
  /** It has begun what cannot come a second time: what does not come soon does not come. */
  hurry?(): void;
}

export interface Player {
  /** what makes it arrive; undefined: it comes by itself, or cannot come yet */
  find(key: string): (() => void) | undefined;
}

export interface Firing {
  readonly object: object;
  /** it runs once at most */
  readonly isOnce: boolean;
  /** Makes it run soon, whatever its delay. */
  fire(): void;
}

/** As `arrivals`, with what is delivered run by `below`. */
export function arrivingBelow(arrivals: Arrivals, below: (work: () => void) => void): Arrivals {
  return { ...arrivals, arrive: (key, deliver) => arrivals.arrive(key, () => below(deliver)) };
}

const { apply } = Reflect;
const { then } = Promise.prototype;

/** While recording: at once. */
export const atOnce: Arrivals = {
  begins: () => undefined,
  thrown: () => undefined,
  arrive: (_key, deliver) => deliver(),
  came: () => undefined,
  isNext: () => false,
  playedBy: () => undefined,
  settle: (_key, promise, fulfilled, rejected) =>
    apply(then, promise, [
      (value: unknown) => (fulfilled(value), value),
      (error: unknown) => {
        rejected(error);
        throw error;
      },
    ]) as object,
  timer: (_key, delay) => delay,
  made: () => undefined,
  cancel: () => undefined,
};
