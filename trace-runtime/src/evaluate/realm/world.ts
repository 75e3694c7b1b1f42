/** Builds the recorded objects as objects of this realm, each when something first asks for it. */
import type { Json, JsonObject } from '../../query/json-value.ts';
import { Attribute } from '../../wire/words.ts';
import { startWith, type Started } from './started.ts';
import type { Ask, FunctionAnswer, ObjectAnswer, ScopeAnswer } from '../messages.ts';
import { argumentsOf, compileIn, methodOf } from './functions.ts';
import { assertionAt } from './assertions.ts';
import { assertionLike, loadLibrary, type AssertionLibrary } from './load-library.ts';
import * as L from './language.ts';
import { partlyKnown, refuse } from './refusal.ts';

interface Tagged {
  readonly $: string;
  readonly id?: number;
  readonly value?: string;
  readonly digits?: string;
  readonly description?: string | null;
  readonly origin?: string;
  readonly name?: string;
  readonly get?: Json;
  readonly set?: Json;
}

interface PropertyJson {
  readonly key: Json;
  readonly value: Json;
  readonly attributes: number;
}

/** Containers deeper than this are made when they are reached. */
const DEPTH = 200;

export class World {
  /** by recorded id */
  private objects = new L.SafeMap<number, object>();
  private ids = new L.SafeWeakMap<object, number>();
  private symbols = new L.SafeMap<number, symbol>();
  private symbolIds = new L.SafeMap<symbol, Json>();
  private scopes = new L.SafeMap<number, { readonly own: object; readonly parent: number }>();
  /** getters that stand where an object was not asked for yet */
  private pending = new L.SafeWeakMap<object, number>();
  private readonly privateKeys = new L.SafeMap<string, symbol>();
  private readonly privateNames = new L.SafeMap<symbol, string>();
  private depth = 0;
  /** by the text of a function: what is compiled instead */
  private replaced = new L.SafeMap<string, string>();

  private library: AssertionLibrary | undefined;

  constructor(private readonly ask: (question: Ask) => unknown) {}

  /** The next evaluation may be at another moment. */
  forget(): void {
    this.objects = new L.SafeMap();
    this.ids = new L.SafeWeakMap();
    this.symbols = new L.SafeMap();
    this.symbolIds = new L.SafeMap();
    this.scopes = new L.SafeMap();
    this.pending = new L.SafeWeakMap();
    this.replaced = new L.SafeMap();
    // an evaluation that was stopped leaves it where it was
    this.depth = 0;
  }

  /** Until it forgets, functions of the text have another. */
  replace(text: string, by: string): void {
    L.mapSet(this.replaced, text, by);
  }

  /** A scope's contents, before they are asked for. */
  learn(id: number, answer: ScopeAnswer): void {
    L.mapSet(this.scopes, id, { own: this.bindings(answer), parent: answer.parent });
  }

  /** The recorded id of an object; undefined of one that was made here. */
  idOf(object: object): number | undefined {
    return L.weakGet(this.ids, object) as number | undefined;
  }

  /** The recorded id of the object that a getter stands for. */
  pendingOf(getter: unknown): number | undefined {
    return typeof getter === 'function' ? (L.weakGet(this.pending, getter) as number | undefined) : undefined;
  }

  symbolJson(symbol: symbol): Json | undefined {
    return L.mapGet(this.symbolIds, symbol) as Json | undefined;
  }

  privateKey(name: string): symbol {
    let key = L.mapGet(this.privateKeys, name) as symbol | undefined;
    if (key === undefined) {
      key = Symbol(name);
      L.mapSet(this.privateKeys, name, key);
      L.mapSet(this.privateNames, key, name);
    }
    return key;
  }

  /** `#name` of a key that stands for a private name. */
  privateName(key: symbol): string | undefined {
    const name = L.mapGet(this.privateNames, key) as string | undefined;
    return name === undefined ? undefined : `#${name}`;
  }

