import { bytesOf, sameString, sameText } from './equivalence.ts';
import type { Frame, HeapObject, Property, Scope, Snapshot, Value } from './snapshot.ts';
import type { SourceMap } from './statements.ts';

export interface Difference {
  readonly path: string;
  readonly inspector: string;
  readonly recording: string;
}

export interface Comparison {
  readonly values: number;
  readonly opaque: number;
  readonly mismatches: number;
  readonly differences: readonly Difference[];
  /** paths of what the recording does not tell */
  readonly opaquePaths: readonly string[];
}

/** Where V8 does not always show `this`, or a variable's state. */
type Hidden = Pick<SourceMap, 'arrowsWithThis' | 'heldConstructors' | 'loopBodies' | 'declarations'>;

/** Of one pause. */
const KEPT = 200;

/** Ids of objects and symbols that stand for each other, over one program's whole run. */
export class Bijection {
  /** the inspector's ids of buffers whose memory Node's Buffers share */
  readonly pools = new Set<number>();
  readonly #there = new Map<string, number>();
  readonly #back = new Map<string, number>();

  /** Pairs two ids; false when either already has another partner. */
  pair(space: 'object' | 'symbol', inspector: number, recording: number): boolean {
    const there = `${space} ${inspector}`;
    const back = `${space} ${recording}`;
    const known = this.#there.get(there);
    if (known === undefined && !this.#back.has(back)) {
      this.#there.set(there, recording);
      this.#back.set(back, inspector);
      return true;
    }
    return known === recording;
  }
}

/** Compares what V8 shows at a pause with what the recording says of the same moment. */
export function compare(
  inspector: Snapshot,
  recording: Snapshot,
  ids: Bijection,
  depth: number,
  hidden: Hidden = {
    arrowsWithThis: new Set(),
    heldConstructors: new Set(),
    loopBodies: new Map(),
    declarations: new Map(),
  },
): Comparison {
  const walk = new Walk(inspector, recording, ids, hidden);
  walk.frames(depth);
  return walk.result();
}

class Walk {
  readonly #inspector: Snapshot;
  readonly #recording: Snapshot;
  readonly #ids: Bijection;
  readonly #hidden: Hidden;
  readonly #queue: { readonly a: number; readonly b: number; readonly depth: number; readonly path: string }[] = [];
  readonly #seen = new Set<number>();
  #values = 0;
  #opaque = 0;
  #mismatches = 0;
  readonly #differences: Difference[] = [];
  readonly #opaquePaths: string[] = [];

  constructor(inspector: Snapshot, recording: Snapshot, ids: Bijection, hidden: Hidden) {
    this.#hidden = hidden;
    this.#inspector = inspector;
    this.#recording = recording;
    this.#ids = ids;
  }

  result(): Comparison {
    return {
      values: this.#values,
      opaque: this.#opaque,
      mismatches: this.#mismatches,
      differences: this.#differences,
      opaquePaths: this.#opaquePaths,
    };
  }

  frames(depth: number): void {
    const { frames } = this.#inspector;
    this.#check(
      frames.length === this.#recording.frames.length,
      'frames',
      frameNames(this.#inspector),
      frameNames(this.#recording),
    );
    // The walker met the roots in this order: all of `this` first, then the variables.
    frames.forEach((frame, i) => {
      const other = this.#recording.frames[i];
      if (other) this.#self(frame, other, depth, `${frameName(frame)}#${i}`);
    });
    frames.forEach((frame, i) => {
      const other = this.#recording.frames[i];
      if (other) this.#variables(frame, other, depth, `${frameName(frame)}#${i}`);
    });
    for (let at = 0; at < this.#queue.length; at++) {
      const next = this.#queue[at];
      if (next) this.#object(next.a, next.b, next.depth, next.path);
    }
  }

  #self(frame: Frame, other: Frame, depth: number, path: string): void {
    if (frame.self === undefined || other.self === undefined) return;
    const { arrowsWithThis, heldConstructors } = this.#hidden;
    if (frame.self.t === 'undefined' && (other.arrow || heldConstructors.has(other.at))) return;
    if (other.arrow && !arrowsWithThis.has(other.at)) return;
    this.#value(frame.self, other.self, depth, `${path}.this`);
  }

