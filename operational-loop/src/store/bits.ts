/** Single bits in a growing array of bytes, the most significant first. */
export class BitWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  #pending = 0;
  #free = 8;

  /** The `count` lowest bits of `value`, 0 to 32 of them. */
  write(value: number, count: number): void {
    let left = count;
    while (left > 0) {
      const taken = Math.min(left, this.#free);
      const bits = (value >>> (left - taken)) & ((1 << taken) - 1);
      this.#pending |= bits << (this.#free - taken);
      this.#free -= taken;
      left -= taken;
      if (this.#free === 0) this.#push();
    }
  }

  /** What was written, filled up with zeros to a whole byte. */
  finish(): Uint8Array {
    if (this.#free < 8) this.#push();
    return this.#bytes.subarray(0, this.#length);
  }

  #push(): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = this.#pending;
    this.#pending = 0;
    this.#free = 8;
  }
}

/** Reads what a `BitWriter` wrote. Beyond the end there are zeros. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #left = 8;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** 0 to 32 bits as an unsigned number */
  read(count: number): number {
    let value = 0;
    let wanted = count;
    while (wanted > 0) {
      const taken = Math.min(wanted, this.#left);
      const bits = ((this.#bytes[this.#at] ?? 0) >>> (this.#left - taken)) & ((1 << taken) - 1);
      value = (value << taken) | bits;
      this.#left -= taken;
      wanted -= taken;
      if (this.#left === 0) {
        this.#at++;
        this.#left = 8;
      }
    }
    return value >>> 0;
  }
}
