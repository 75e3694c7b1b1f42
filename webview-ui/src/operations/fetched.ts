/** What is asked of the daemon again and again: the last answer stays until the next one is there. */
import { signal } from '@preact/signals';

export class Fetched<T> {
  readonly answer = signal<T | undefined>(undefined);
  /** why the last question had no answer */
  readonly fault = signal<string | undefined>(undefined);
  private subject = '';
  private round = 0;
  private askedAt = -Infinity;

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /**
   * Asks where `subject` is another one than before, or the last question is `most` milliseconds old. Another subject's
   * answer is forgotten at once.
   */
  refresh(subject: string, most: number, ask: () => Promise<T>): void {
    const isOther = subject !== this.subject;
    if (!isOther && this.clock() - this.askedAt < most) return;
    if (isOther) this.forget();
    this.subject = subject;
    this.askedAt = this.clock();
    void this.follow(++this.round, ask());
  }

  forget(): void {
    this.round++;
    this.subject = '';
    this.askedAt = -Infinity;
    this.answer.value = undefined;
    this.fault.value = undefined;
  }

  private async follow(round: number, asked: Promise<T>): Promise<void> {
    try {
      const answer = await asked;
      if (round !== this.round) return;
      this.answer.value = answer;
      this.fault.value = undefined;
    } catch (error) {
      if (round === this.round) this.fault.value = error instanceof Error ? error.message : String(error);
    }
  }
}
