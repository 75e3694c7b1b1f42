/** Values as bytes, as they are kept in the index. Objects are their ids. */
import type { Heap } from '../heap.ts';
import { Accessor, Hole, ObjectValue, Opaque, Redacted, SymbolValue, Uninitialised } from '../values.ts';
import { hole, opaque, uninitialised, type Key, type Value } from '../values.ts';
import type { SymbolTable } from '../symbol-table.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { SHORT, type StringTable } from './string-table.ts';
import { readUnits, writeUnits } from './texts.ts';

const T = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  integer: 4,
  double: 5,
  bigint: 6,
  short: 7,
  defined: 8,
  text: 9,
  object: 10,
  symbol: 11,
  hole: 12,
  uninitialised: 13,
  opaque: 14,
  redacted: 15,
  accessor: 16,
} as const;

export class ValueCodec {
  constructor(
    private readonly heap: Heap,
    private readonly symbols: SymbolTable,
    private readonly strings: StringTable,
    /** a string that the stream defines, by its id */
    private readonly defined: (id: number) => string | undefined,
  ) {}

  write(to: ByteWriter, value: Value | Accessor): void {
    switch (typeof value) {
      case 'undefined':
        return to.byte(T.undefined);
      case 'boolean':
        return to.byte(value ? T.true : T.false);
      case 'number':
        return writeNumber(to, value);
      case 'string':
        return this.writeString(to, value);
      case 'bigint':
        to.byte(T.bigint);
        return to.text(String(value));
      default:
        if (value === null) to.byte(T.null);
        else this.writeOther(to, value);
    }
  }

  private writeString(to: ByteWriter, text: string): void {
    if (text.length <= SHORT) {
      to.byte(T.short);
      writeUnits(to, text);
      return;
    }
    const id = this.strings.idOf(text);
    to.byte(id === undefined ? T.text : T.defined);
    to.unsigned(id ?? this.strings.texts.put(text));
  }

  private writeOther(
    to: ByteWriter,
    value: Exclude<Value | Accessor, string | number | boolean | bigint | null>,
  ): void {
    if (value instanceof ObjectValue) {
      to.byte(T.object);
      to.signed(value.id);
    } else if (value instanceof SymbolValue) {
      to.byte(T.symbol);
      to.signed(value.id);
    } else if (value instanceof Accessor) {
      to.byte(T.accessor);
      this.write(to, value.get);
      this.write(to, value.set);
    } else if (value instanceof Redacted) {
      to.byte(T.redacted);
      to.text(value.name);
    } else if (value instanceof Hole) to.byte(T.hole);
    else if (value instanceof Uninitialised) to.byte(T.uninitialised);
    else if (value instanceof Opaque) to.byte(T.opaque);
  }

  /** A value, where there can be no accessor. */
  value(from: ByteReader): Value {
    return this.contents(from) as Value;
  }

  contents(from: ByteReader): Value | Accessor {
    switch (from.byte()) {
      case T.undefined:
        return undefined;
      case T.null:
        return null;
      case T.true:
        return true;
      case T.false:
        return false;
      case T.integer:
        return from.signed();
      case T.double:
        return from.double();
      case T.bigint:
        return BigInt(from.text());
      case T.short:
        return readUnits(from);
      case T.defined:
        return this.defined(from.unsigned()) ?? '';
      case T.text:
        return this.strings.texts.get(from.unsigned());
      case T.object:
        return this.heap.value(from.signed());
      case T.symbol:
        return this.symbols.of(from.signed());
      case T.accessor: {
        const get = this.value(from);
        return new Accessor(get, this.value(from));
      }
      case T.hole:
        return hole;
      case T.uninitialised:
        return uninitialised;
      case T.redacted:
        return new Redacted(from.text());
      default:
        return opaque;
    }
  }

  key(from: ByteReader): Key {
    return this.value(from) as Key;
  }
}

function writeNumber(to: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 51 && !Object.is(value, -0)) {
    to.byte(T.integer);
    to.signed(value);
    return;
  }
  to.byte(T.double);
  to.double(value);
}
