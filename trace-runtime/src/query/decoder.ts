import { constants } from 'node:buffer';
import { Attribute, ObjectFlag, ObjectKind, Runtime, Special, Tag } from '../wire/words.ts';
import type { Cursor } from './cursor.ts';
import { ORDINARY, nameFunction, ownProperties } from './heap.ts';
import type { Heap, HeapObject, KindCode } from './heap.ts';
import { defineParsed, type ParsedObjects } from './parsed-json.ts';
import { Paged } from './paged.ts';
import { SymbolTable } from './symbol-table.ts';
import { Accessor, ObjectValue, Redacted, hole, indexOfKey, opaque, toKey, uninitialised } from './values.ts';
import type { Key, Value } from './values.ts';

const MADE_BY_LANGUAGE = Attribute.writable | Attribute.configurable;
const UNREAD_STACK = 'V8 makes the text when the program first reads it; before that the recording has none';
const SHARED = 'other threads change it: the recording has it as it was when each turn began, and after Atomics';
/** UTF-16 units of a text that is not decoded more often than it must be. */
const LONG_TEXT = 4096;
const ORIGINS = ['local', 'registered', 'well-known'] as const;

/** Is told the strings that a stream defines, as they are defined. */
export interface StringListener {
  literal(id: number, text: string): void;
  substring(id: number, text: string, parent: number, start: number): void;
  concat(id: number, text: string, left: number, right: number): void;
}

/** Reads values, and applies the definitions that stand before them. */
export class Decoder {
  /** those in memory */
  readonly strings = new Paged<string>();
  /** gives strings that are not in memory, where they are kept elsewhere */
  absent: ((id: number) => string | undefined) | undefined;
  /** whether a string that is not in memory is kept elsewhere */
  keeps: ((id: number) => boolean) | undefined;
  listener: StringListener | undefined;
  /** is told the objects that a JSON text defines, once they are defined */
  parsed: ((objects: ParsedObjects) => void) | undefined;
  /** a function whose `prototype` the record being read replaces */
  given: Value = undefined;
  readonly symbols = new SymbolTable();
  /** a value was not there since the record began: what says that many more follow is damaged */
  failed = false;

  constructor(
    private readonly cursor: Cursor,
    private readonly heap: Heap,
    private readonly problem: (sentence: string) => void,
    private readonly declare: (subject: string, reason: string) => void,
  ) {}

  int(): number {
    const word = this.cursor.next();
    if ((word & 1) === 0) return word >> 1;
    this.cursor.back();
    const value = this.value();
    if (typeof value === 'number') return value | 0;
    this.problem('A number was expected in the stream, but it holds another value.');
    return 0;
  }

  value(): Value {
    for (;;) {
      const word = this.cursor.next();
      if ((word & 1) === 0) return word >> 1;
      switch (word & 7) {
        case Tag.object:
          return this.heap.value(word >>> 3);
        case Tag.string:
          return this.string(word >>> 3);
        case Tag.special:
          return this.special(word >>> 3);
        default:
          if (this.definition(word >>> 4)) continue;
          this.cursor.back();
          this.failed = true;
          this.problem('The stream holds a record where a value was expected.');
          return opaque;
      }
    }
  }

  values(count: number): Value[] {
    const values: Value[] = [];
    for (let i = 0; i < count && !this.cursor.ended && !this.failed; i++) values.push(this.value());
    return values;
  }

  /** Text for names, paths and the like: '' for anything else. */
  text(): string {
    const value = this.value();
    return typeof value === 'string' ? value : '';
  }

  bytes(length: number): Uint8Array {
    if (length >= 0 && length <= 0x7fffffff) return this.cursor.nextBytes(length);
    this.problem('The stream holds an impossible length.');
    return new Uint8Array(0);
  }

