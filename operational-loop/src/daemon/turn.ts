/** Work that is done again and again; a turn begins when the one before has ended. */
import type { Milliseconds } from '../model/time.ts';

export class Turn implements AsyncDisposable {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #hasEnded = false;

  /** `every`: from one beginning to the next. What `work` throws is told on stderr, once for each sentence. */
  constructor(
    private readonly every: Milliseconds,
    private readonly work: () => Promise<unknown>,
    private readonly told = new Set<string>(),
  ) {
    this.#wait(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #wait(milliseconds: Milliseconds): void {
    if (this.#hasEnded) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, milliseconds);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const begun = performance.now();
    try {
      await this.work();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      if (!this.told.has(sentence)) process.stderr.write(`hindcast: ${sentence}\n`);
      this.told.add(sentence);
    }
    this.#wait(Math.max(this.every / 10, this.every - (performance.now() - begun)));
  }
}
