import { Attribute, ObjectKind } from '../wire/words.ts';
import type { ScopeSite, VariableSite } from '../model/sites.ts';
import type { Activation, LoadedFile, ScopeInstance } from './activation.ts';
import { lexicalThis } from './derive.ts';
import { LineMap } from './places.ts';
import type { Place } from './places.ts';
import { ORDINARY } from './heap.ts';
import type { KindCode, ViewFacts } from './heap.ts';
import { intrinsicHas } from './intrinsics.ts';
import { ObjectFacts } from './object-facts.ts';
import { isSparse } from './sparse.ts';
import type { StreamState } from './stream-state.ts';
import { readElements, windowOf } from './typed-arrays.ts';
import { ObjectValue, hole, indexOfKey } from './values.ts';
import type { Accessor, Key, Value } from './values.ts';

export interface VariableState {
  readonly name: string;
  readonly kind: VariableSite['kind'];
  /** as TypeScript writes it; absent where it is not known */
  readonly type?: string;
  readonly value: Value;
}

export interface ScopeState {
  readonly kind: ScopeSite['kind'];
  readonly variables: readonly VariableState[];
}

export interface FrameState {
  /** number of the call in its stream, from 1 */
  readonly call: number;
  /** '' where anonymous */
  readonly functionName: string;
  readonly path: string;
  /** offsets of the statement it stands at, in the source as it was written */
  readonly start: number;
  readonly end: number;
  /** undefined where the recording lacks the source */
  readonly place: Place | undefined;
  readonly this: Value;
  readonly arguments: ObjectValue | undefined;
  /** innermost first; the last is the file's */
  readonly scopes: readonly ScopeState[];
}

export interface PropertyState {
  readonly key: Key;
  readonly value: Value | Accessor;
  /** Attribute bits */
  readonly attributes: number;
}

/** What an object is, in words that fit any language. */
export type NeutralKind =
  | 'record'
  | 'sequence'
  | 'mapping'
  | 'set'
  | 'function'
  | 'error'
  | 'time'
  | 'pattern'
  | 'boxed'
  | 'buffer'
  | 'view'
  | 'proxy'
  | 'opaque';

/** One level of an object; values within refer to further objects by identity, so cycles need no care. */
export interface ObjectState {
  readonly id: number;
  readonly kind: NeutralKind;
  /** the wire's ObjectKind, for what only the language's own views need */
  readonly kindCode: KindCode;
  readonly typeName: string;
  /** ObjectFlag bits */
  readonly flags: number;
  readonly prototype: Value;
  /** in the language's order: array-like keys, names, symbols */
  readonly properties: readonly PropertyState[];
  /** `hole` where absent; undefined where it is no sequence, or a large one that is nearly empty */
  readonly elements: readonly Value[] | undefined;
  readonly entries: ReadonlyMap<Value, Value> | undefined;
  readonly bytes: Uint8Array | undefined;
  /** of typed arrays and DataViews */
  readonly view: ViewFacts | undefined;
  /** stack text, time, primitive, pattern, target, path: by kind */
  readonly inner: Value;
  readonly inner2: Value;
  /** of functions: where its code is; undefined for native ones */
  readonly code: { readonly path: string; readonly start: number; readonly place: Place | undefined } | undefined;
}

const NEUTRAL: Readonly<Partial<Record<KindCode, NeutralKind>>> = {
  [ObjectKind.plain]: 'record',
  [ObjectKind.array]: 'sequence',
  [ObjectKind.arguments]: 'sequence',
  [ObjectKind.function]: 'function',
  [ObjectKind.error]: 'error',
  [ObjectKind.map]: 'mapping',
  [ObjectKind.set]: 'set',
  [ObjectKind.date]: 'time',
  [ObjectKind.regexp]: 'pattern',
  [ObjectKind.boxed]: 'boxed',
  [ObjectKind.typedArray]: 'view',
  [ObjectKind.dataView]: 'view',
  [ObjectKind.arrayBuffer]: 'buffer',
  [ObjectKind.proxy]: 'proxy',
  [ObjectKind.namespace]: 'record',
};

/** Tells what objects hold. */
export interface ObjectReader {
  /** undefined where nothing is known of it */
  object(value: ObjectValue): ObjectState | undefined;
}

/** Turns what a replay holds into plain answers. One per replay: it keeps line maps. */
export class StateReader implements ObjectReader {
  readonly facts: ObjectFacts;
  private readonly lineMaps = new Map<string, LineMap | undefined>();