  value(json: Json, what: string): unknown {
    if (typeof json !== 'object' || json === null) return json;
    const tagged = json as unknown as Tagged;
    switch (tagged.$) {
      case 'undefined':
      case 'hole':
        return undefined;
      case 'number':
        return tagged.value === '-0' ? -0 : Number(tagged.value);
      case 'bigint':
        return BigInt(tagged.digits ?? '0');
      case 'object':
        return this.object(tagged.id!);
      case 'symbol':
        return this.symbol(tagged, json);
      case 'redacted':
        return refuse(`${what} holds the secret ${tagged.name ?? ''}, which is not recorded.`);
      case 'uninitialised':
        throw new ReferenceError(`Cannot access '${what}' before initialization`);
      default:
        return refuse(`The recording does not hold ${what}.`);
    }
  }

  object(id: number, holder?: object): object {
    const known = L.mapGet(this.objects, id) as object | undefined;
    if (known !== undefined) return known;
    const answer = this.ask({ ask: 'object', id }) as ObjectAnswer | null;
    if (answer === null) return this.keep(id, partlyKnown({}, 'An object'));
    const { classOf } = answer;
    if (typeof classOf === 'number') {
      // a class makes its own prototype
      this.object(classOf);
      const made = L.mapGet(this.objects, id) as object | undefined;
      if (made !== undefined) return made;
    }
    this.depth++;
    try {
      return this.build(id, answer, holder);
    } finally {
      this.depth--;
    }
  }

  /** Scopes in sight, outermost first. */
  chain(innermost: number): object[] {
    const list: object[] = [];
    for (let id = innermost; id !== 0;) {
      const scope = this.scope(id);
      list.unshift(scope.own);
      id = scope.parent;
    }
    return list;
  }

  private symbol({ id, description, origin }: Tagged, json: Json): symbol {
    const name = description ?? undefined;
    if (origin === 'well-known') return Symbol[(name ?? '').slice(7) as 'iterator'] as symbol;
    if (origin === 'registered') return Symbol.for(name ?? '');
    let symbol = L.mapGet(this.symbols, id!) as symbol | undefined;
    if (symbol === undefined) {
      L.mapSet(this.symbols, id!, (symbol = Symbol(name)));
      L.mapSet(this.symbolIds, symbol, json);
    }
    return symbol;
  }

  private keep(id: number, object: object): object {
    L.mapSet(this.objects, id, object);
    L.weakSet(this.ids, object, id);
    return object;
  }

  private build(id: number, answer: ObjectAnswer, holder: object | undefined): object {
    const name = typeof answer.typeName === 'string' && answer.typeName ? answer.typeName : 'object';
    const properties = answer.properties as unknown as readonly PropertyJson[];
    const { made } = answer;
    if (made === 'intrinsic') return this.intrinsic(id, answer, properties);
    if (made === 'proxy')
      return this.keep(
        id,
        new L.SafeProxy(
          this.value(answer.inner!, 'A target') as object,
          this.value(answer.inner2!, 'A handler') as object,
        ),
      );
    if (made === 'function') return this.func(id, answer, properties, holder);
    if (made === 'weak' || made === 'generator' || made === 'opaque' || made === 'missing') {
      const known = {};
      L.setPrototypeOf(known, this.value(answer.prototype ?? null, 'A prototype') as object | null);
      this.properties(known, properties);
      return this.keep(id, partlyKnown(known, `A ${name}`));
    }
    const object = this.keep(id, this.empty(made, answer));
    L.setPrototypeOf(object, this.value(answer.prototype ?? null, 'A prototype') as object | null);
    this.contents(object, answer);
    this.properties(object, properties);
    this.seal(object, Number(answer.flags));
    return object;
  }

