/** Where the sidecar takes one stream's words from: spool files or a ring. */
export interface StreamSource {
  readonly stream: string;
  /** Fills `target` with the words that follow; the result is their count, 0 where there are none now. */
  read(target: Int32Array): number;
  /** All words below this number are in a segment: what holds them may go. */
  release(word: number): void;
  /** number of the next word */
  readonly word: number;
  /** The program's registers (Slot) as they were at the last read, where they can be seen. */
  readonly registers?: Int32Array;
  /** true after an orderly end, once everything was read */
  readonly closed: boolean;
  dispose(): void;
}
