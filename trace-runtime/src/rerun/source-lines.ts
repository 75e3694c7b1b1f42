/** Lines of offsets in recorded sources. */
export class SourceLines {
  readonly #starts = new Map<string, readonly number[]>();

  constructor(private readonly source: (hash: string) => string | undefined) {}

  /** From 1; of an offset in a line that is there. */
  column(hash: string, offset: number): number {
    return offset - (this.#startsOf(hash)[this.line(hash, offset) - 1] ?? 0) + 1;
  }

  /** From 1; 0 where the source is not there. */
  line(hash: string, offset: number): number {
    const starts = this.#startsOf(hash);
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Of a line and column from 1; undefined where there is no such line. */
  offset(hash: string, line: number, column: number): number | undefined {
    const start = this.#startsOf(hash)[line - 1];
    return start === undefined ? undefined : start + column - 1;
  }

  #startsOf(hash: string): readonly number[] {
    let starts = this.#starts.get(hash);
    if (!starts) this.#starts.set(hash, (starts = startsOf(this.source(hash))));
    return starts;
  }
}

function startsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const starts = [0];
  for (const { 0: ending, index } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + ending.length);
  return starts;
}
