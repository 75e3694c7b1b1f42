/** Objects, scopes and activations as bytes. What they refer to is numbers: ids, and those that `Refs` gives. */
import { Activation, DELEGATIONS, ScopeInstance, type LoadedFile } from '../activation.ts';
import { HeapObject, ownProperties, type KindCode } from '../heap.ts';
import { isSparse } from '../sparse.ts';
import type { MappedArguments } from '../mapped-arguments.ts';
import type { ParsedObjects } from '../parsed-json.ts';
import { ObjectValue, type Key, type Value } from '../values.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { ElementPages } from './element-pages.ts';
import type { Lists } from './lists.ts';
import type { ParsedCodec } from './parsed-objects.ts';
import { SHORT } from './string-table.ts';
import type { ValueCodec } from './value-codec.ts';

/** Numbers for what is referred to; 0: nothing. */
export interface Refs {
  scope(scope: ScopeInstance | undefined): number;
  activation(activation: Activation | undefined): number;
}

/** What the numbers stand for. */
export interface Targets {
  scope(uid: number): ScopeInstance | undefined;
  activation(serial: number): Activation | undefined;
  file(base: number): LoadedFile | undefined;
}

const Has = {
  attributes: 1,
  elements: 2,
  entries: 4,
  bytes: 8,
  view: 16,
  code: 32,
  lazyPrototype: 64,
  sparse: 128,
} as const;

/** Stands where others have their kind. */
const PARSED = 127;

/** Nothing that is kept belongs to a journal's era. */
const NO_ERA = -1;

export class ObjectCodec {
  private readonly scratch = new ByteWriter();
  private readonly pages = new ElementPages();

  constructor(
    private readonly values: ValueCodec,
    private readonly lists: Lists,
    private readonly parsed: ParsedCodec,
  ) {}

  /** All objects that a text made, as one. */
  writeParsed(to: ByteWriter, objects: ParsedObjects): void {
    to.unsigned(PARSED);
    this.parsed.write(to, objects);
  }

  writeObject(to: ByteWriter, object: HeapObject, refs: Refs): void {
    const { values, lists } = this;
    const { elements, attributes, entries, bytes, view, code } = object;
    const sparse = elements !== undefined && isSparse(elements);
    to.unsigned(object.kind);
    to.unsigned(object.flags);
    to.byte(
      (attributes ? Has.attributes : 0) |
        (elements ? Has.elements : 0) |
        (entries ? Has.entries : 0) |
        (bytes ? Has.bytes : 0) |
        (view ? Has.view : 0) |
        (code ? Has.code : 0) |
        (object.lazyPrototype ? Has.lazyPrototype : 0) |
        (sparse ? Has.sparse : 0),
    );
    values.write(to, object.className);
    values.write(to, object.prototype);
    values.write(to, object.inner);
    values.write(to, object.inner2);
    to.unsigned(refs.scope(object.closure));
    to.unsigned(refs.scope(object.mapped?.scope));
    const properties = object.properties[Symbol.iterator]();
    lists.write(to, object.properties.size, (page) => {
      const [key, contents] = properties.next().value!;
      values.write(page, key);
      values.write(page, contents);
    });
    if (attributes) {
      const each = attributes[Symbol.iterator]();
      lists.write(to, attributes.size, (page) => {
        const [key, bits] = each.next().value!;
        values.write(page, key);
        page.unsigned(bits);
      });
    }
    if (elements) this.writeElements(to, elements, sparse);
    if (entries) {
      const each = entries[Symbol.iterator]();
      lists.write(to, entries.size, (page) => {
        const [key, value] = each.next().value!;
        values.write(page, key);
        values.write(page, value);
      });
    }
    if (bytes) lists.writeBytes(to, bytes);
    if (view) {
      to.signed(view.buffer?.id ?? 0);
      to.signed(view.offset);
      to.signed(view.length);
    }
    if (code) {
      values.write(to, code.name);
      to.signed(code.length);
      to.signed(code.site);
      to.signed(code.environment);
    }
  }

  private writeElements(to: ByteWriter, elements: readonly Value[], sparse: boolean): void {
    const { values, lists } = this;
    to.unsigned(elements.length);
    if (sparse) {
      const indices = Object.keys(elements);
      let at = 0;
      lists.write(to, indices.length, (page) => {
        const index = Number(indices[at++]);
        page.unsigned(index);
        values.write(page, elements[index]);
      });
      return;
    }
    lists.writeArray(to, elements, (page, at) => {
      const isThere = at in elements;
      page.byte(isThere ? 1 : 0);
      if (isThere) values.write(page, elements[at]);
    });
  }