  private empty(made: string, answer: ObjectAnswer): object {
    const inner = answer.inner ?? null;
    switch (made) {
      case 'array':
        return [];
      case 'arguments':
        return argumentsOf((answer.elements as readonly Json[]).map((each) => this.value(each, 'An argument')));
      case 'error': {
        const error = new Error();
        delete error.stack;
        return error;
      }
      case 'map':
        return new Map();
      case 'set':
        return new Set();
      case 'date':
        return new L.SafeDate(this.value(inner, 'A time') as number);
      case 'regexp':
        return new RegExp(this.value(inner, 'A pattern') as string, this.value(answer.inner2 ?? '', 'Flags') as string);
      case 'boxed':
        return Object(this.value(inner, 'A boxed value')) as object;
      case 'promise':
        return new Promise(() => undefined);
      case 'arrayBuffer': {
        const bytes = fromBase64(String(answer.base64 ?? ''));
        const buffer = new ArrayBuffer(bytes.length);
        new Uint8Array(buffer).set(bytes);
        return buffer;
      }
      case 'typedArray':
      case 'dataView': {
        const view = answer.view as JsonObject | undefined;
        const buffer = view && this.value(view.buffer!, 'A buffer');
        if (!buffer) return refuse('The recording does not hold the buffer of a view.');
        const { typeName } = answer;
        const make = made === 'dataView' ? DataView : (languageView(String(typeName)) ?? Uint8Array);
        return new make(buffer as ArrayBuffer, Number(view.offset), Number(view.length));
      }
      default:
        return {};
    }
  }

  private contents(object: object, { made, elements, entries, inner }: ObjectAnswer): void {
    if (made === 'array' && Array.isArray(elements)) {
      (object as unknown[]).length = elements.length;
      for (let i = 0; i < elements.length; i++) {
        const json = elements[i] as Json;
        if (typeof json === 'object' && json !== null && (json as unknown as Tagged).$ === 'hole') continue;
        this.define(
          object,
          String(i),
          json,
          Attribute.writable | Attribute.enumerable | Attribute.configurable,
          this.depth > DEPTH,
        );
      }
    }
    if (made === 'map' || made === 'set') {
      for (const [key, value] of entries as unknown as readonly (readonly [Json, Json])[]) {
        const held = this.value(key, 'A key');
        if (made === 'set') L.setAdd(object as Set<unknown>, held);
        else L.mapSet(object as Map<unknown, unknown>, held, this.value(value, 'A value'));
      }
    }
    if (made === 'error' && inner !== undefined)
      this.define(object, 'stack', inner, Attribute.writable | Attribute.configurable, false);
  }

  private properties(object: object, list: readonly PropertyJson[]): void {
    for (const { key, value, attributes } of list) {
      if (typeof key === 'string' && key.startsWith('#'))
        this.define(object, this.privateKey(key.slice(1)), value, Attribute.writable, false);
      else this.define(object, this.value(key, 'A key') as string | symbol, value, attributes, true);
    }
  }

  private define(object: object, key: string | symbol, json: Json, attributes: number, lazy: boolean): void {
    const enumerable = (attributes & Attribute.enumerable) !== 0;
    const configurable = (attributes & Attribute.configurable) !== 0;
    const writable = (attributes & Attribute.writable) !== 0;
    const tagged = json as unknown as Tagged | null;
    const what = `.${typeof key === 'symbol' ? `[${String(L.descriptionOf(key))}]` : key}`;
    if (typeof json === 'object' && tagged?.$ === 'accessor') {
      const get = this.accessor(tagged.get!, object);
      const set = this.accessor(tagged.set!, object);
      L.defineProperty(object, key, { get, set, enumerable, configurable });
      return;
    }
    const isLate = typeof json === 'object' && tagged !== null && LATE[tagged.$] === true;
    if (!isLate || (tagged.$ === 'object' && (!lazy || !configurable))) {
      const value = tagged?.$ === 'object' ? this.object(tagged.id!, object) : this.value(json, what);
      L.defineProperty(object, key, { value, writable, enumerable, configurable });
      return;
    }
    this.defineLate(object, key, json, { writable, enumerable }, what);
  }

