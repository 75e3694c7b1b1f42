/**
 * Places at which a light recording can be begun again behind what its rolling window (`--keep`) has dropped. `window` says
 * how many ids of each kind had been given: an execution that comes from the start-up goes on with these. The first one
 * stands where the start-up is over. Every few seconds one is `fresh`: no word behind it refers to a string before it.
 */
import type { BoundaryLog } from './log.ts';
import { safely } from './calls.ts';
import type { Members } from './json.ts';
import type { WindowMark } from '../model/window-mark.ts';

const now = performance.now.bind(performance);
const soon = setImmediate;
const later = setTimeout;

/** Marks are so far from each other; between arrivals alone, so an idle program has none. */
const MARK_MS = 100;
/** After a server has begun to listen, so much is still its start-up. */
const SETTLE_MS = 1000;
/** The start-up of what never listens. */
const STARTUP_MS = 10_000;
/** Fresh marks, where the window is not short. */
const FRESH_MS = 5000;
/** Of the window's time, between fresh marks. */
const FRESH_SHARE = 32;

export interface Window {
  readonly milliseconds: number | undefined;
  /** The start-up is over. */
  startedUp(tick: number): void;
}

export class WindowMarks {
  readonly #log: BoundaryLog;
  readonly #window: Window;
  readonly #freshMs: number;
  readonly #begun = now();
  readonly #accepted = new WeakMap<object, { readonly by: Members; told: number }>();
  #epoch = 0;
  #isListening = false;
  #isDue = false;
  #isMarking = false;
  #count = 0;
  #lastAt = 0;
  #freshAt = -Infinity;

  constructor(log: BoundaryLog, window: Window) {
    this.#log = log;
    this.#window = window;
    this.#freshMs = Math.min(FRESH_MS, (window.milliseconds ?? Infinity) / FRESH_SHARE);
  }

  /** A server has accepted a connection; the record of that may be dropped while it is open. */
  accepted(socket: object, by: Members): void {
    this.#accepted.set(socket, { by, told: this.#epoch });
  }

  /** Whose connection it is, where nothing since the last fresh mark says so. */
  from(socket: object): Members | undefined {
    const found = this.#accepted.get(socket);
    if (!found || found.told === this.#epoch) return undefined;
    found.told = this.#epoch;
    return { accepted: found.by };
  }

  /** Something was logged. */
  saw(kind: string): void {
    if (this.#isDue || this.#isMarking) return;
    const at = now();
    if (this.#count === 0) return void (this.#isOver(kind, at) && this.#schedule(0));
    this.#schedule(MARK_MS - (at - this.#lastAt));
  }

  listening(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    later(() => this.#count === 0 && this.#mark(), SETTLE_MS).unref();
  }

  #isOver(kind: string, at: number): boolean {
    return this.#isListening ? kind === 'socket.accepted' : at - this.#begun > STARTUP_MS;
  }

  /** When what was logged just now has run. */
  #schedule(milliseconds: number): void {
    this.#isDue = true;
    const mark = (): void => this.#mark();
    if (milliseconds > 0) later(mark, milliseconds).unref();
    else soon(mark).unref();
  }

  #mark(): void {
    this.#isDue = false;
    if (this.#log.fromRecordedCode) return;
    const log = this.#log;
    const at = now();
    this.#lastAt = at;
    const isFresh = at - this.#freshAt >= this.#freshMs;
    safely(log, () => {
      if (isFresh) {
        this.#freshAt = at;
        this.#epoch++;
        log.sink.forget?.();
        log.blobs.forget();
      }
      const tick = log.sink.currentTick();
      if (this.#count === 0) this.#window.startedUp(tick);
      const mark: WindowMark = { n: this.#count++, tick, ...log.given(), ...(isFresh ? { fresh: true } : {}) };
      this.#isMarking = true;
      log.report('window', { ...mark });
      log.sink.noteHash?.();
    });
    this.#isMarking = false;
  }
}
