import type { Key } from './values.ts';
import { SymbolValue } from './values.ts';

/**
 * What the language's own objects say to an assignment that reaches them through a prototype chain. The reader runs on
 * the same kind of engine, so its own intrinsics have the same descriptors; only descriptors are looked at.
 */
export function intrinsicProperty(path: string, key: Key): 'writable' | 'blocked' | undefined {
  let known = cache.get(path);
  if (known === undefined) cache.set(path, (known = new Map()));
  if (!known.has(key)) {
    // user-made keys must not make this grow without bound
    if (known.size > 2000) known.clear();
    known.set(key, look(path, key));
  }
  return known.get(key);
}

/** undefined where the path names none of the language's objects */
export function intrinsicType(path: string): 'function' | 'object' | undefined {
  const object = find(path);
  return object === undefined ? undefined : typeof object === 'function' ? 'function' : 'object';
}

/** Whether the language's own object has the property, own or inherited; undefined where the path names none. */
export function intrinsicHas(path: string, key: Key): boolean | undefined {
  const object = find(path);
  const name = key instanceof SymbolValue ? wellKnown(key) : key;
  if (object === undefined) return undefined;
  return name !== undefined && name in object;
}

/** Whether the language's own object inherits from the other; undefined where a path names none. */
export function intrinsicExtends(path: string, from: string): boolean | undefined {
  const [object, ancestor] = [find(path), find(from)];
  return object && ancestor ? Object.prototype.isPrototypeOf.call(ancestor, object) : undefined;
}

const cache = new Map<string, Map<Key, 'writable' | 'blocked' | undefined>>();

function look(path: string, key: Key): 'writable' | 'blocked' | undefined {
  const object = find(path);
  if (object === undefined) return undefined;
  const own = key instanceof SymbolValue ? wellKnown(key) : key;
  if (own === undefined) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(object, own);
  if (descriptor === undefined) return undefined;
  return descriptor.writable === true ? 'writable' : 'blocked';
}

function wellKnown(key: SymbolValue): symbol | undefined {
  if (key.origin !== 'well-known' || key.description === undefined) return undefined;
  const name = key.description.replace(/^Symbol\./, '');
  const found: unknown = Reflect.get(Symbol, name);
  return typeof found === 'symbol' ? found : undefined;
}

/** `Array.prototype`, `%GeneratorFunction%.prototype`; paths into Node's modules are not looked up. */
function find(path: string): object | undefined {
  const [root, ...names] = path.split('.');
  let current: unknown = root?.startsWith('%') === true ? hidden(root) : own(globalThis, root ?? '');
  for (const name of names) current = own(current, name);
  return isReference(current) ? current : undefined;
}

function own(object: unknown, name: string): unknown {
  return isReference(object) ? Object.getOwnPropertyDescriptor(object, name)?.value : undefined;
}

/** Intrinsics that no global names. */
function hidden(name: string): unknown {
  const constructorOf = (value: object) => own(Object.getPrototypeOf(value), 'constructor');
  switch (name) {
    case '%TypedArray%':
      return Object.getPrototypeOf(Uint8Array);
    case '%GeneratorFunction%':
      return constructorOf(function* () {});
    case '%AsyncGeneratorFunction%':
      return constructorOf(async function* () {});
    case '%AsyncFunction%':
      return constructorOf(async () => {});
    case '%ArrayIteratorPrototype%':
      return Object.getPrototypeOf([].values());
    case '%MapIteratorPrototype%':
      return Object.getPrototypeOf(new Map().entries());
    case '%SetIteratorPrototype%':
      return Object.getPrototypeOf(new Set().entries());
    case '%StringIteratorPrototype%':
      return Object.getPrototypeOf(''[Symbol.iterator]());
    case '%RegExpStringIteratorPrototype%':
      return Object.getPrototypeOf(''.matchAll(/x/g));
    default:
      return undefined;
  }
}

function isReference(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
