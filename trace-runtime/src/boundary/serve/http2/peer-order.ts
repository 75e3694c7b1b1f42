/**
 * What a peer says on the streams of a connection comes in the recorded order, also where the program asks at other times of
 * its timeline than it did: what came later waits for what is due and came before.
 */
export class PeerOrder {
  readonly #due = new Set<number>();
  readonly #waiting = new Map<number, () => void>();

  /** An act is due some time. `order`: its place in the recording. */
  add(order: number): void {
    this.#due.add(order);
  }

  /** Its time has come: `act` runs at once, or as soon as those before it have run or are not due any more. */
  inTurn(order: number, act: () => void): void {
    this.#waiting.set(order, act);
    this.#goOn();
  }

  /** It will not come: its stream is closed. */
  remove(order: number): void {
    this.#waiting.delete(order);
    if (this.#due.delete(order)) this.#goOn();
  }

  #goOn(): void {
    for (;;) {
      const first = Math.min(...this.#due);
      const act = this.#waiting.get(first);
      if (!act) return;
      this.#due.delete(first);
      this.#waiting.delete(first);
      act();
    }
  }
}