  /** Applies the definition whose control word was read; false where the record is no definition. */
  definition(id: number): boolean {
    this.failed = false;
    switch (id) {
      case Runtime.defString:
        this.defString();
        return true;
      case Runtime.defSubstring: {
        const id = this.int();
        const parent = this.int();
        const start = this.int();
        const length = this.int();
        const text = this.string(parent).substring(start, start + length);
        this.strings.set(id, text);
        this.listener?.substring(id, text, parent, length < 0 ? -1 : start);
        return true;
      }
      case Runtime.defConcat: {
        const id = this.int();
        const leftId = this.int();
        const left = this.string(leftId);
        const rightId = this.int();
        const right = this.string(rightId);
        // only a damaged stream makes a longer one
        const text = left.length + right.length > constants.MAX_STRING_LENGTH ? left : left + right;
        this.strings.set(id, text);
        this.listener?.concat(id, text, leftId, rightId);
        return true;
      }
      case Runtime.defSymbol: {
        const id = this.int();
        const description = this.value();
        const origin = ORIGINS[this.int()] ?? 'local';
        const text = typeof description === 'string' ? description : undefined;
        this.symbols.define(id, text, origin);
        return true;
      }
      case Runtime.defObject:
        this.defObject();
        return true;
      case Runtime.defBytes:
        this.defBytes();
        return true;
      case Runtime.defParsed:
        this.defParsed();
        return true;
      default:
        return false;
    }
  }

  private string(id: number): string {
    const text = id === 0 ? '' : (this.strings.get(id) ?? this.absent?.(id));
    if (text !== undefined) return text;
    this.problem(`String ${id} is used but was never defined.`);
    return '';
  }

  private special(code: number): Value {
    switch (code) {
      case Special.undefined:
        return undefined;
      case Special.null:
        return null;
      case Special.true:
        return true;
      case Special.false:
        return false;
      case Special.negativeZero:
        return -0;
      case Special.nan:
        return NaN;
      case Special.double:
        return this.cursor.nextDouble();
      case Special.bigint:
        return toBigInt(this.text());
      case Special.symbol:
        return this.symbols.of(this.int());
      case Special.hole:
        return hole;
      case Special.uninitialised:
        return uninitialised;
      case Special.accessor:
        this.problem('The stream holds an accessor where a value was expected.');
        this.value();
        this.value();
        return opaque;
      case Special.redacted:
        return new Redacted(this.text());
      default:
        return opaque;
    }
  }

  /** A property's contents: a value or an accessor. */
  contents(): Value | Accessor {
    for (;;) {
      const word = this.cursor.next();
      if ((word & 7) === Tag.special && word >>> 3 === Special.accessor) {
        const get = this.value();
        return new Accessor(get, this.value());
      }
      if ((word & 7) === Tag.control && this.definition(word >>> 4)) continue;
      this.cursor.back();
      return this.value();
    }
  }

  private defString(): void {
    const id = this.int();
    const length = this.int();
    const wide = this.int() === 1;
    const bytes = wide ? length * 2 : length;
    // the stream is read again
    if (this.strings.get(id)?.length === length || (length > LONG_TEXT && this.keeps?.(id) === true))
      return this.cursor.skipBytes(bytes);
    if (bytes < 0 || bytes > 0x7fffffff) return this.problem('The stream holds an impossible length.');
    const text = this.cursor.nextText(bytes, wide ? 'utf16le' : 'latin1');
    this.strings.set(id, text);
    this.listener?.literal(id, text);
  }

  private defBytes(): void {
    const buffer = this.value();
    const offset = this.int();
    const bytes = this.bytes(this.int());
    if (buffer instanceof ObjectValue) this.heap.setBytes(buffer, offset, bytes);
  }

  private defParsed(): void {
    const text = this.text();
    const prototype = this.value();
    const ofArrays = this.value();
    const objects = { first: this.int(), text, prototype, ofArrays };
    if (defineParsed(this.heap, objects)) this.parsed?.(objects);
    else this.problem('The stream holds a JSON text that cannot be parsed.');
  }

