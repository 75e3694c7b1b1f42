/**
 * Values of two runs side by side. Objects are alike by what they hold when they are first met; from then on each stands
 * for the other, and is known again by that. Ids are never compared, but of objects that both runs had before they differed
 * in anything: these were numbered in the order in which they were first seen.
 */
import { ObjectKind } from '../../wire/words.ts';
import type { HeapObject } from '../../query/heap.ts';
import type { StreamState } from '../../query/stream-state.ts';
import { Accessor, ObjectValue, Redacted, SymbolValue, indexOfKey, type Key, type Value } from '../../query/values.ts';
import { shownBytes } from '../../query/typed-arrays.ts';
import type { CodeKeys } from './code-keys.ts';
import type { RunTexts } from './texts.ts';

/** Objects that one comparison looks into. */
const MOST = 20_000;

export interface Run {
  readonly state: StreamState;
  readonly texts: RunTexts;
}

/** Kinds of which nothing is compared but the class. */
const CLOSED: ReadonlySet<number> = new Set([
  ObjectKind.promise,
  ObjectKind.weak,
  ObjectKind.opaque,
  ObjectKind.generator,
]);

export interface Except {
  readonly object: number;
  readonly key: Key | undefined;
}

export class ValuePairs {
  private readonly ofA = new Map<number, number>();
  private readonly ofB = new Map<number, number>();
  private left = 0;
  private except: Except | undefined;

  /** `shared`: objects of lower ids were met by both runs before they differed. */
  constructor(
    private readonly a: Run,
    private readonly b: Run,
    private readonly keys: CodeKeys,
    private readonly shared: number,
  ) {}

  /** Whether the values are alike; objects that are met for the first time stand for each other from here on. */
  same(a: Value | Accessor, b: Value | Accessor): boolean {
    this.left = MOST;
    return this.compare(a, b, (x, y) => this.meet(x, y));
  }

  /**
   * Whether the values hold the same at this moment, all the way down as far as a comparison goes. `except`: the first
   * run's object of which nothing is compared, or only a property is left out.
   */
  holdSame(a: Value | Accessor, b: Value | Accessor, except?: Except): boolean {
    this.left = MOST / 10;
    this.except = except;
    const seen = new Set<number>();
    const look = (x: ObjectValue, y: ObjectValue): boolean => {
      if (seen.has(x.id) || (x.id === except?.object && except.key === undefined)) return true;
      seen.add(x.id);
      return this.contents(x, y, look);
    };
    const isSame = this.compare(a, b, look);
    this.except = undefined;
    return isSame;
  }

  private compare(
    a: Value | Accessor,
    b: Value | Accessor,
    objects: (a: ObjectValue, b: ObjectValue) => boolean,
  ): boolean {
    if (Object.is(a, b) && !(a instanceof ObjectValue)) return true;
    if (typeof a === 'string' && typeof b === 'string') return this.a.texts.plain(a) === this.b.texts.plain(b);
    if (typeof a === 'number' && typeof b === 'number') return this.a.texts.isPid(a) && this.b.texts.isPid(b);
    if (a instanceof ObjectValue) return b instanceof ObjectValue && objects(a, b);
    if (a instanceof SymbolValue) return b instanceof SymbolValue && symbolName(a) === symbolName(b);
    if (a instanceof Redacted) return b instanceof Redacted && a.name === b.name;
    if (a instanceof Accessor)
      return b instanceof Accessor && this.compare(a.get, b.get, objects) && this.compare(a.set, b.set, objects);
    return false;
  }

  private meet(a: ObjectValue, b: ObjectValue): boolean {
    const partner = this.ofA.get(a.id) ?? (a.id < this.shared && a.id > 0 ? a.id : undefined);
    const back = this.ofB.get(b.id) ?? (b.id < this.shared && b.id > 0 ? b.id : undefined);
    if (partner === b.id && back === a.id) return true;
    if (partner !== undefined || back !== undefined) return this.isOfLanguage(a) && this.contents(a, b, () => true);
    this.ofA.set(a.id, b.id);
    this.ofB.set(b.id, a.id);
    return this.contents(a, b, (x, y) => this.meet(x, y));
  }

