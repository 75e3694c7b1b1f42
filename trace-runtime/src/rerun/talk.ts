/** A connection that speaks no HTTP, from the peer's side: as much as was said before is heard, then comes what was answered. */
import { writeFileSync } from 'node:fs';
import type { Part } from './exchanges.ts';
import type { PeerConnection } from './peer-connection.ts';

export interface TalkOptions {
  /** which of the recorded talks it is, once it is heard how it begins; `heard`: nothing where the peer begins */
  readonly choose: (heard: Buffer) => readonly Part[] | undefined;
  /** hears of what the recording has not */
  readonly unmatched: (what: string) => void;
  /** as what bytes of the program are compared; they come in any portions */
  readonly read?: (bytes: Buffer) => Buffer;
  /** What any peer answers, whatever was recorded: to a farewell. */
  readonly courtesy?: (heard: Buffer) => Buffer | undefined;
  /** the program has made more connections to the peer than are recorded */
  readonly isFurther?: boolean;
  /** Who takes the connection over once all of the chosen talk was said, if anybody does. */
  readonly successor?: (chosen: readonly Part[]) => Successor | undefined;
  /** tells the program's side that the end is none, but that the connection broke off */
  readonly resetFile: string;
}

/** `heard`: what the program said behind the talk. */
export type Successor = (heard: Buffer) => void;

/** A program that waits so long for what it never got goes another way than it did. */
export const UNANSWERED_MS = 3000;

export class Talk {
  #left: Part[] | undefined;
  #successor: Successor | undefined;
  #heard = Buffer.alloc(0);
  #lead = 0;
  #follows: boolean;
  #isOver = false;

  /** `follows`: the peer has spoken just now. */
  constructor(
    private readonly connection: PeerConnection,
    private readonly options: TalkOptions,
    follows = false,
  ) {
    this.#follows = follows;
    connection.on('error', () => undefined);
    connection.on('data', this.#hears);
    connection.on('close', () => (this.#isOver = true));
    this.#goOn();
    if (options.isFurther && !this.#left) this.#waitsForIt();
  }

  readonly #hears = (bytes: Buffer): void => {
    this.#heard = Buffer.concat([this.#heard, this.options.read?.(bytes) ?? bytes]);
    if (this.#heard.length > 0) this.#goOn();
  };

  #goOn(): void {
    this.#left ??= this.#begin();
    while (this.#left && !this.#isOver) {
      const [part] = this.#left;
      if (!part && this.#successor) return this.#handsOver(this.#successor);
      if (!part) return this.#heard.length > 0 ? this.#saysMore() : undefined;
      if (part.from === 'peer') this.#answer(part);
      else if (!this.#hear(part)) return;
      this.#left.shift();
    }
  }

  #begin(): Part[] | undefined {
    const chosen = this.options.choose(this.#heard);
    if (!chosen && this.#heard.length > 0) this.#differs();
    this.#successor = chosen && this.options.successor?.(chosen);
    return chosen && [...chosen];
  }

  #answer({ after, bytes, ends }: Part): void {
    const time = { after, lead: this.#lead, follows: this.#follows };
    this.#follows = true;
    if (ends === 'reset') writeFileSync(this.options.resetFile, '');
    if (ends) return this.connection.breaksOff(time, '');
    this.connection.answers(time);
    this.connection.write(bytes);
  }

  /** Whether it was said. */
  #hear({ bytes, lead }: Part): boolean {
    const same = Math.min(bytes.length, this.#heard.length);
    if (!this.#heard.subarray(0, same).equals(bytes.subarray(0, same))) {
      this.#differs();
      return false;
    }
    if (this.#heard.length < bytes.length) return false;
    this.#heard = this.#heard.subarray(bytes.length);
    this.#lead = lead;
    this.#follows = false;
    return true;
  }

  /** Behind the end of the recording: a farewell needs no answer, but nobody answers a question. */
  #saysMore(): void {
    const answer = this.options.courtesy?.(this.#heard);
    this.#isOver = true;
    if (answer) return void this.connection.end(answer);
    const wait = setTimeout(() => this.#differs('more was sent than in the recording'), UNANSWERED_MS);
    for (const event of ['end', 'close']) this.connection.once(event, () => clearTimeout(wait));
  }

  #handsOver(to: Successor): void {
    this.#isOver = true;
    this.connection.off('data', this.#hears);
    to(this.#heard);
  }

  /** A program that says nothing waits to be spoken to, and no peer of the recording does. */
  #waitsForIt(): void {
    const wait = setTimeout(() => this.#differs('one connection more than in the recording'), UNANSWERED_MS);
    for (const event of ['data', 'end', 'close']) this.connection.once(event, () => clearTimeout(wait));
  }

  #differs(why = 'other bytes were sent than in the recording'): void {
    this.#isOver = true;
    this.options.unmatched(why);
    this.connection.destroy();
  }
}
