/**
 * What `node:assert` decides, for cases that are made again: the functions are Node's and were not recorded. They throw
 * where Node's would; their messages are shorter.
 */
import * as L from './language.ts';

type Assertion = (...given: readonly unknown[]) => unknown;

/** By the recorder's path, such as `node:assert.strictEqual`; undefined where it is none of these. */
export function assertionAt(path: string): object | undefined {
  const [, strict, name] = /^node:assert(\/strict|\.strict)?(?:\.(\w+))?$/.exec(path) ?? [];
  if (strict === undefined && name === undefined && path !== 'node:assert') return undefined;
  const all = strict === undefined ? LOOSE : STRICT;
  if (name !== undefined) return all[name];
  const root: Assertion = (...given) => all.ok!(...given);
  for (const key of L.ownKeys(all) as string[]) L.defineProperty(root, key, { value: all[key], configurable: true });
  L.defineProperty(root, 'strict', { value: root, configurable: true });
  return root;
}

function fail(name: string, message: unknown): never {
  if (message instanceof Error) throw message;
  const error = new Error(typeof message === 'string' ? message : `assert.${name} failed`);
  L.defineProperty(error, 'name', { value: 'AssertionError', configurable: true, writable: true });
  throw error;
}

function check(name: string, holds: (a: unknown, b: unknown) => boolean): Assertion {
  return (a, b, message) => {
    if (!holds(a, b)) fail(name, message);
  };
}

const is = Object.is;
// oxlint-disable-next-line eqeqeq
const isLoosely = (a: unknown, b: unknown): boolean => a == b || (a !== a && b !== b);
const not = (holds: (a: unknown, b: unknown) => boolean) => (a: unknown, b: unknown) => !holds(a, b);
const isDeeply = (a: unknown, b: unknown): boolean => isAlike(a, b, is, []);
const isDeeplyLoose = (a: unknown, b: unknown): boolean => isAlike(a, b, isLoosely, []);

const STRICT: Readonly<Record<string, Assertion>> = {
  ok(value, message) {
    if (!value) fail('ok', message);
  },
  fail: (message) => fail('fail', message),
  equal: check('strictEqual', is),
  notEqual: check('notStrictEqual', not(is)),
  strictEqual: check('strictEqual', is),
  notStrictEqual: check('notStrictEqual', not(is)),
  deepEqual: check('deepStrictEqual', isDeeply),
  notDeepEqual: check('notDeepStrictEqual', not(isDeeply)),
  deepStrictEqual: check('deepStrictEqual', isDeeply),
  notDeepStrictEqual: check('notDeepStrictEqual', not(isDeeply)),
  match: check('match', (text, pattern) => typeof text === 'string' && (pattern as RegExp).test(text)),
  doesNotMatch: check('doesNotMatch', (text, pattern) => typeof text === 'string' && !(pattern as RegExp).test(text)),
  ifError(error) {
    if (error !== null && error !== undefined) throw error;
  },
  throws(code, expected) {
    try {
      (code as () => unknown)();
    } catch (error) {
      return expects(error, expected);
    }
    fail('throws', undefined);
  },
  doesNotThrow: (code) => void (code as () => unknown)(),
  async rejects(code, expected) {
    try {
      await (typeof code === 'function' ? (code as () => unknown)() : code);
    } catch (error) {
      return expects(error, expected);
    }
    fail('rejects', undefined);
  },
  async doesNotReject(code) {
    await (typeof code === 'function' ? (code as () => unknown)() : code);
  },
};

const LOOSE: Readonly<Record<string, Assertion>> = {
  ...STRICT,
  equal: check('equal', isLoosely),
  notEqual: check('notEqual', not(isLoosely)),
  deepEqual: check('deepEqual', isDeeplyLoose),
  notDeepEqual: check('notDeepEqual', not(isDeeplyLoose)),
};

/** Throws the error on where it is not the one that was expected. */
function expects(error: unknown, expected: unknown): void {
  if (expected === undefined || typeof expected === 'string') return;
  const text = String(error);
  if (expected instanceof RegExp) {
    if (!expected.test(text)) throw error;
  } else if (typeof expected === 'function') {
    const isClass = L.getOwnPropertyDescriptor(expected, 'prototype') !== undefined;
    if (isClass && error instanceof (expected as new () => object)) return;
    if (isClass || (expected as Assertion)(error) !== true) throw error;
  } else {
    for (const key of L.ownKeys(expected as object)) {
      const wanted = (expected as Record<PropertyKey, unknown>)[key];
      const got = (error as Record<PropertyKey, unknown>)[key];
      const holds = wanted instanceof RegExp && typeof got === 'string' ? wanted.test(got) : isDeeply(got, wanted);
      if (!holds) throw error;
    }
  }
}

type Same = (a: unknown, b: unknown) => boolean;

/** Whether two values have the same contents, as deepStrictEqual and deepEqual tell it; `open`: pairs being compared. */
function isAlike(a: unknown, b: unknown, same: Same, open: readonly (readonly [object, object])[]): boolean {
  if (same(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (open.some(([x, y]) => x === a && y === b)) return true;
  const strict = same === is;
  if (strict && L.getPrototypeOf(a) !== L.getPrototypeOf(b)) return false;
  if (L.isArray(a) !== L.isArray(b) || L.textOf(a) !== L.textOf(b)) return false;
  const inner = [...open, [a, b] as const];
  if (a instanceof Date && b instanceof Date && !is(a.getTime(), b.getTime())) return false;
  if (a instanceof RegExp && b instanceof RegExp && String(a) !== String(b)) return false;
  if (a instanceof Error && b instanceof Error && (a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a as Map<unknown, unknown>)
      if (!b.has(key) || !isAlike(value, b.get(key), same, inner)) return false;
  }
  if (a instanceof Set && b instanceof Set) {
    if (a.size !== b.size) return false;
    const others = [...(b as Set<unknown>)];
    for (const value of a as Set<unknown>)
      if (!b.has(value) && !others.some((each) => isAlike(value, each, same, inner))) return false;
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || (L.isArray(a) && a.length !== (b as unknown[]).length)) return false;
  return keys.every(
    (key) =>
      L.getOwnPropertyDescriptor(b, key) !== undefined &&
      isAlike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], same, inner),
  );
}