  #variables(frame: Frame, other: Frame, depth: number, path: string): void {
    for (const scope of frame.scopes) {
      for (const [name, value] of scope.variables) {
        if (MODULE_WRAPPER.has(name)) continue;
        const found = nearest(other.scopes, name, scope);
        // V8 makes one for the inspector where the function has none, and shows that of Node's module wrapper
        if (name === 'arguments' && (scope.kind !== 'local' || !found)) continue;
        if (found && isAhead(found, name, other, this.#hidden)) this.#values++;
        else if (found) this.#value(value, found.value, depth, `${path}.${name}`);
        else if (other.degraded && !isBefore(value, scope, other)) this.#excuse(`${path}.${name}`);
        else this.#check(isBefore(value, scope, other), `${path}.${name}`, brief(value), 'no such variable');
      }
    }
  }

  #value(a: Value, b: Value, depth: number, path: string): void {
    if (b.t === 'opaque') return a.t === 'opaque' ? this.#check(true, path, '', '') : this.#excuse(path);
    if (a.t === 'object' && b.t === 'object') {
      const same = this.#ids.pair('object', a.id, b.id);
      this.#check(same, `${path} (identity)`, `object ${a.id}`, `object ${b.id}`);
      if (depth > 0 && !this.#seen.has(a.id)) {
        this.#seen.add(a.id);
        this.#queue.push({ a: a.id, b: b.id, depth, path });
      }
      return;
    }
    this.#check(this.#primitive(a, b), path, brief(a), brief(b));
  }

