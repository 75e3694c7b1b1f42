/**
 * Timers for code that is run again: nothing waits. When all promises are settled as far as they settle each other, the timer
 * that is due next runs, and the clock stands where it was due.
 */
import { apply, defineProperty, mapDelete, mapForEach, mapGet, mapSet, SafeMap } from './language.ts';
import { refuse } from './refusal.ts';

interface Waiting {
  readonly run: (...given: unknown[]) => unknown;
  readonly given: readonly unknown[];
  /** as `elapsed` */
  readonly due: number;
  readonly every: number | undefined;
}

const LONGEST = 2 ** 31 - 1;
/** What a turn of the event loop takes, so that code which waits turn by turn comes to other timers. */
const TURN = 0.1;

export class Timers {
  /** milliseconds since the beginning */
  elapsed = 0;
  private readonly waiting = new SafeMap<object, Waiting>();

  /** Node's functions, by their names. */
  readonly functions: Readonly<Record<string, unknown>>;

  constructor() {
    const start = (repeats: boolean, run: unknown, delay: unknown, given: readonly unknown[]): object => {
      if (typeof run !== 'function') return refuse('What a timer was given is no function.');
      const wanted = Number(delay);
      const time = wanted >= 1 && wanted <= LONGEST ? wanted - (wanted % 1) : 1;
      return this.wait(run as Waiting['run'], given, time, repeats ? time : undefined);
    };
    const stop = (timer: unknown): void => {
      if (typeof timer === 'object' && timer !== null) mapDelete(this.waiting, timer);
    };
    this.functions = {
      setTimeout: (run: unknown, delay?: unknown, ...given: unknown[]) => start(false, run, delay, given),
      setInterval: (run: unknown, delay?: unknown, ...given: unknown[]) => start(true, run, delay, given),
      setImmediate: (run: unknown, ...given: unknown[]) =>
        typeof run === 'function'
          ? this.wait(run as Waiting['run'], given, TURN, undefined)
          : refuse('What setImmediate was given is no function.'),
      clearTimeout: stop,
      clearInterval: stop,
      clearImmediate: stop,
    };
  }

  /** Before a run: no timer of the one before is left. */
  forget(): void {
    this.elapsed = 0;
    mapForEach(this.waiting, (_, timer) => void mapDelete(this.waiting, timer));
  }

  /** Runs the timer that is due next; false where there is none. Throws what its function throws. */
  next(): boolean {
    let first: object | undefined;
    let due = Infinity;
    mapForEach(this.waiting, (each, timer) => {
      if (each.due < due) [first, due] = [timer, each.due];
    });
    if (!first) return false;
    const { run, given, every } = mapGet(this.waiting, first) as Waiting;
    this.elapsed = due;
    mapDelete(this.waiting, first);
    // behind others that are due at the same time
    if (every !== undefined) mapSet(this.waiting, first, { run, given, due: due + every, every });
    apply(run, first, given);
    return true;
  }

  private wait(run: Waiting['run'], given: readonly unknown[], delay: number, every: number | undefined): object {
    const timer = {};
    const itself = (): object => timer;
    for (const name of ['ref', 'unref'])
      defineProperty(timer, name, { value: itself, writable: true, configurable: true });
    defineProperty(timer, 'hasRef', { value: () => true, writable: true, configurable: true });
    mapSet(this.waiting, timer, { run, given, due: this.elapsed + delay, every });
    return timer;
  }
}
