/**
 * What a replay's state was before it changed: a list of changes, each of which can be taken back and made again. While
 * nothing is kept, asking costs one comparison.
 */

import { copyElements } from './sparse.ts';

/** Something whose fields, all of them its own properties, are kept together. */
export interface Kept {
  /** of the journal when it was made or kept last */
  era: number;
  /** parts of it that were made or copied in that era, and may be changed as they are */
  owned: number;
}

/** Things by number. */
export interface Numbered<T> {
  get(id: number): T | undefined;
  set(id: number, thing: T | undefined): void;
}

/** Owned: all parts. */
export const ALL_PARTS = -1;

/** Larger parts are not copied; each of their changes is kept. */
const LARGE = 1024;
const PAGE = 1024;
const LENGTH = -1;

export interface Change {
  /** Takes the change back, or makes it again. */
  swap(): void;
  /** about how many bytes it holds */
  readonly weight: number;
  /** what it is about, where an older change about the same makes it needless to keep both */
  readonly subject: object | undefined;
  /** Whether it is about that slot of the target. */
  isOf?(target: object, key: PropertyKey): boolean;
}

export class Journal {
  era = 0;
  private list: Change[] | undefined;
  private eras = 0;
  /** by array or bytes: where its stretches begin that the list has; LENGTH: its length too */
  private readonly stretches = new Map<object, Set<number>>();
  /** by what has numbered things: the numbers that were put into it last, one behind the other */
  private readonly growths = new Map<object, RangeChange<unknown>>();
  /** about how many bytes the list holds */
  weight = 0;

  /** From here on changes go into a list of their own; what `take` gives next. */
  begin(): void {
    this.era = ++this.eras;
    this.list = [];
    this.stretches.clear();
    this.growths.clear();
    this.weight = 0;
  }

  /** The changes since `begin`, oldest first. */
  take(): Change[] {
    const list = this.list ?? [];
    this.begin();
    return list;
  }

  /** Before a field of it changes. */
  touch(subject: Kept): void {
    if (subject.era !== this.era) this.keep(subject);
  }

  private keep(subject: Kept): void {
    subject.era = this.era;
    subject.owned = 0;
    this.add(new FieldsChange(subject));
  }

  /** Before `target[key]` changes. */
  slot(target: object, key: PropertyKey): void {
    if (this.list !== undefined) this.add(new SlotChange(target as Record<PropertyKey, unknown>, key));
  }

  /** Before the thing of that number is set. */
  numbered<T>(things: Numbered<T>, id: number): void {
    if (this.list === undefined) return;
    if (things.get(id) !== undefined) {
      this.add(new RangeChange(things, id));
      return;
    }
    const last = this.growths.get(things);
    if (last?.to === id) {
      last.to++;
      return;
    }
    const change = new RangeChange(things, id);
    this.growths.set(things, change as RangeChange<unknown>);
    this.add(change);
  }

  /** Before a map's entry is set, or one at its end is deleted. */
  entry<K, V>(map: Map<K, V>, key: K): void {
    if (this.list !== undefined) this.add(new EntryChange(map, key));
  }

  /** A map that may be changed at the key; `whole` where its order changes too. Has the kept subject's part. */
  map<K, V>(subject: Kept, part: number, map: Map<K, V>, key: K, whole: boolean): Map<K, V> {
    this.touch(subject);
    if ((subject.owned & part) !== 0) return map;
    if (map.size > LARGE && !whole) {
      this.entry(map, key);
      return map;
    }
    subject.owned |= part;
    return new Map(map);
  }

  /** An array that may be changed at the index, or anywhere. */
  array<T>(subject: Kept, part: number, array: T[], index: number | undefined): T[] {
    this.touch(subject);
    if ((subject.owned & part) !== 0) return array;
    if (array.length > LARGE && index !== undefined && index <= array.length) {
      const grows = index === array.length;
      const from = index - (index % PAGE);
      if (this.isNew(array, grows ? LENGTH : from))
        this.add(grows ? new LengthChange(array) : new PageChange(array, from));
      return array;
    }
    subject.owned |= part;
    return copyElements(array);
  }

  /** Bytes that may be changed from `offset` on. */
  bytes(subject: Kept, part: number, bytes: Uint8Array, offset: number, length: number): Uint8Array {
    this.touch(subject);
    if ((subject.owned & part) !== 0) return bytes;
    if (bytes.length > LARGE) {
      for (let from = offset - (offset % PAGE); from < offset + length; from += PAGE)
        if (this.isNew(bytes, from)) this.add(new BytesChange(bytes, from));
      return bytes;
    }
    subject.owned |= part;
    return bytes.slice();
  }

  private add(change: Change): void {
    if (this.list === undefined) return;
    this.list.push(change);
    this.weight += change.weight;
  }

  private isNew(whole: object, stretch: number): boolean {
    if (this.list === undefined) return false;
    let known = this.stretches.get(whole);
    if (known === undefined) this.stretches.set(whole, (known = new Set()));
    if (known.has(stretch)) return false;
    known.add(stretch);
    return true;
  }
}