  #primitive(a: Value, b: Value): boolean {
    // V8 before version 12 shows a binding in its temporal dead zone as undefined.
    if (b.t === 'uninitialised') return a.t === 'uninitialised' || a.t === 'undefined';
    if (a.t !== b.t) return false;
    if (a.t === 'symbol' && b.t === 'symbol') return a.v === b.v && this.#ids.pair('symbol', a.id, b.id);
    if (a.t === 'string' && b.t === 'string') return sameString(a.v, b.v);
    return 'v' in a && 'v' in b ? a.v === b.v : true;
  }

  #object(aId: number, bId: number, depth: number, path: string): void {
    const a = this.#inspector.heap(aId);
    const b = this.#recording.heap(bId);
    if (a === undefined) return;
    if (b === undefined) return this.#check(false, path, a.kind, 'no such object');
    if (b.kind === 'intrinsic' || a.kind === 'intrinsic') return this.#intrinsic(a, b, path);
    if (b.kind === 'opaque') return this.#declaredOpaque(a, b, path);
    this.#check(a.kind === b.kind, `${path} (kind)`, a.kind, b.kind);
    if (a.kind !== b.kind) return;
    if (a.kind !== 'proxy') {
      const sameClass =
        a.className === b.className ||
        isGeneratorClass(a.className) ||
        isGeneratorClass(b.className) ||
        (a.kind === 'typedArray' && a.className.split(' ')[1] === b.className);
      this.#check(sameClass, `${path} (class)`, a.className, b.className);
      this.#check(a.level === b.level, `${path} (extensible)`, `${a.level}`, `${b.level}`);
      this.#value(a.prototype, b.prototype, depth - 1, `${path}.[[Prototype]]`);
    }
    this.#contents(a, b, depth - 1, path);
    this.#properties(a.properties, b.properties, depth - 1, path);
  }

  #contents(a: HeapObject, b: HeapObject, depth: number, path: string): void {
    const pool = this.#isPooled(a);
    if (pool && a.kind === 'dataView') {
      const [viewed, recorded] = [viewedBytes(this.#inspector, a), viewedBytes(this.#recording, b)];
      this.#check(viewed === recorded, `${path} (bytes)`, clip(viewed), clip(recorded));
    }
    const numbers = (object: HeapObject) => (pool ? [object.numbers?.[1]] : (object.numbers ?? []).slice(0, 2)).join();
    if (a.numbers) this.#check(numbers(a) === numbers(b), `${path} (numbers)`, numbers(a), numbers(b));
    if (b.unread) {
      if (a.unread) this.#check(true, path, '', '');
      else this.#excuse(`${path} (stack)`);
    } else if (a.unread) this.#check(false, `${path} (stack)`, 'not made yet', clip(b.text ?? ''));
    else if (a.text !== undefined) {
      const text = bytesOf(this.#recording, b, a.className.split(' ')[0] ?? '') ?? b.text ?? '';
      this.#check(sameText(a.kind, a.text, text), `${path} (${a.kind})`, clip(a.text), clip(text));
    }
    if (a.inner && b.inner && !pool) this.#value(a.inner, b.inner, depth, `${path}.[[inner]]`);
    else if (a.inner && !pool) this.#check(false, `${path}.[[inner]]`, brief(a.inner), 'nothing');
    if (!a.elements) return;
    const elements = b.elements ?? [];
    this.#check(a.elements.length === elements.length, `${path}.length`, `${a.elements.length}`, `${elements.length}`);
    a.elements.forEach((value, i) => {
      const other = elements[i];
      if (other) this.#value(value, other, depth, `${path}[${i}]`);
    });
  }

  /** Whether it is a view into the memory that Node's Buffers share. */
  #isPooled(view: HeapObject): boolean {
    const buffer = view.inner?.t === 'object' ? view.inner.id : undefined;
    if (buffer === undefined || (view.kind !== 'typedArray' && view.kind !== 'dataView')) return false;
    const pooled = isPooledBuffer(view);
    if (pooled && POOL_SIZES.has(Number(view.numbers?.[2]))) this.#ids.pools.add(buffer);
    return pooled || this.#ids.pools.has(buffer);
  }

  #properties(a: readonly Property[], b: readonly Property[], depth: number, path: string): void {
    const theirs = keysOf(b);
    const others = new Map(b.map((property, i) => [theirs[i] ?? '', property]));
    const keys = keysOf(a);
    for (const [i, property] of a.entries()) {
      const key = keys[i] ?? '';
      const at = `${path}.${key}`;
      const other = others.get(key);
      others.delete(key);
      if (other && NUMBERING.has(key)) {
        this.#check(property.value?.t === other.value?.t, at, typeOf(property), typeOf(other));
        continue;
      }
      if (!other) {
        this.#check(false, at, property.value ? brief(property.value) : 'accessor', 'no such property');
        continue;
      }
      if (property.key.t === 'symbol') this.#value(property.key, other.key, 0, `${at} (key)`);
      this.#check(
        property.attributes === other.attributes,
        `${at} (attributes)`,
        `${property.attributes}`,
        `${other.attributes}`,
      );
      if (property.value && other.value) this.#value(property.value, other.value, depth, at);
      else if (property.value) this.#check(false, at, brief(property.value), 'accessor');
      else if (other.value?.t === 'opaque') this.#value({ t: 'undefined' }, other.value, 0, at);
      else if (other.value) this.#check(false, at, 'accessor', brief(other.value));
      else {
        this.#value(property.get ?? { t: 'undefined' }, other.get ?? { t: 'undefined' }, depth, `${at}.[[Get]]`);
        this.#value(property.set ?? { t: 'undefined' }, other.set ?? { t: 'undefined' }, depth, `${at}.[[Set]]`);
      }
    }
    for (const [key, other] of others) {
      this.#check(false, `${path}.${key}`, 'no such property', other.value ? brief(other.value) : 'accessor');
    }
  }

  #intrinsic(a: HeapObject, b: HeapObject, path: string): void {
    if (LOADERS.has(b.text ?? '') && a.kind === 'plain') return this.#excuse(path);
    const paths = (a.text ?? '').split(' ');
    const said = (b.text ?? '')
      .replace(/^node:/, '')
      .replace(/^%(\w+)Prototype%/, '$1.prototype')
      .replace(/^%(\w+Function)%$/, '$1.prototype.constructor')
      .replace(/\[([\w.]+)\]/g, '.@@$1')
      .replace(/^([gs]et) (.*)$/, '$2.$1');
    const last = lastOf(said);
    // Each half names a built-in by the ways on which its own walk came to it, and neither lists all: where the ways
    // differ the last name decides, whole.
    const same =
      a.kind === 'intrinsic' ? paths.some((known) => known === said || lastOf(known) === last) : a.text === last;
    this.#check(
      (b.kind === 'intrinsic' && same) || isServed(paths, b),
      `${path} (built-in)`,
      a.kind === 'intrinsic' ? clip(a.text ?? '') : a.kind,
      b.text ?? b.kind,
    );
  }

  /** What the recording itself declares opaque is excused, but for its class; unless it is all there, and equal. */
  #declaredOpaque(a: HeapObject, b: HeapObject, path: string): void {
    if (isWhole(a, b)) this.#properties(a.properties, b.properties, 0, path);
    else this.#excuse(path);
    this.#check(a.className === b.className, `${path} (class)`, a.className, b.className);
  }

  #excuse(path: string): void {
    this.#values++;
    this.#opaque++;
    if (this.#opaquePaths.length < KEPT) this.#opaquePaths.push(path);
  }

  #check(same: boolean, path: string, inspector: string, recording: string): void {
    this.#values++;
    if (same) return;
    this.#mismatches++;
    if (this.#differences.length < KEPT) this.#differences.push({ path, inspector, recording });
  }
}

