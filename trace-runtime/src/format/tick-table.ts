import type { TickColumns } from './footer.ts';

/** Ticks as growing columns. */
export class TickTable {
  #length = 0;
  #room = 64;
  #word = new Float64Array(64);
  #tick = new Int32Array(64);
  #cause = new Uint8Array(64);
  #causeTick = new Int32Array(64);
  #records = new Uint32Array(64);
  #hashA = new Int32Array(64);
  #hashB = new Int32Array(64);

  get length(): number {
    return this.#length;
  }

  push(
    word: number,
    tick: number,
    cause: number,
    causeTick: number,
    records: number,
    hashA: number,
    hashB: number,
  ): void {
    if (this.#length === this.#room) this.#grow();
    const at = this.#length++;
    this.#word[at] = word;
    this.#tick[at] = tick;
    this.#cause[at] = cause;
    this.#causeTick[at] = causeTick;
    this.#records[at] = records;
    this.#hashA[at] = hashA;
    this.#hashB[at] = hashB;
  }

  /** Views on the columns as they are now. */
  columns(): TickColumns {
    const length = this.#length;
    return {
      length,
      word: this.#word.subarray(0, length),
      tick: this.#tick.subarray(0, length),
      cause: this.#cause.subarray(0, length),
      causeTick: this.#causeTick.subarray(0, length),
      records: this.#records.subarray(0, length),
      hashA: this.#hashA.subarray(0, length),
      hashB: this.#hashB.subarray(0, length),
    };
  }

  #grow(): void {
    this.#room *= 2;
    this.#word = grown(this.#word, new Float64Array(this.#room));
    this.#tick = grown(this.#tick, new Int32Array(this.#room));
    this.#cause = grown(this.#cause, new Uint8Array(this.#room));
    this.#causeTick = grown(this.#causeTick, new Int32Array(this.#room));
    this.#records = grown(this.#records, new Uint32Array(this.#room));
    this.#hashA = grown(this.#hashA, new Int32Array(this.#room));
    this.#hashB = grown(this.#hashB, new Int32Array(this.#room));
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