  private defObject(): void {
    const id = this.int();
    const kind = this.int() as KindCode;
    const flags = this.int();
    // read into a scratch object: definitions of other objects may stand between the parts
    const prototype = this.value();
    const className = this.text();
    const object = this.heap.define(id);
    object.kind = kind;
    object.flags = flags;
    object.prototype = prototype;
    object.className = className;
    this.payload(id, object);
    const count = this.int();
    for (let i = 0; i < count && !this.cursor.ended && !this.failed; i++) {
      const key = toKey(this.value());
      const contents = this.contents();
      const attributes = this.int();
      if (key === undefined || toldOfArray(object, key, contents, attributes)) continue;
      ownProperties(object).set(key, contents);
      if (attributes !== ORDINARY) object.setAttributes(key, attributes);
    }
    if (kind === ObjectKind.plain) this.linkPrototype(id, object);
  }

  /** The `prototype` of a function whose definition was derived is recognised by its `constructor`. */
  private linkPrototype(id: number, object: HeapObject): void {
    const constructor = object.properties.get('constructor');
    // as the language makes it: one that the program made has other attributes, or is becoming the prototype just now
    if (!(constructor instanceof ObjectValue) || object.attributesOf('constructor') !== MADE_BY_LANGUAGE) return;
    if ((object.flags & ObjectFlag.owned) === 0 || constructor === this.given) return;
    this.heap.namePrototype(constructor, this.heap.value(id));
  }

  private payload(id: number, object: HeapObject): void {
    switch (object.kind) {
      case ObjectKind.array:
      case ObjectKind.arguments:
        this.elements(object);
        return;
      case ObjectKind.function: {
        const name = this.text();
        const length = this.int();
        const site = this.int();
        object.code = { name, length, site, environment: this.int() };
        nameFunction(object, name, length);
        return;
      }
      case ObjectKind.map:
      case ObjectKind.set: {
        const size = this.int();
        const entries = (object.entries = new Map<Value, Value>());
        for (let i = 0; i < size && !this.cursor.ended && !this.failed; i++) {
          const key = this.value();
          entries.set(key, object.kind === ObjectKind.map ? this.value() : undefined);
        }
        return;
      }
      case ObjectKind.error:
        object.inner = this.value();
        if (object.inner === opaque) this.declare('the text of stacks', UNREAD_STACK);
        return;
      case ObjectKind.date:
      case ObjectKind.boxed:
        object.inner = this.value();
        return;
      case ObjectKind.intrinsic:
        object.inner = this.value();
        if (typeof object.inner === 'string') this.heap.nameIntrinsic(object.inner, this.heap.value(id));
        return;
      case ObjectKind.regexp:
      case ObjectKind.proxy:
        object.inner = this.value();
        object.inner2 = this.value();
        return;
      case ObjectKind.typedArray:
      case ObjectKind.dataView: {
        const buffer = this.value();
        const offset = this.int();
        object.view = { buffer: buffer instanceof ObjectValue ? buffer : undefined, offset, length: this.int() };
        return;
      }
      case ObjectKind.arrayBuffer:
        object.bytes = this.bytes(this.int());
        if (object.className === 'SharedArrayBuffer') this.declare('shared memory', SHARED);
        return;
      default:
    }
  }

  private elements(object: HeapObject): void {
    const length = this.int();
    const elements: Value[] = (object.elements = []);
    let read = 0;
    for (; read < length && !this.cursor.ended && !this.failed; read++) {
      const value = this.value();
      if (value !== hole) elements[read] = value;
    }
    // where it ends with holes; a damaged length counts for nothing
    elements.length = read;
  }
}

/** Of a long and nearly empty array elements and length are told as properties. */
function toldOfArray(
  { kind, elements }: HeapObject,
  key: Key,
  contents: Value | Accessor,
  attributes: number,
): boolean {
  if (kind !== ObjectKind.array || elements === undefined || contents instanceof Accessor) return false;
  if (key === 'length') {
    if (typeof contents === 'number') elements.length = contents;
    return true;
  }
  const index = attributes === ORDINARY ? indexOfKey(key as Value) : -1;
  if (index >= 0) elements[index] = contents;
  return index >= 0;
}

function toBigInt(digits: string): bigint {
  return /^-?\d+$/.test(digits) ? BigInt(digits) : 0n;
}
