/**
 * Answers of the thread in which load hooks run, where Node awaits them: it sleeps until that thread has changed a number in
 * memory that both share, then looks whether an answer is there, and sleeps again where none is.
 */
import { types } from 'node:util';
import { loadAnswer } from '../model/channel-keys.ts';
import { arrivalKey } from '../model/recorded-world.ts';
import type { BoundaryLog } from './log.ts';
import { ownData } from './patch.ts';

const { add, notify } = Atomics;
const { isSharedArrayBuffer } = types;
/** Place of the number that the thread of load hooks raises with each answer. */
const ANSWERS = 0;

export class LoadAnswers {
  readonly #log: BoundaryLog;
  #answers: Int32Array | undefined;
  /** by the port over which it came: has come, and has had its turn */
  readonly #due = new WeakMap<object, unknown>();

  constructor(log: BoundaryLog) {
    this.#log = log;
  }

  /** `data`: a message that Node itself sends. */
  sent(data: unknown): void {
    const memory = ownData(ownData(data, 'workerData'), 'lock');
    if (isSharedArrayBuffer(memory)) this.#answers = new Int32Array(memory);
  }

  /** Node looks for an answer: what has come over this port and has had its turn. */
  take(port: unknown): unknown {
    if (typeof port !== 'object' || port === null) return undefined;
    const due = this.#due.get(port);
    this.#due.delete(port);
    return due;
  }

  /** What Node finds where it has looked and an answer was there: undefined where its turn has not come. */
  taken(port: object, answer: unknown, report: () => void): unknown {
    const key = arrivalKey('message.in', loadAnswer(this.#log.idOf(port, 'asked')));
    if (!this.#answers) {
      this.#log.arrivals.came(key);
      report();
      return answer;
    }
    let isLooking = true;
    this.#log.arrivals.arrive(key, () => {
      report();
      this.#due.set(port, answer);
      if (!isLooking) this.#wake();
    });
    isLooking = false;
    return this.take(port);
  }

  #wake(): void {
    if (!this.#answers) return;
    add(this.#answers, ANSWERS, 1);
    notify(this.#answers, ANSWERS);
  }
}
