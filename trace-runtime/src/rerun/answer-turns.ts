/**
 * When recorded peers answer: as long after they were asked as they took in the recording, and in the recorded order where
 * several are asked at once. Who wins a race is so the same.
 */
interface Waiting {
  readonly order: number;
  readonly send: () => void;
  isDue: boolean;
}

/** Between two answers, so that they arrive one after the other. */
const GAP_MS = 1;

export class AnswerTurns {
  readonly #waiting = new Set<Waiting>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  /** Sends when it is its turn. */
  answer(order: number, milliseconds: number, send: () => void): void {
    const waiting: Waiting = { order, send, isDue: false };
    this.#waiting.add(waiting);
    this.#after(milliseconds, () => {
      waiting.isDue = true;
      this.#goOn();
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting.clear();
  }

  #goOn(): void {
    const due = [...this.#waiting].filter(({ isDue }) => isDue).sort((a, b) => a.order - b.order)[0];
    if (!due || [...this.#waiting].some(({ order }) => order < due.order)) return;
    this.#waiting.delete(due);
    due.send();
    if (this.#waiting.size > 0) this.#after(GAP_MS, () => this.#goOn());
  }

  #after(milliseconds: number, work: () => void): void {
    if (milliseconds < GAP_MS && this.#waiting.size <= 1) return work();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isClosed) work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}
