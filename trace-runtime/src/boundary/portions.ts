/** Bytes of a pipe of an exact run, in the portions in which they came when it was recorded. */
export class Portions {
  readonly #sizes: number[];
  #next = 0;
  #held: Uint8Array[] = [];
  #length = 0;

  /** `sizes`: in bytes */
  constructor(sizes: readonly number[]) {
    this.#sizes = [...sizes];
  }

  /** The portions that are whole now. What comes after the last recorded one is handed on as it comes. */
  add(bytes: Uint8Array): readonly Buffer[] {
    this.#held.push(bytes);
    this.#length += bytes.length;
    const whole: Buffer[] = [];
    for (;;) {
      const size = this.#sizes[this.#next] ?? this.#length;
      if (size === 0 || this.#length < size) return whole;
      this.#next++;
      whole.push(this.#take(size));
    }
  }

  /** What is left where the pipe ends. */
  rest(): Buffer | undefined {
    return this.#length === 0 ? undefined : this.#take(this.#length);
  }

  #take(size: number): Buffer {
    const all = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
    this.#length -= size;
    this.#held = this.#length === 0 ? [] : [all.subarray(size)];
    return Buffer.from(all.buffer, all.byteOffset, size);
  }
}