  private readonly typeLists = new Map<string, readonly (string | null)[] | undefined>();

  /** `types`: what is known of a site table's variables, by its hash. */
  constructor(
    private readonly state: StreamState,
    private readonly types: (hash: string) => readonly (string | null)[] | undefined = () => undefined,
  ) {
    this.facts = new ObjectFacts(state, this);
  }

  /** The calls running now, innermost first. */
  stack(): FrameState[] {
    return this.state.stack.map((activation) => this.frame(activation)).reverse();
  }

  frame(activation: Activation): FrameState {
    const { code, path } = activation.file;
    const start = code.start[activation.position]!;
    return {
      call: activation.serial,
      functionName: activation.site.name,
      path,
      start,
      end: code.end[activation.position]!,
      place: this.place(activation.file, start),
      this: lexicalThis(activation.scope),
      arguments: activation.argumentsObject,
      scopes: this.scopes(activation.scope),
    };
  }

  /** The scopes in sight, innermost first. */
  scopes(innermost: ScopeInstance | undefined): ScopeState[] {
    const scopes: ScopeState[] = [];
    for (let scope = innermost; scope !== undefined; scope = scope.parent) scopes.push(this.scopeState(scope));
    return scopes;
  }

  /** The scopes that a function's body can see; empty where it is not known. */
  closureScopes(value: ObjectValue): ScopeState[] {
    const object = this.state.heap.get(value);
    if (object?.code === undefined) return [];
    return this.scopes(object.closure ?? this.state.environment(object.code.environment));
  }

  /** Line and column of an offset; undefined where the recording lacks the source. */
  place(file: LoadedFile, offset: number): Place | undefined {
    if (offset < 0) return undefined;
    if (!this.lineMaps.has(file.hash)) {
      const source = this.state.sources(file.hash);
      this.lineMaps.set(file.hash, source === undefined ? undefined : new LineMap(source));
    }
    return this.lineMaps.get(file.hash)?.place(offset);
  }

  /** undefined where the stream holds no definition of it */
  object(value: ObjectValue): ObjectState | undefined {
    const { heap } = this.state;
    const object = heap.get(value);
    if (object === undefined) return undefined;
    const properties = [...object.properties].map(([key, contents]) => ({
      key,
      value: this.state.links.property(object, value, key, contents),
      attributes: object.attributesOf(key),
    }));
    if (object.lazyPrototype) properties.push({ key: 'prototype', value: heap.lazyPrototype(value), attributes: 1 });
    const all = object.kind === ObjectKind.typedArray ? readElements(heap, object) : object.elements;
    const elements = all === undefined || isSparse(all) ? undefined : all;
    if (all !== undefined && elements === undefined) {
      for (const [key, value] of Object.entries(all)) properties.push({ key, value, attributes: ORDINARY });
      properties.push({ key: 'length', value: all.length, attributes: Attribute.writable });
    }
    return {
      id: value.id,
      kind: NEUTRAL[object.kind] ?? 'opaque',
      kindCode: object.kind,
      typeName: object.className,
      flags: object.flags,
      prototype: object.prototype,
      properties: properties.sort(byLanguageOrder),
      elements: elements === undefined ? undefined : withHoles(elements),
      entries: object.entries,
      bytes: object.bytes ?? (object.kind === ObjectKind.dataView ? heap.bytesOf(object) : undefined),
      view: windowOf(heap, object),
      inner: object.inner,
      inner2: object.inner2,
      code: object.code === undefined || object.code.site === 0 ? undefined : this.codeOf(object.code.site),
    };
  }

  /** The variable of that name that the call sees; undefined where there is none. */
  variable(call: Activation, name: string): { readonly value: Value } | undefined {
    const found = this.variableIn(call.scope, name);
    return found ?? (name === 'arguments' && call.argumentsObject ? { value: call.argumentsObject } : undefined);
  }

  /** The variable of that name that code in the scope sees. */
  variableIn(innermost: ScopeInstance, name: string): { readonly value: Value } | undefined {
    for (let scope: ScopeInstance | undefined = innermost; scope !== undefined; scope = scope.parent) {
      const { scopes, variables } = scope.file.table;
      const slot = scopes[scope.scope]!.variables.findIndex((index) => variables[index]!.name === name);
      if (slot >= 0) return { value: this.state.links.variable(scope, slot) };
    }
    return undefined;
  }

