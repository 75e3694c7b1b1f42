/** What a failed assertion looked at. */
import type { AnyNode } from 'acorn';
import type { StateReader } from '../query/state.ts';
import { finish } from '../query/timeline.ts';
import { Accessor, ObjectValue, opaque, type Value } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import { receiverOf } from './callbacks.ts';
import type { Culprit, Failed } from './culprit.ts';
import { expression, inputOf, nameOf, pathText } from './hops.ts';
import { isKnown } from './primitives.ts';
import type { Reenactment } from './reenact.ts';
import { keyText, plain } from './syntax.ts';
import type { Traced } from './traced.ts';

/** What is to blame, and how that is said. */
export type Blamed = Pick<Culprit, 'node' | 'lead' | 'what' | 'others'>;

export function blame(re: Reenactment, node: AnyNode, what: string, others: readonly AnyNode[] = []): Blamed {
  const inner = plain(node);
  return { node: inner, lead: expression(re, inner), what, others: others.map((each) => inputOf(re, each)) };
}

/** An assertion of Node's, or one that begins with `expect`: what it looked at. */
export function byAssertion(re: Reenactment, { value }: Failed, traced: Traced): Blamed | undefined {
  const { syntax, node } = re.run;
  const calls = [...syntax.inside(node)].filter((each) => each.type === 'CallExpression');
  for (const call of calls) {
    const callee = plain(call.callee);
    const [first] = call.arguments;
    if (!first || first.type === 'SpreadElement') continue;
    const name = calledName(callee);
    if (name === 'expect') {
      const equal = equalTo(re, call);
      if (equal) return differing(re, first, equal, value, traced);
      return blame(re, first, `${nameOf(re, first)} was not what was expected`);
    }
    const root = receiverRoot(call) ?? name;
    if (!/^(assert|should|t|test)$/.test(root) && !isAssertion(traced, value)) continue;
    const [, second] = call.arguments;
    const isTruth =
      name === 'assert' || (callee.type === 'MemberExpression' && keyText(callee.property, callee.computed) === 'ok');
    if (isTruth || !second || argumentsOf(call).length === 1) return truthBlamed(re, first);
    return differing(re, first, second, value, traced);
  }
  return undefined;
}

const EQUAL = /^(?:toBe|toEqual|toStrictEqual|equals?|eql?)$/;

/** What `expect(…)` is said to be equal to; undefined where something else is expected of it. */
function equalTo({ run: { syntax } }: Reenactment, expect: AnyNode): AnyNode | undefined {
  let at = expect;
  let name = '';
  for (const around of syntax.around(expect)) {
    if (around.type === 'MemberExpression' && around.object === at) {
      name = keyText(around.property, around.computed) ?? '';
      if (name === 'not') return undefined;
    } else if (around.type === 'CallExpression' && around.callee === at && EQUAL.test(name)) {
      const [expected] = around.arguments;
      return expected?.type === 'SpreadElement' ? undefined : expected;
    } else return undefined;
    at = around;
  }
  return undefined;
}

/** `expect`, also as bundlers write an imported name: `(0, module.expect)`. */
function calledName(callee: AnyNode): string {
  if (callee.type === 'Identifier') return callee.name;
  const last = callee.type === 'SequenceExpression' ? callee.expressions.at(-1) : undefined;
  return last?.type === 'MemberExpression' ? (keyText(last.property, last.computed) ?? '') : '';
}

/** Of two values that were to be equal: where they first differ, as the assertion's error has them. */
function differing(
  re: Reenactment,
  actual: AnyNode,
  expected: AnyNode,
  error: Value,
  { reader, timeline }: Traced,
): Blamed {
  const whole = blame(re, actual, `${nameOf(re, actual)} was not ${nameOf(re, expected)}`, [expected]);
  if (!(error instanceof ObjectValue)) return whole;
  finish(timeline.toDefinition(error.id));
  const partOf = (object: ObjectValue, name: string): Value => {
    const value = reader.property(object, name)?.value;
    return value instanceof Accessor ? opaque : value;
  };
  // Jest's has them one deeper
  const result = partOf(error, 'matcherResult');
  const held = (name: string): Value => partOf(result instanceof ObjectValue ? result : error, name);
  const given = held('actual');
  // by a getter of a dependency, say, which is not recorded
  re.learn(actual, given);
  const path = firstDifference(reader, given, held('expected'));
  if (!path || path.length === 0 || re.valueOf(actual) !== given) return whole;
  const lead = expression(re, plain(actual), path);
  return {
    ...whole,
    lead,
    what: `${nameOf(re, actual)}${pathText(path)} was not what ${nameOf(re, expected)} has there`,
  };
}

const DEEPEST = 10_000;

/** Where two values first differ; undefined where they do not, or it cannot be told. */
function firstDifference(reader: StateReader, a: Value, b: Value): string[] | undefined {
  const queue: { readonly a: Value; readonly b: Value; readonly path: string[] }[] = [{ a, b, path: [] }];
  for (let next = queue.shift(), seen = 0; next && seen < DEEPEST; next = queue.shift(), seen++) {
    const { path } = next;
    const left = next.a instanceof ObjectValue ? reader.object(next.a) : undefined;
    const right = next.b instanceof ObjectValue ? reader.object(next.b) : undefined;
    if (!left || !right) {
      if (next.a !== next.b && isKnown(next.a) && isKnown(next.b)) return path;
      continue;
    }
    const keys = (state: typeof left): string[] => [
      ...(state.elements ?? []).map((_, i) => String(i)),
      ...state.properties.flatMap(({ key }) => (typeof key === 'string' ? [key] : [])),
    ];
    for (const key of new Set([...keys(left), ...keys(right)])) {
      const own = reader.property(next.a as ObjectValue, key)?.value;
      const other = reader.property(next.b as ObjectValue, key)?.value;
      if (own instanceof Accessor || other instanceof Accessor) continue;
      queue.push({ a: own, b: other, path: [...path, key] });
    }
  }
  return undefined;
}

/** Of a condition that was to be true, the operand that explains. */
function truthBlamed(re: Reenactment, test: AnyNode): Blamed {
  const inner = plain(test);
  if (inner.type === 'BinaryExpression' && inner.left.type !== 'PrivateIdentifier')
    return blame(re, inner.left, `${nameOf(re, inner)} was not true`, [inner.right]);
  return blame(re, inner, `${nameOf(re, inner)} was not true`);
}

function receiverRoot(call: AnyNode): string | undefined {
  let at: AnyNode | undefined = receiverOf(call);
  while (at?.type === 'MemberExpression') at = at.object;
  return at?.type === 'Identifier' ? at.name : undefined;
}

function isAssertion({ reader }: Traced, value: Value): boolean {
  const state = value instanceof ObjectValue ? reader.object(value) : undefined;
  return (
    state?.typeName === 'AssertionError' || (state?.properties.some(({ key }) => key === 'generatedMessage') ?? false)
  );
}
