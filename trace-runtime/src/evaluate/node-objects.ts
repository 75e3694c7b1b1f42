/** What Node's own objects have, by name: the sandbox knows then what it lacks. */
import { createRequire } from 'node:module';

export interface NodeObject {
  readonly callable: boolean;
  /** of functions */
  readonly facts: { readonly name?: string; readonly length?: number };
  /** names of properties that Node's code gives it, symbols as `[description]` */
  readonly hidden: readonly string[];
  /** path of the language's object that it inherits from in the end */
  readonly base: string;
}

const BASES: readonly (readonly [object, string])[] = [
  'Object',
  'Function',
  'Array',
  'Uint8Array',
  'Error',
  'Map',
  'Set',
  'Promise',
  'ArrayBuffer',
].map((name) => [
  (globalThis as unknown as Record<string, { prototype: object }>)[name]!.prototype,
  `${name}.prototype`,
]);

const load = createRequire(import.meta.url ?? __filename);
const known = new Map<string, NodeObject | undefined>();

/** By the recorder's path, such as `node:path`, `Buffer.prototype`; undefined where this Node has none there. */
export function nodeObject(path: string): NodeObject | undefined {
  if (!known.has(path)) known.set(path, describe(find(path)));
  return known.get(path);
}

function find(path: string): unknown {
  const [root = '', ...names] = path.split('.');
  try {
    let current: unknown = root.startsWith('node:') ? load(root) : (globalThis as Record<string, unknown>)[root];
    for (const name of names) {
      if (!isReference(current)) return undefined;
      current = Object.getOwnPropertyDescriptor(current, name)?.value;
    }
    return current;
  } catch {
    return undefined;
  }
}

function describe(object: unknown): NodeObject | undefined {
  if (!isReference(object)) return undefined;
  const hidden = new Set<string>();
  let base = 'Object.prototype';
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const own = at;
    const language = BASES.find(([each]) => each === own);
    if (language) {
      base = language[1];
      break;
    }
    for (const key of Reflect.ownKeys(at)) hidden.add(typeof key === 'symbol' ? `[${key.description ?? ''}]` : key);
  }
  const facts = typeof object === 'function' ? { name: object.name, length: object.length } : {};
  return { callable: typeof object === 'function', facts, hidden: [...hidden], base };
}

function isReference(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