  typeOf(value: ObjectValue): 'function' | 'object' {
    return this.state.heap.typeOf(value);
  }

  /**
   * A property, own or inherited; undefined where code would have to run to tell, or the recording does not hold it.
   * What an object of the language has from the start is left to the language.
   */
  property(value: ObjectValue, key: Key): { readonly value: Value | Accessor } | undefined {
    const { heap, links } = this.state;
    const index = indexOfKey(key);
    for (let at: Value = value, hops = 0; at instanceof ObjectValue && hops < 1000; hops++) {
      const object = heap.get(at);
      if (object === undefined || object.kind === ObjectKind.proxy) return undefined;
      if (object.properties.has(key)) return { value: links.property(object, at, key, object.properties.get(key)) };
      if (object.lazyPrototype && key === 'prototype') return { value: heap.lazyPrototype(at) };
      const { elements } = object;
      if (elements !== undefined) {
        if (index >= 0 && index in elements) return { value: elements[index] };
        if (key === 'length') return { value: elements.length };
      }
      if (object.entries !== undefined && key === 'size') return { value: object.entries.size };
      if (object.kind === ObjectKind.error && key === 'stack') return { value: object.inner };
      if (object.kind === ObjectKind.intrinsic) {
        const has = typeof object.inner === 'string' ? intrinsicHas(object.inner, key) : undefined;
        if (has !== false) return undefined;
        const root = heap.intrinsics.get('Object.prototype');
        const patched = root && heap.get(root)?.properties.get(key);
        return { value: patched };
      }
      if (!TOLD.has(object.kind)) return undefined;
      at = object.prototype;
    }
    return key === '__proto__' ? undefined : { value: undefined };
  }

  /** Whether the program has put something of its own there on one of the language's objects. */
  isPatched(path: string, key: Key): boolean {
    const { heap } = this.state;
    const value = heap.intrinsics.get(path);
    return (value && heap.get(value)?.properties.has(key)) === true;
  }

  private scopeState(instance: ScopeInstance): ScopeState {
    const { scopes, variables } = instance.file.table;
    const types = this.typesOf(instance.file);
    const site = scopes[instance.scope]!;
    return {
      kind: site.kind,
      variables: site.variables.map((index, slot) => ({
        name: variables[index]!.name,
        kind: variables[index]!.kind,
        ...typeOf(types?.[index]),
        value: this.state.links.variable(instance, slot),
      })),
    };
  }

  private typesOf({ hash }: LoadedFile): readonly (string | null)[] | undefined {
    if (!this.typeLists.has(hash)) this.typeLists.set(hash, this.types(hash));
    return this.typeLists.get(hash);
  }

  private codeOf(site: number): ObjectState['code'] {
    const file = this.state.fileOf(site);
    if (file === undefined) return undefined;
    const functionSite = file.table.functions[file.code.owner[site - file.base]!];
    const start = functionSite?.start ?? 0;
    return { path: file.path, start, place: this.place(file, start) };
  }
}

/** Kinds of which the recording holds every own property. */
const TOLD: ReadonlySet<KindCode> = new Set([
  ObjectKind.plain,
  ObjectKind.array,
  ObjectKind.arguments,
  ObjectKind.function,
  ObjectKind.error,
  ObjectKind.map,
  ObjectKind.set,
  ObjectKind.date,
  ObjectKind.regexp,
  ObjectKind.boxed,
  ObjectKind.namespace,
]);

function typeOf(type: string | null | undefined): { readonly type?: string } {
  return typeof type === 'string' ? { type } : {};
}

function withHoles(elements: readonly Value[]): Value[] {
  const list: Value[] = [];
  for (let i = 0; i < elements.length; i++) list.push(i in elements ? elements[i] : hole);
  return list;
}

function byLanguageOrder(a: PropertyState, b: PropertyState): number {
  return rank(a.key) - rank(b.key);
}

function rank(key: Key): number {
  if (typeof key !== 'string') return 4294967297;
  const index = indexOfKey(key);
  return index < 0 ? 4294967296 : index;
}

/** The variable of that name that code at the innermost scope sees; undefined where there is none. */
export function findVariable(scopes: readonly ScopeState[], name: string): VariableState | undefined {
  for (const scope of scopes) {
    const found = scope.variables.find((variable) => variable.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
