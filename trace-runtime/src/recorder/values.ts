/**
 * Values as words. Numbers, strings that are known and objects that carry their word are written at once; the rest takes
 * a slow path. An object carries its word in a private field: that works on frozen objects, functions and proxies, is
 * seen by no program and calls no trap.
 */
import { bigintText, charCodeAt, objectIs, symbolDescription, symbolKeyFor, OwnMap } from './primordials.ts';
import { Register } from './registers.ts';
import type { Room } from './room.ts';
import type { Strings } from './strings.ts';
import { Runtime, Special, Tag } from '../wire/words.ts';

export interface Values {
  /** Writes any value, with the definitions it needs before it. At most 3 words where no definition is needed. */
  put(position: number, value: unknown): number;
  /** the word an object carries; 0: not seen yet */
  wordOf(object: object): number;
  /** as wordOf; 0 for primitives */
  wordOfAny(value: unknown): number;
  /** Gives an object that carries none the next word. */
  stamp(object: object): number;
  /** Every symbol is defined anew when it is met next. */
  forgetSymbols(): void;
}

export interface SlowObjects {
  putObject(position: number, object: object): number;
}

const special = (code: number): number => (code << 3) | Tag.special;
const control = (id: number): number => (id << 4) | Tag.control;
const WORD = {
  undefined: special(Special.undefined),
  null: special(Special.null),
  true: special(Special.true),
  false: special(Special.false),
  negativeZero: special(Special.negativeZero),
  nan: special(Special.nan),
  double: special(Special.double),
  bigint: special(Special.bigint),
  symbol: special(Special.symbol),
  defSymbol: control(Runtime.defSymbol),
} as const;

/** Returns what it is given, so that a subclass puts its fields on an object that exists. */
const Host = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

export function createValues(
  words: Int32Array,
  registers: Int32Array,
  room: Room,
  strings: Strings,
  slow: SlowObjects,
): Values {
  const double = new Float64Array(1);
  const halves = new Int32Array(double.buffer);
  const symbols = new OwnMap<symbol, number>();
  const putString = strings.put;
  const globalObject: unknown = globalThis;
  const wellKnown = wellKnownSymbols();

  class Stamp extends Host {
    readonly #word: number = registers[Register.objectWord]!;

    // the constructor that a class has by itself spreads its arguments: it would call the program's iterator of arrays
    constructor(object: object) {
      super(object);
    }

    /** Kept small: it is inlined into every hook. */
    static put(this: void, position: number, value: unknown): number {
      if (typeof value === 'number') {
        const word = value << 1;
        if (word >> 1 === value && (word !== 0 || !objectIs(value, -0))) {
          words[position] = word;
          return position + 1;
        }
        return putNumber(position, value);
      }
      return putOther(position, value);
    }

    static putOther(this: void, position: number, value: unknown): number {
      if (typeof value === 'object' ? value !== null : typeof value === 'function') {
        // `this` of sloppy functions, most often
        if (value === globalObject && registers[Register.globalWord] !== 0) {
          words[position] = registers[Register.globalWord]!;
          return position + 1;
        }
        if (#word in (value as object)) {
          words[position] = (value as Stamp).#word;
          return position + 1;
        }
        return slow.putObject(position, value as object);
      }
      if (typeof value === 'string') return putString(position, value);
      return putRest(position, value);
    }

    static wordOf(this: void, object: object): number {
      return #word in object ? (object as Stamp).#word : 0;
    }

    static wordOfAny(this: void, value: unknown): number {
      if (typeof value === 'object' ? value === null : typeof value !== 'function') return 0;
      return #word in (value as object) ? (value as Stamp).#word : 0;
    }
  }

  const { putOther } = Stamp;

  function putNumber(position: number, value: number): number {
    if (value === 0) {
      words[position] = WORD.negativeZero;
      return position + 1;
    }
    if (value !== value) {
      words[position] = WORD.nan;
      return position + 1;
    }
    double[0] = value;
    words[position] = WORD.double;
    words[position + 1] = halves[0]!;
    words[position + 2] = halves[1]!;
    return position + 3;
  }

  function putRest(position: number, value: unknown): number {
    if (value === undefined) words[position] = WORD.undefined;
    else if (value === true) words[position] = WORD.true;
    else if (value === false) words[position] = WORD.false;
    else if (value === null) words[position] = WORD.null;
    else if (typeof value === 'bigint') return putBigint(position, value);
    else return putSymbol(position, value as symbol);
    return position + 1;
  }

  function putBigint(position: number, value: bigint): number {
    const digits = bigintText(value);
    const next = room.at(strings.define(position, digits));
    words[next] = WORD.bigint;
    words[next + 1] = registers[Register.found]!;
    return next + 2;
  }

  function putSymbol(position: number, value: symbol): number {
    let next = room.at(position);
    let id = symbols.get(value);
    if (id === undefined) {
      id = registers[Register.symbol]! + 1;
      const description = symbolDescription(value);
      const kind = wellKnown.has(value) ? 2 : symbolKeyFor(value) === undefined ? 0 : 1;
      let word: number = WORD.undefined;
      if (description !== undefined) {
        next = room.at(strings.define(next, description));
        word = registers[Register.found]!;
      }
      words[next] = WORD.defSymbol;
      words[next + 1] = id << 1;
      words[next + 2] = word;
      words[next + 3] = kind << 1;
      next += 4;
      symbols.set(value, id);
      registers[Register.symbol] = id;
    }
    words[next] = WORD.symbol;
    words[next + 1] = id << 1;
    return next + 2;
  }

  function stamp(object: object): number {
    const word = registers[Register.objectWord]!;
    new Stamp(object);
    registers[Register.objectWord] = word + 8;
    return word;
  }

  return {
    put: Stamp.put,
    wordOf: Stamp.wordOf,
    wordOfAny: Stamp.wordOfAny,
    stamp,
    forgetSymbols: () => symbols.clear(),
  };
}

function wellKnownSymbols(): OwnMap<symbol, boolean> {
  const found = new OwnMap<symbol, boolean>();
  for (const key of Object.getOwnPropertyNames(Symbol)) {
    const value: unknown = Object.getOwnPropertyDescriptor(Symbol, key)?.value;
    if (typeof value === 'symbol') found.set(value, true);
  }
  return found;
}

/** The value of a decimal index, -1 for other keys. */
export function indexOf(key: string): number {
  const length = key.length;
  if (length === 0 || length > 10) return -1;
  let index = 0;
  for (let i = 0; i < length; i++) {
    const digit = charCodeAt(key, i) - 48;
    if (digit < 0 || digit > 9) return -1;
    index = index * 10 + digit;
  }
  return index;
}
