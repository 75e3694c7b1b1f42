/** Compiles the program's functions in the scopes that they were made in. */
import {
  SafeFunction,
  apply,
  getOwnPropertyDescriptor,
  mapGet,
  mapSet,
  mapSize,
  ownKeys,
  SafeMap,
} from './language.ts';

type Compiled = (...given: readonly unknown[]) => unknown;

/** Texts that are kept compiled. */
const MOST = 2000;

let compiled = new SafeMap<string, Compiled>();
/** by the number of scopes, and strictness */
const evaluators = new SafeMap<string, Compiled>();

/**
 * Evaluates an expression of the program inside scopes, outermost first. `with` makes their variables visible; what is
 * strict has a strict function around it. Throws a SyntaxError where the text is nothing that a function can hold.
 */
export function compileIn(
  text: string,
  scopes: readonly object[],
  strict: boolean,
  self: unknown,
  superclass?: unknown,
) {
  const key = `${scopes.length} ${strict} ${text}`;
  let factory = mapGet(compiled, key) as Compiled | undefined;
  if (factory === undefined) {
    const body = `return (function () { ${strict ? '"use strict";' : ''} return ${text}\n}).call(__hindcastSelf);`;
    factory = withScopes(scopes.length, ['__hindcastSelf', '__hindcastSuper'], body);
    if (Number(mapSize(compiled)) >= MOST) compiled = new SafeMap();
    mapSet(compiled, key, factory);
  }
  return factory(scopes, self, superclass);
}

/** Evaluates what a person typed, as the innermost scope's code would. One function for all: V8 then knows a text again. */
export function evaluateIn(code: string, scopes: readonly object[], strict: boolean, self: unknown, given: unknown[]) {
  const key = `${scopes.length} ${strict}`;
  let evaluator = mapGet(evaluators, key) as Compiled | undefined;
  if (evaluator === undefined) {
    const body = `return (function () { ${strict ? '"use strict";' : ''} return eval(__hindcastCode); }).apply(__hindcastSelf, __hindcastGiven);`;
    evaluator = withScopes(scopes.length, ['__hindcastSelf', '__hindcastGiven', '__hindcastCode'], body);
    mapSet(evaluators, key, evaluator);
  }
  return evaluator(scopes, self, given, asExpression(code));
}

/** What `await` in an expression needs around it; undefined where it is none that awaits. */
export function awaiting(code: string): string | undefined {
  if (!/\bawait\b/.test(code)) return undefined;
  const asynchronous = `(async () => (${code}\n))()`;
  // there `await` is no name, and no operator either, but in functions of their own
  return compiles(`class C { static { (${code}\n) } }`) || !compiles(asynchronous) ? undefined : asynchronous;
}

function compiles(text: string): boolean {
  try {
    void new SafeFunction(text);
    return true;
  } catch {
    return false;
  }
}

function withScopes(count: number, names: readonly string[], body: string): Compiled {
  let text = body;
  for (let i = count - 1; i >= 0; i--) text = `with (__hindcastScopes[${i}]) { ${text} }`;
  return new SafeFunction('__hindcastScopes', ...names, text) as Compiled;
}

/** `{a: 1}` is meant as an object where it can be one. */
function asExpression(code: string): string {
  if (!/^\s*\{/.test(code) || !/\}\s*$/.test(code)) return code;
  return compiles(`(${code}\n)`) ? `(${code}\n)` : code;
}

/** The function that is the object's one property. */
export function methodOf(object: object): unknown {
  const descriptor = getOwnPropertyDescriptor(object, ownKeys(object)[0]!)!;
  return descriptor.get ?? descriptor.set ?? (descriptor.value as unknown);
}

export function argumentsOf(elements: readonly unknown[]): object {
  return apply(
    function () {
      // oxlint-disable-next-line prefer-rest-params
      return arguments;
    },
    undefined,
    elements,
  ) as object;
}