  /** An object that nobody has asked for, or a value that is not known: both matter only when they are looked at. */
  private defineLate(
    object: object,
    key: string | symbol,
    json: Json,
    { writable, enumerable }: { readonly writable: boolean; readonly enumerable: boolean },
    what: string,
  ): void {
    const tagged = json as unknown as Tagged;
    const get = (): unknown => {
      const value = tagged.$ === 'object' ? this.object(tagged.id!, object) : this.value(json, what);
      L.defineProperty(object, key, { value, writable, enumerable, configurable: true });
      return value;
    };
    if (tagged.$ === 'object') L.weakSet(this.pending, get, tagged.id!);
    const set = function (this: object, value: unknown): void {
      const isOwn = this === object;
      if (!isOwn || writable)
        L.defineProperty(this, key, {
          value,
          writable: true,
          enumerable: isOwn ? enumerable : true,
          configurable: true,
        });
    };
    L.defineProperty(object, key, { get, set, enumerable, configurable: true });
  }

  private accessor(json: Json, holder: object): (() => unknown) | undefined {
    const tagged = json as unknown as Tagged;
    if (tagged.$ !== 'object') return undefined;
    return this.object(tagged.id!, holder) as () => unknown;
  }

  private seal(object: object, flags: number): void {
    if ((flags & 7) === 0) return;
    if (flags & 4) L.freeze(object);
    else if (flags & 2) L.seal(object);
    else L.preventExtensions(object);
  }

  private intrinsic(id: number, answer: ObjectAnswer, properties: readonly PropertyJson[]): object {
    const path = String(answer.inner ?? '');
    const found = L.languageObject(path);
    if ((typeof found === 'object' && found !== null) || typeof found === 'function') {
      this.keep(id, found);
      this.properties(found, properties);
      return found;
    }
    const assertion = assertionAt(path);
    if (assertion) return this.keep(id, assertion);
    const known = answer.callable === true ? function () {} : {};
    const base = typeof answer.base === 'string' ? L.languageObject(answer.base) : undefined;
    L.setPrototypeOf(known, (base as object | undefined) ?? null);
    if (typeof known === 'function')
      for (const key of ['name', 'length'] as const) {
        const value = (answer.facts as JsonObject | undefined)?.[key];
        if (value === undefined) L.deleteProperty(known, key);
        else L.defineProperty(known, key, { value, writable: false, enumerable: false, configurable: true });
      }
    this.properties(known, properties);
    if (answer.started !== undefined) startWith(known, answer.started as unknown as Started);
    const { prototypeId } = answer;
    if (typeof prototypeId === 'number')
      L.defineProperty(known, 'prototype', { value: this.object(prototypeId), writable: true });
    const hidden = Array.isArray(answer.hidden) ? new Set(answer.hidden as string[]) : undefined;
    const hasPrototype = typeof prototypeId === 'number' || properties.some(({ key }) => key === 'prototype');
    return this.keep(id, partlyKnown(known, path.replace(/^node:/, ''), hidden, hasPrototype));
  }

  private func(
    id: number,
    answer: ObjectAnswer,
    properties: readonly PropertyJson[],
    holder: object | undefined,
  ): object {
    const code = answer.function as unknown as FunctionAnswer | { readonly refused: string };
    if ('refused' in code) {
      const assertion = assertionLike(properties);
      return assertion ? this.keep(id, this.assertions[assertion]) : this.refused(id, code.refused, answer, properties);
    }
    const isClass = code.form === 'class' || code.form === 'derivedClass';
    const parent = code.form === 'derivedClass' ? this.value(answer.prototype ?? null, 'A superclass') : undefined;
    const self = code.self === null ? undefined : this.value(code.self, 'this');
    let made: object;
    try {
      const text = (L.mapGet(this.replaced, code.text) as string | undefined) ?? code.text;
      made = compileIn(text, this.chain(code.scope), code.strict && !isClass, self, parent) as object;
    } catch (error) {
      return this.refused(id, `A function cannot be run again: ${String(error)}.`, answer, properties);
    }
    if (code.form === 'method' && holder !== undefined) {
      const own = made;
      // what `super` starts from
      L.setPrototypeOf(own, L.getPrototypeOf(holder));
    }
    const func = this.keep(id, (code.form === 'method' ? methodOf(made) : made) as object);
    if (isClass) {
      const prototype = properties.find(({ key }) => key === 'prototype')?.value as unknown as Tagged | undefined;
      const own = L.getOwnPropertyDescriptor(func, 'prototype')!.value as object;
      if (prototype?.$ === 'object' && L.mapGet(this.objects, prototype.id!) === undefined) {
        this.keep(prototype.id!, own);
        const contents = this.ask({ ask: 'object', id: prototype.id! }) as ObjectAnswer;
        L.setPrototypeOf(own, this.value(contents.prototype ?? null, 'A prototype') as object | null);
        this.properties(own, contents.properties as unknown as readonly PropertyJson[]);
      }
    }
    this.finishFunction(func, answer, isClass ? properties.filter(({ key }) => key !== 'prototype') : properties);
    return func;
  }

