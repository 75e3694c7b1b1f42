import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 20_000;

/** What a panel had the editor do, in order. A message of the panel takes a while to arrive. */
export class Ran {
  readonly #all: string[] = [];

  push(text: string): void {
    this.#all.push(text);
  }

  /** Waits until so many were done; throws where they are not. */
  async first(count: number): Promise<string[]> {
    for (const end = Date.now() + PATIENCE_MS; this.#all.length < count; await pause(20))
      if (Date.now() > end) throw new Error(`The panel had ${this.#all.length} things done, and not ${count}.`);
    return [...this.#all];
  }

  /** The nth, from 0. */
  async nth(index: number): Promise<string> {
    return (await this.first(index + 1))[index]!;
  }
}