/** The name of a built-in in its holder. */
function lastOf(path: string): string {
  return /(?:@@Symbol\.)?[^.]+(?:\.[gs]et)?$/.exec(path)?.[0] ?? '';
}

/** The prelude's stand-ins for clocks and randomness are functions of a file to the recording. */
function isServed(paths: readonly string[], { kind, text }: HeapObject): boolean {
  return kind === 'function' && SERVED.has(text ?? '') && paths.some((path) => path.split('.').at(-1) === text);
}

/** Tables of Node's loader, which it changes by itself: `require.cache` and `require.extensions`. Only named in a recording. */
const LOADERS = new Set(['node:module._cache', 'node:module._extensions']);

const SERVED = new Set([
  'Date',
  'random',
  'now',
  'hrtime',
  'bigint',
  'randomBytes',
  'randomFillSync',
  'randomInt',
  'randomUUID',
  'mkdtempSync',
  'mkdtemp',
  'assert',
]);

/**
 * Two runs are two processes: the system numbers them, and Node numbers the asynchronous resources of each, those of the
 * inspector's connection among them. Only that there is a number can be the same.
 */
const NUMBERING = new Set(['pid', '@@asyncId', '@@triggerId', '@@async_id_symbol', '@@trigger_async_id_symbol']);

const MODULE_WRAPPER = new Set(['exports', 'require', 'module', '__filename', '__dirname']);

/** Generators and their prototypes have no constructor to be named after; either side may name their tag. */
function isGeneratorClass(name: string): boolean {
  return name === 'Generator' || name === 'AsyncGenerator';
}

/** Of what Node's Buffers share; a buffer of the program's own is compared whole. */
const POOL_SIZES = new Set([8192, 65_536]);

/** Buffers share memory with Node's own, and with what was there before: neither offset nor neighbours are the program's. */
function isPooledBuffer(view: HeapObject): boolean {
  return view.className.endsWith(' Buffer') && Number(view.numbers?.[1]) < Number(view.numbers?.[2]);
}

/** What a DataView shows, as hex. */
function viewedBytes({ heap }: Snapshot, { inner, numbers }: HeapObject): string {
  const [offset = 0, length = 0] = (numbers ?? []).map(Number);
  const bytes = inner?.t === 'object' ? (heap(inner.id)?.text ?? '') : '';
  return bytes.slice(2 * offset, 2 * (offset + length));
}

/**
 * The same primitive properties on both sides, and no others: then nothing of the object is excused, though the recording
 * calls it opaque. Identity of symbols cannot be told for objects that the walk does not enter; their descriptions are.
 */