  /** Loaded when something first asks for it. */
  get assertions(): AssertionLibrary {
    return (this.library ??= loadLibrary(String(this.ask({ ask: 'assertions' }))));
  }

  /** Can be looked at, and called by nobody. */
  private refused(id: number, why: string, answer: ObjectAnswer, properties: readonly PropertyJson[]): object {
    const native = this.keep(id, function () {
      return refuse(why);
    });
    this.finishFunction(native, answer, properties);
    return native;
  }

  private finishFunction(func: object, answer: ObjectAnswer, properties: readonly PropertyJson[]): void {
    const prototype = this.value(answer.prototype ?? null, 'A prototype') as object | null;
    if (L.getPrototypeOf(func) !== prototype) L.setPrototypeOf(func, prototype);
    const held = L.ownKeys(func);
    for (const key of held) {
      const isThere = properties.some((each) => each.key === key) || key === 'prototype';
      if (!isThere && L.getOwnPropertyDescriptor(func, key)?.configurable === true) L.deleteProperty(func, key);
    }
    this.properties(func, properties);
    this.seal(func, Number(answer.flags));
  }

  private scope(id: number): { readonly own: object; readonly parent: number } {
    let scope = L.mapGet(this.scopes, id) as { readonly own: object; readonly parent: number } | undefined;
    if (scope === undefined) {
      const answer = this.ask({ ask: 'scope', id }) as ScopeAnswer;
      scope = { own: this.bindings(answer), parent: answer.parent };
      L.mapSet(this.scopes, id, scope);
    }
    return scope;
  }

  private bindings({ variables }: ScopeAnswer): object {
    const own = Object.create(null) as object;
    for (const { name, fixed, value: json } of variables) {
      let isKnown = false;
      let value: unknown;
      const get = (): unknown => {
        if (!isKnown) {
          value = this.value(json, name);
          isKnown = true;
        }
        return value;
      };
      const set = (next: unknown): void => {
        const tagged = json as unknown as Tagged | null;
        if (typeof json === 'object' && tagged?.$ === 'uninitialised') this.value(json, name);
        if (fixed) throw new TypeError('Assignment to constant variable.');
        value = next;
        isKnown = true;
      };
      L.defineProperty(own, name, { get, set, enumerable: true, configurable: true });
    }
    return own;
  }
}

/** What is made only when it is looked at. */
const LATE: Readonly<Record<string, boolean>> = { object: true, opaque: true, redacted: true };

function languageView(
  typeName: string,
): (new (buffer: ArrayBuffer, offset: number, length: number) => object) | undefined {
  const named = typeName === 'Buffer' ? Uint8Array : (L.languageObject(typeName) as unknown);
  return typeof named === 'function' ? (named as new () => object) : undefined;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const at = (j: number): number => Math.max(0, DIGITS.indexOf(text[i + j] ?? '='));
    const bits = (at(0) << 18) | (at(1) << 12) | (at(2) << 6) | at(3);
    bytes.push((bits >> 16) & 255);
    if (text[i + 2] !== '=') bytes.push((bits >> 8) & 255);
    if (text[i + 3] !== '=') bytes.push(bits & 255);
  }
  return Uint8Array.from(bytes);
}
