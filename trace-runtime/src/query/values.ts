/**
 * Values as a recording holds them. Primitives are the primitives themselves; everything that has an identity is one
 * instance per id, so `===` is identity. No value ever refers to the reader's own objects.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | SymbolValue
  | ObjectValue
  | Hole
  | Uninitialised
  | Opaque
  | Redacted;

/** An object of the program; what it holds at a moment is in the heap under this id. */
export class ObjectValue {
  readonly kind = 'object';
  #with: object | undefined;

  /** Only the heap changes it: an object of the language keeps the id that it was first shown by. */
  constructor(public id: number) {}

  /** As long as the value is held, so is `other`, unless something else is already; gives what is. */
  static hold(value: ObjectValue, other: object): object {
    return (value.#with ??= other);
  }
}

export class SymbolValue {
  readonly kind = 'symbol';
  constructor(
    readonly id: number,
    readonly description: string | undefined,
    /** 'well-known' symbols have descriptions such as `Symbol.iterator` */
    readonly origin: 'local' | 'registered' | 'well-known',
  ) {}
}

/** An absent element of a sequence. */
export class Hole {
  readonly kind = 'hole';
}

/** A binding in its temporal dead zone. */
export class Uninitialised {
  readonly kind = 'uninitialised';
}

/** A value that was not captured, or that could not be computed again. */
export class Opaque {
  readonly kind = 'opaque';
}

/** A secret's place. */
export class Redacted {
  readonly kind = 'redacted';
  constructor(readonly name: string) {}
}

/** What an accessor property holds instead of a value. */
export class Accessor {
  readonly kind = 'accessor';
  constructor(
    readonly get: Value,
    readonly set: Value,
  ) {}
}

export const hole = new Hole();
export const uninitialised = new Uninitialised();
export const opaque = new Opaque();

/** Property keys in their canonical form: array indices are strings here, as everywhere in the language. */
export type Key = string | SymbolValue;

export type Primitive = undefined | null | boolean | number | bigint | string;

export function isPrimitive(value: Value): value is Primitive {
  return typeof value !== 'object' || value === null;
}

export function isObject(value: Value | Accessor): value is ObjectValue {
  return value instanceof ObjectValue;
}

/** ToPropertyKey for primitives and symbols; undefined where the key is not known. */
export function toKey(value: Value): Key | undefined {
  if (typeof value === 'string') return value;
  if (isPrimitive(value)) return String(value);
  return value instanceof SymbolValue ? value : undefined;
}

/** The array index that a key names, or -1. */
export function indexOfKey(key: Value): number {
  if (typeof key === 'number') return key >= 0 && key < 4294967295 && Number.isInteger(key) ? key : -1;
  if (typeof key !== 'string' || key.length === 0 || key.length > 10) return -1;
  const first = key.charCodeAt(0);
  if (first < 48 || first > 57 || (first === 48 && key.length > 1)) return -1;
  const index = Number(key);
  return index < 4294967295 && Number.isInteger(index) && String(index) === key ? index : -1;
}