function isWhole(a: HeapObject, b: HeapObject): boolean {
  if (a.properties.length !== b.properties.length) return false;
  return a.properties.every(({ key, value }, i) => {
    const other = b.properties[i];
    if (value === undefined || other?.value === undefined || !('v' in key) || !('v' in other.key)) return false;
    if (key.v !== other.key.v || value.t !== other.value.t || value.t === 'object' || value.t === 'opaque')
      return false;
    return 'v' in value && 'v' in other.value ? value.v === other.value.v : true;
  });
}

interface Variable {
  readonly value: Value;
  readonly scope: Scope;
}

/**
 * The variable of that name in the scope whose place in the source is nearest. Where a method looks at it, V8 gives a
 * class's scope the place of what is around it: the file's and functions' own scopes come last. A declared class has its name there.
 * The body of a function whose parameters are patterns, defaults or a rest is a block of its own to V8, and ends where the function does.
 */
function nearest(scopes: readonly Scope[], name: string, wanted: Scope): Variable | undefined {
  let best: Variable | undefined;
  let least = Number.POSITIVE_INFINITY;
  const having = scopes.filter((scope) => scope.variables.has(name));
  const inner = wanted.kind === 'block' ? having.filter((scope) => !isOuter(scope) || isBodyOf(scope, wanted)) : having;
  for (const scope of inner.length > 0 ? inner : having) {
    const value = scope.variables.get(name);
    if (value === undefined) continue;
    const known = wanted.start > 0 || wanted.end > 0;
    // V8 begins a function's scope at its parameters
    const isSame = wanted.kind === 'local' && isOuter(scope) && scope.end === wanted.end;
    const distance = known && !isSame ? Math.abs(scope.start - wanted.start) + Math.abs(scope.end - wanted.end) : 0;
    if (distance < least) {
      least = distance;
      best = { value, scope };
    }
  }
  return best;
}

function isOuter({ kind }: Scope): boolean {
  return kind === 'module' || kind === 'function';
}

function isBodyOf({ kind, start, end }: Scope, block: Scope): boolean {
  return kind === 'function' && start < block.start && end === block.end;
}

/** Symbols of one description are told apart by their order, and then by the bijection. */
function keysOf(properties: readonly Property[]): string[] {
  const met = new Map<string, number>();
  return properties.map(({ key }) => {
    if (key.t !== 'symbol') return key.t === 'string' ? key.v : brief(key);
    const text = `@@${key.v}`;
    const count = (met.get(text) ?? 0) + 1;
    met.set(text, count);
    return count === 1 ? text : `${text} ${count}`;
  });
}

/**
 * A binding whose declaration has not run to its end has no value. V8 keeps there what it likes: the last iteration's
 * value, or what a pattern has bound so far.
 */
function isAhead({ value, scope }: Variable, name: string, frame: Frame, hidden: Hidden): boolean {
  const position = frame.position ?? Number.POSITIVE_INFINITY;
  // a loop asks for its next value from its head
  const start = scope.declared?.get(name) ?? -1;
  const declared = scope.kind === 'loop' ? hidden.loopBodies.get(scope.start) : undefined;
  return value.t === 'uninitialised' && (declared ?? hidden.declarations.get(start) ?? start) >= position;
}

/** V8 finds the scopes in sight by the place in the text: one that begins there may not have been entered yet. */
function isBefore(value: Value, scope: Scope, frame: Frame): boolean {
  const empty = value.t === 'undefined' || value.t === 'uninitialised';
  return empty && scope.start >= (frame.position ?? Number.POSITIVE_INFINITY);
}

function typeOf({ value }: Property): string {
  return value?.t ?? 'accessor';
}

function frameName(frame: Frame): string {
  return frame.functionName || '(anonymous)';
}

function frameNames(snapshot: Snapshot): string {
  return snapshot.frames.map(frameName).join(' < ');
}

function brief(value: Value): string {
  if (value.t === 'object') return `object ${value.id}`;
  if (value.t === 'string') return clip(JSON.stringify(value.v));
  return 'v' in value ? `${value.t === 'number' ? '' : `${value.t} `}${value.v}` : value.t;
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
