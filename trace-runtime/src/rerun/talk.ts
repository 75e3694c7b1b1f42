/** A connection that speaks no HTTP, from the peer's side: as much as was said before is heard, then comes what was answered. */
import type { Duplex } from 'node:stream';
import type { AnswerTurns } from './answer-turns.ts';
import type { Part } from './exchanges.ts';

export interface TalkOptions {
  /** which of the recorded talks it is, once it is heard how it begins; `heard`: nothing where the peer begins */
  readonly choose: (heard: Buffer) => readonly Part[] | undefined;
  readonly turns: AnswerTurns;
  /** hears of what the recording has not */
  readonly unmatched: (what: string) => void;
  /** as what bytes of the program are compared; they come in any portions */
  readonly read?: (bytes: Buffer) => Buffer;
  /** What any peer answers, whatever was recorded: to a farewell. */
  readonly courtesy?: (heard: Buffer) => Buffer | undefined;
  /** Makes the connection break off. */
  readonly reset: () => void;
}

/** How long a peer listens before it begins to speak itself. */
const LISTEN_MS = 20;
/** A program that waits so long for what it never got goes another way than it did. */
export const UNANSWERED_MS = 3000;

export class Talk {
  #left: Part[] | undefined;
  #heard = Buffer.alloc(0);
  #isAnswering = false;
  #isOver = false;

  constructor(
    private readonly socket: Duplex,
    private readonly options: TalkOptions,
  ) {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      this.#heard = Buffer.concat([this.#heard, options.read?.(bytes) ?? bytes]);
      if (this.#heard.length > 0) this.goOn();
    });
    socket.on('close', () => (this.#isOver = true));
    setTimeout(() => this.#isOver || this.goOn(), LISTEN_MS);
  }

  goOn(): void {
    this.#left ??= this.#begin();
    while (this.#left && !this.#isAnswering && !this.#isOver) {
      const [part] = this.#left;
      if (!part) return this.#heard.length > 0 ? this.#saysMore() : undefined;
      if (part.from === 'peer') this.#answer(this.#left, part);
      else if (!this.#hear(this.#left, part)) return;
    }
  }

  #begin(): Part[] | undefined {
    const chosen = this.options.choose(this.#heard);
    if (!chosen && this.#heard.length > 0) this.#differs();
    return chosen && [...chosen];
  }

  #answer(left: Part[], { order, after, bytes, ends }: Part): void {
    this.#isAnswering = true;
    this.options.turns.answer(order, after, () => {
      this.#isAnswering = false;
      left.shift();
      if (bytes.length > 0) this.socket.write(bytes);
      if (ends === 'end') this.socket.end();
      else if (ends === 'reset') this.options.reset();
      this.goOn();
    });
  }

  /** Whether it was said. */
  #hear(left: Part[], { bytes }: Part): boolean {
    const same = Math.min(bytes.length, this.#heard.length);
    if (!this.#heard.subarray(0, same).equals(bytes.subarray(0, same))) {
      this.#differs();
      return false;
    }
    if (this.#heard.length < bytes.length) return false;
    this.#heard = this.#heard.subarray(bytes.length);
    left.shift();
    return true;
  }

  /** Behind the end of the recording: a farewell needs no answer, but nobody answers a question. */
  #saysMore(): void {
    const answer = this.options.courtesy?.(this.#heard);
    if (answer) return void this.socket.end(answer);
    this.#isOver = true;
    const wait = setTimeout(() => this.#differs(), UNANSWERED_MS);
    for (const event of ['end', 'close']) this.socket.once(event, () => clearTimeout(wait));
  }

  #differs(): void {
    this.#isOver = true;
    this.options.unmatched('other bytes were sent than in the recording');
    this.socket.destroy();
  }
}
