/** Objects that a JSON text made and nothing has changed since, as the text, from which a reader makes them again. */
import type { Heap, HeapObject } from '../heap.ts';
import { ParsedTree, type ParsedObjects } from '../parsed-json.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { ValueCodec } from './value-codec.ts';

/** UTF-16 units of the texts that are kept parsed; the one used last in any case. */
const KEPT_UNITS = 8_000_000;

interface Known extends ParsedObjects {
  readonly tree: ParsedTree;
}

export class ParsedCodec {
  /** by the number of the outermost object; the one used last comes last */
  private readonly known = new Map<number, Known>();
  private units = 0;

  constructor(
    private readonly values: ValueCodec,
    private readonly heap: Heap,
  ) {}

  write(to: ByteWriter, { first, text, prototype, ofArrays }: ParsedObjects): void {
    to.unsigned(first);
    this.values.write(to, text);
    this.values.write(to, prototype);
    this.values.write(to, ofArrays);
  }

  /** Gives an object its contents. */
  read(from: ByteReader, made: HeapObject, id: number): void {
    const first = from.unsigned();
    const known = this.known.get(first) ?? this.parse(from, first);
    this.known.delete(first);
    this.known.set(first, known);
    known.tree.fill(made, id - first, known, this.heap);
  }

  private parse(from: ByteReader, first: number): Known {
    const text = this.values.value(from) as string;
    const prototype = this.values.value(from);
    const known: Known = { first, text, prototype, ofArrays: this.values.value(from), tree: ParsedTree.of(text)! };
    this.units += text.length;
    for (const [each, { text: other }] of this.known) {
      if (this.units <= KEPT_UNITS) break;
      this.known.delete(each);
      this.units -= other.length;
    }
    return known;
  }
}