/** Takes a list back, newest first. */
export function takeBack(changes: readonly Change[]): void {
  for (let i = changes.length - 1; i >= 0; i--) changes[i]!.swap();
}

/** Makes a list again that was taken back. */
export function makeAgain(changes: readonly Change[]): void {
  for (const change of changes) change.swap();
}

/** Both lists as one. Where both kept the same subject, what the older one kept is enough. */
export function joined(older: readonly Change[], newer: readonly Change[]): Change[] {
  const known = new Set<object>();
  for (const { subject } of older) if (subject !== undefined) known.add(subject);
  return [...older, ...newer.filter(({ subject }) => subject === undefined || !known.has(subject))];
}

export class FieldsChange implements Change {
  readonly weight = 400;
  private readonly copy: Record<string, unknown>;

  constructor(readonly subject: Kept) {
    this.copy = { ...subject };
  }

  swap(): void {
    const { copy } = this;
    const subject = this.subject as unknown as Record<string, unknown>;
    for (const key in copy) {
      if (key === 'era' || key === 'owned' || key === 'uid' || key === 'stored') continue;
      const now = subject[key];
      subject[key] = copy[key];
      copy[key] = now;
    }
  }
}

class SlotChange implements Change {
  readonly weight = 100;
  readonly subject = undefined;
  private value: unknown;

  constructor(
    private readonly target: Record<PropertyKey, unknown>,
    private readonly key: PropertyKey,
  ) {
    this.value = target[key];
  }

  isOf(target: object, key: PropertyKey): boolean {
    return this.target === target && this.key === key;
  }

  swap(): void {
    const now = this.target[this.key];
    this.target[this.key] = this.value;
    this.value = now;
  }
}

class EntryChange<K, V> implements Change {
  readonly weight = 120;
  readonly subject = undefined;
  private had: boolean;
  private value: V | undefined;

  constructor(
    private readonly map: Map<K, V>,
    private readonly key: K,
  ) {
    this.had = map.has(key);
    this.value = map.get(key);
  }

  swap(): void {
    const { map, key } = this;
    const had = map.has(key);
    const value = map.get(key);
    if (this.had) map.set(key, this.value as V);
    else map.delete(key);
    this.had = had;
    this.value = value;
  }
}

/** A stretch of a large array. */
export class PageChange<T> implements Change {
  readonly weight = PAGE * 8;
  readonly subject = undefined;
  private items: T[];

  constructor(
    readonly array: T[],
    readonly from: number,
  ) {
    this.items = array.slice(from, from + PAGE);
  }

  get to(): number {
    return this.from + PAGE;
  }

  swap(): void {
    const { array } = this;
    const now = array.slice(this.from, this.from + this.items.length);
    for (let i = 0; i < this.items.length; i++) {
      if (i in this.items) array[this.from + i] = this.items[i]!;
      else delete array[this.from + i];
    }
    this.items = now;
  }
}

/** An array that grows. */
export class LengthChange<T> implements Change {
  readonly weight = 100;
  readonly subject = undefined;
  readonly from: number;
  private tail: T[] | undefined;

  constructor(readonly array: T[]) {
    this.from = array.length;
  }

  swap(): void {
    const { array } = this;
    if (this.tail === undefined) this.tail = array.splice(this.from);
    else {
      const length = this.from + this.tail.length;
      this.tail.forEach((item, i) => (array[this.from + i] = item));
      array.length = length;
      this.tail = undefined;
    }
  }
}

/** Numbered things, one behind the other; of more than one, all are new. */
export class RangeChange<T> implements Change {
  readonly weight = 100;
  readonly subject = undefined;
  to: number;
  /** what is there where it is swapped; kept as it is, so that going far makes no garbage */
  private items: (T | undefined)[];

  constructor(
    readonly things: Numbered<T>,
    readonly from: number,
  ) {
    this.to = from + 1;
    this.items = [things.get(from)];
  }

  isOf(things: object, id: PropertyKey): boolean {
    return this.things === things && Number(id) >= this.from && Number(id) < this.to;
  }

  swap(): void {
    const { things, from, items } = this;
    for (let id = from; id < this.to; id++) {
      const now = things.get(id);
      things.set(id, items[id - from]);
      items[id - from] = now;
    }
  }
}

/** A stretch of many bytes. */
export class BytesChange implements Change {
  readonly weight = PAGE + 100;
  readonly subject = undefined;
  private saved: Uint8Array;

  constructor(
    readonly bytes: Uint8Array,
    readonly from: number,
  ) {
    this.saved = bytes.slice(from, from + PAGE);
  }

  get to(): number {
    return this.from + PAGE;
  }

  swap(): void {
    const { bytes } = this;
    const now = bytes.slice(this.from, this.from + this.saved.length);
    bytes.set(this.saved, this.from);
    this.saved = now;
  }
}