  readObject(from: ByteReader, id: number, targets: Targets, buffer: (id: number) => ObjectValue): HeapObject {
    const { values, lists } = this;
    const object = new HeapObject();
    object.era = NO_ERA;
    object.owned = 0;
    object.id = id;
    const kind = from.unsigned();
    if (kind === PARSED) {
      this.parsed.read(from, object, id);
      return object;
    }
    object.kind = kind as KindCode;
    object.flags = from.unsigned();
    const has = from.byte();
    object.className = values.value(from) as string;
    object.prototype = values.value(from);
    object.inner = values.value(from);
    object.inner2 = values.value(from);
    object.closure = targets.scope(from.unsigned());
    object.mapped = targets.scope(from.unsigned())?.mapped;
    object.lazyPrototype = (has & Has.lazyPrototype) !== 0;
    lists.read(from, (page) => {
      const key = values.key(page);
      ownProperties(object).set(key, values.contents(page));
    });
    if ((has & Has.attributes) !== 0) {
      const attributes = (object.attributes = new Map<Key, number>());
      lists.read(from, (page) => {
        const key = values.key(page);
        attributes.set(key, page.unsigned());
      });
    }
    if ((has & Has.elements) !== 0) object.elements = this.readElements(from, (has & Has.sparse) !== 0);
    if ((has & Has.entries) !== 0) {
      const entries = (object.entries = new Map<Value, Value>());
      lists.read(from, (page) => {
        const key = values.value(page);
        entries.set(key, values.value(page));
      });
    }
    if ((has & Has.bytes) !== 0) object.bytes = lists.readBytes(from);
    if ((has & Has.view) !== 0) {
      const of = from.signed();
      const offset = from.signed();
      object.view = { buffer: of === 0 ? undefined : buffer(of), offset, length: from.signed() };
    }
    if ((has & Has.code) !== 0) {
      const name = values.value(from) as string;
      const length = from.signed();
      const site = from.signed();
      object.code = { name, length, site, environment: from.signed() };
    }
    return object;
  }

  private readElements(from: ByteReader, sparse: boolean): Value[] {
    const { values, lists } = this;
    const length = from.unsigned();
    if (sparse) {
      const elements: Value[] = [];
      elements.length = length;
      lists.read(from, (page) => {
        const index = page.unsigned();
        elements[index] = values.value(page);
      });
      return elements;
    }
    return lists.readArray(from, (page, count) => this.elementsIn(page, count), this.pages);
  }

  private elementsIn(from: ByteReader, count: number): Value[] {
    const found: Value[] = [];
    for (let at = 0; at < count; at++) if (from.byte() === 1) found[at] = this.values.value(from);
    // where it ends with absent ones
    found.length = count;
    return found;
  }

  writeScope(to: ByteWriter, scope: ScopeInstance, refs: Refs): void {
    const { values } = this;
    to.unsigned(scope.file.base);
    to.unsigned(scope.scope);
    to.unsigned(refs.scope(scope.parent));
    to.signed(scope.environment);
    to.byte(scope.hasThis ? 1 : 0);
    values.write(to, scope.thisValue);
    this.writeValues(to, scope.values);
    to.unsigned(scope.classes?.size ?? 0);
    for (const [index, instance] of scope.classes ?? []) {
      to.unsigned(index);
      to.unsigned(refs.scope(instance));
    }
    const { mapped } = scope;
    to.byte(mapped ? 1 : 0);
    if (!mapped) return;
    to.signed(mapped.object.id);
    to.unsigned(mapped.slots.length);
    for (const slot of mapped.slots) to.signed(slot);
  }

  /** `made` is told the scope before what it refers to is looked at: scopes refer to each other. */
  readScope(
    from: ByteReader,
    targets: Targets,
    object: (id: number) => ObjectValue,
    made: (scope: ScopeInstance) => void,
  ): ScopeInstance | undefined {
    const { values } = this;
    const file = targets.file(from.unsigned());
    if (file === undefined) return undefined;
    const scope = new ScopeInstance(file, from.unsigned(), undefined, []);
    scope.era = NO_ERA;
    scope.owned = 0;
    made(scope);
    scope.parent = targets.scope(from.unsigned());
    scope.environment = from.signed();
    scope.hasThis = from.byte() === 1;
    scope.thisValue = values.value(from);
    this.readValues(from, scope);
    const classes = from.unsigned();
    if (classes > 0) scope.classes = new Map();
    for (let i = 0; i < classes; i++) {
      const index = from.unsigned();
      const instance = targets.scope(from.unsigned());
      if (instance) scope.classes!.set(index, instance);
    }
    if (from.byte() === 1) scope.mapped = readMapped(from, scope, object);
    return scope;
  }