  /** It may have been shown by several ids. */
  private isOfLanguage(value: ObjectValue): boolean {
    return this.a.state.heap.get(value)?.kind === ObjectKind.intrinsic;
  }

  private contents(a: ObjectValue, b: ObjectValue, objects: (a: ObjectValue, b: ObjectValue) => boolean): boolean {
    const [one, other] = [this.a.state.heap.get(a), this.b.state.heap.get(b)];
    if (one === undefined || other === undefined) return one === other;
    if (one.kind !== other.kind || one.className !== other.className) return false;
    if (CLOSED.has(one.kind) || this.left-- <= 0) return true;
    const same = (x: Value | Accessor, y: Value | Accessor): boolean => this.compare(x, y, objects);
    if (one.kind === ObjectKind.function && !this.isSameCode(one, other)) return false;
    // a stack's text tells lines
    if (one.kind !== ObjectKind.error && !same(one.inner, other.inner)) return false;
    if (!same(one.inner2, other.inner2) || !same(one.prototype, other.prototype)) return false;
    if (one.view !== undefined || other.view !== undefined) {
      const { except } = this;
      if (except !== undefined && except.key === undefined && one.view?.buffer?.id === except.object) return true;
      const [bytesA, bytesB] = [shownBytes(this.a.state.heap, one), shownBytes(this.b.state.heap, other)];
      return one.view?.length === other.view?.length && isSameBytes(bytesA, bytesB);
    }
    const leaves = a.id === this.except?.object ? this.except.key : undefined;
    return (
      isSameList(one.elements, other.elements, same, indexOfKey(leaves)) &&
      isSameMap(one.entries, other.entries, same) &&
      // what a buffer holds beside the views of it is by chance
      one.bytes?.length === other.bytes?.length &&
      isSameRecord(one.properties, other.properties, same, leaves)
    );
  }

  private isSameCode(one: HeapObject, other: HeapObject): boolean {
    const key = (side: 0 | 1, { state }: Run, site: number): number => {
      const file = site === 0 ? undefined : state.fileOf(site);
      const keys = file && this.keys.of(side, file.hash);
      if (file === undefined || keys === undefined) return 0;
      const owner = keys.table.functions[keys.code.owner[site - file.base]!];
      return owner === undefined ? 0 : keys.keys[owner.firstOp]!;
    };
    return key(0, this.a, one.code?.site ?? 0) === key(1, this.b, other.code?.site ?? 0);
  }
}

type Same = (a: Value | Accessor, b: Value | Accessor) => boolean;

function symbolName({ description, origin }: SymbolValue): string {
  return `${origin} ${description ?? ''}`;
}

function isSameList(
  a: readonly Value[] | undefined,
  b: readonly Value[] | undefined,
  same: Same,
  except: number,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length && i < MOST; i++)
    if (i !== except && (i in a !== i in b || !same(a[i], b[i]))) return false;
  return true;
}

function isSameMap(
  a: ReadonlyMap<Value, Value> | undefined,
  b: ReadonlyMap<Value, Value> | undefined,
  same: Same,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, value] of a) {
    const [otherKey, otherValue] = others.next().value!;
    if (!same(key, otherKey) || !same(value, otherValue)) return false;
  }
  return true;
}

function isSameRecord(
  a: ReadonlyMap<Key, Value | Accessor>,
  b: ReadonlyMap<Key, Value | Accessor>,
  same: Same,
  except: Key | undefined,
): boolean {
  const others = [...b].filter(([key]) => key !== except);
  let at = 0;
  for (const [key, value] of a) {
    if (key === except) continue;
    const other = others[at++];
    if (other === undefined || (key !== other[0] && (typeof key === 'string' || !same(key, other[0])))) return false;
    if (!same(value, other[1])) return false;
  }
  return at === others.length;
}

export function isSameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}
