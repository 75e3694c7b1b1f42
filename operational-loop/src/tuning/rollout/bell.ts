/** Waiting that can be cut short. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  /** Resolves after so many milliseconds, or when it rings. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting.add(done);
    });
  }

  ring(): void {
    for (const done of this.#waiting) done();
  }
}
