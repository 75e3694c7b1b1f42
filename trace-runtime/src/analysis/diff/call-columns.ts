/** Bits of `flags`; `gaveNoise`: its result comes from a clock or the like. */
export const Call = { waits: 1, edited: 2, outside: 4, gaveNoise: 8 } as const;

/** A place at which all that happened before is in two hashes. */
export interface Checkpoint {
  readonly word: number;
  readonly hash: number;
  readonly other: number;
}

/** How many checkpoints of two streams are equal, one behind the other. */
export function equalCheckpoints({ checkpoints: a }: CallColumns, { checkpoints: b }: CallColumns): number {
  const isEqual = (i: number): boolean => a[i]!.hash === b[i]!.hash && a[i]!.other === b[i]!.other;
  let count = 0;
  while (count < a.length && count < b.length && isEqual(count)) count++;
  return count;
}

/** Columns by a call's number in its stream, from 1; row 0 stands for the event loop, which makes the outermost calls. */
export class CallColumns {
  calls = 0;
  /** key of the function */
  functions = new Int32Array(1024);
  parents = new Uint32Array(1024);
  /** the way it went; the values it had, but those that come from clocks and the like; the numbers of objects it named */
  control = new Int32Array(1024);
  values = new Int32Array(1024);
  names = new Int32Array(1024);
  /** words at which it began and ended */
  begins = new Uint32Array(1024);
  ends = new Uint32Array(1024);
  flags = new Uint8Array(1024);
  readonly checkpoints: Checkpoint[] = [];
  /** turns of the event loop: keys of what they entered or resumed */
  readonly turns: number[] = [];
  /** the hash of loops that are not recorded step by step */
  loops: number = 0;
  /** undefined where the thread did not end in good order */
  exitCode: number | undefined;
  /** hashed records */
  records = 0;
  /** the function's index in its file */
  protected owners = new Int32Array(1024);

  protected grow(): void {
    const longer = <T extends Int32Array | Uint32Array | Uint8Array>(column: T): T => {
      const grown = new (column.constructor as new (length: number) => T)(column.length * 2);
      grown.set(column);
      return grown;
    };
    this.functions = longer(this.functions);
    this.parents = longer(this.parents);
    this.control = longer(this.control);
    this.values = longer(this.values);
    this.names = longer(this.names);
    this.begins = longer(this.begins);
    this.ends = longer(this.ends);
    this.flags = longer(this.flags);
    this.owners = longer(this.owners);
  }
}