  /** Those with long texts say how many bytes they take, so that they can be left unread. */
  private writeValues(to: ByteWriter, own: readonly Value[]): void {
    const isLong = own.some((each) => typeof each === 'string' && each.length > SHORT);
    const into = isLong ? this.scratch.clear() : to;
    to.byte(isLong ? 1 : 0);
    let at = 0;
    this.lists.write(into, own.length, (page) => this.values.write(page, own[at++]));
    if (!isLong) return;
    to.unsigned(into.length);
    to.raw(into.written);
  }

  private readValues(from: ByteReader, scope: ScopeInstance): void {
    if (from.byte() === 0) return void (scope.values = this.valuesIn(from));
    // of a copy: the block that it is in is not held for it
    const kept = from.raw(from.unsigned()).slice();
    scope.putOff(() => this.valuesIn(new ByteReader(kept, 0)));
  }

  private valuesIn(from: ByteReader): Value[] {
    const found: Value[] = [];
    this.lists.read(from, (page) => found.push(this.values.value(page)));
    return found;
  }

  writeActivation(to: ByteWriter, act: Activation, refs: Refs): void {
    const { values } = this;
    to.unsigned(act.file.base);
    to.unsigned(act.functionIndex);
    to.unsigned(refs.scope(act.functionScope));
    to.unsigned(refs.scope(act.scope));
    for (const number of [act.pc, act.at, act.position, act.returnedAt, act.threwAt, act.id]) to.signed(number);
    for (const number of [act.awaitedBy, act.awaitedBySerial, act.numericEnd]) to.signed(number);
    to.byte((act.suspended ? 1 : 0) | (act.early ? 2 : 0) | (act.carried ? 4 : 0));
    values.write(to, act.returnValue);
    values.write(to, act.newTarget);
    values.write(to, act.argumentsObject);
    to.unsigned(refs.activation(act.delegator));
    to.signed(act.reads);
    to.unsigned(act.pending?.size ?? 0);
    for (const [op, pending] of act.pending ?? []) {
      to.unsigned(op);
      to.signed(pending);
    }
    to.unsigned(act.delegations?.size ?? 0);
    for (const [op, kind] of act.delegations ?? []) {
      to.unsigned(op);
      to.byte(DELEGATIONS.indexOf(kind));
    }
  }

  readActivation(
    from: ByteReader,
    serial: number,
    targets: Targets,
    made: (activation: Activation) => void,
  ): Activation | undefined {
    const { values } = this;
    const file = targets.file(from.unsigned());
    const index = from.unsigned();
    const functionScope = targets.scope(from.unsigned());
    const scope = targets.scope(from.unsigned());
    const site = file?.table.functions[index];
    if (!file || !site || !functionScope || !scope) return undefined;
    const act = new Activation(file, index, site, functionScope, scope, serial);
    act.era = NO_ERA;
    act.owned = 0;
    act.stored = true;
    made(act);
    act.pc = from.signed();
    act.at = from.signed();
    act.position = from.signed();
    act.returnedAt = from.signed();
    act.threwAt = from.signed();
    act.id = from.signed();
    act.awaitedBy = from.signed();
    act.awaitedBySerial = from.signed();
    act.numericEnd = from.signed();
    const flags = from.byte();
    act.suspended = (flags & 1) !== 0;
    act.early = (flags & 2) !== 0;
    act.carried = (flags & 4) !== 0;
    act.returnValue = values.value(from);
    act.newTarget = values.value(from);
    const own = values.value(from);
    if (own instanceof ObjectValue) act.argumentsObject = own;
    act.delegator = targets.activation(from.unsigned());
    act.reads = from.signed();
    const pending = from.unsigned();
    if (pending > 0) act.pending = new Map();
    for (let i = 0; i < pending; i++) {
      const op = from.unsigned();
      act.pending!.set(op, from.signed());
    }
    const delegations = from.unsigned();
    if (delegations > 0) act.delegations = new Map();
    for (let i = 0; i < delegations; i++) {
      const op = from.unsigned();
      act.delegations!.set(op, DELEGATIONS[from.byte()]!);
    }
    return act;
  }
}

/** Of an activation that was written: the number of its function's scope. */
export function functionScopeOf(from: ByteReader): number {
  from.unsigned();
  from.unsigned();
  return from.unsigned();
}

/** Of a scope that was written: which of its file's it is. */
export function scopeOf(from: ByteReader): number {
  from.unsigned();
  return from.unsigned();
}

function readMapped(from: ByteReader, scope: ScopeInstance, object: (id: number) => ObjectValue): MappedArguments {
  const value = object(from.signed());
  const slots: number[] = [];
  for (let count = from.unsigned(); count > 0; count--) slots.push(from.signed());
  return { object: value, scope, slots };
}
