/** What a failed assertion looked at. */
import type { AnyNode } from 'acorn';
import { finish } from '../query/timeline.ts';
import { Accessor, ObjectValue, opaque, type Value } from '../query/values.ts';
import { argumentsOf } from './arguments.ts';
import { receiverOf } from './callbacks.ts';
import type { Culprit, Failed } from './culprit.ts';
import { differenceFromSource, firstDifference } from './differences.ts';
import { expression, inputOf, nameOf, pathText } from './hops.ts';
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
  for (const call of syntax.inside(node)) {
    if (call.type === 'NewExpression' && isChaiAssertion(call)) return expected(re, call, value, traced);
    if (call.type !== 'CallExpression') continue;
    const callee = plain(call.callee);
    const should = shouldOf(callee);
    if (should) return shouldBe(re, call, should, value, traced);
    const [first] = call.arguments;
    if (!first || first.type === 'SpreadElement') continue;
    const name = calledName(callee);
    if (name === 'expect') return expected(re, call, value, traced);
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

/** What plugins of chai say of a value: `new Assertion(found).to.equal(wanted)`. */
function isChaiAssertion({ callee, arguments: [first] }: Extract<AnyNode, { type: 'NewExpression' }>): boolean {
  const made = plain(callee);
  const name = made.type === 'MemberExpression' ? keyText(made.property, made.computed) : calledName(made);
  return name === 'Assertion' && first !== undefined && first.type !== 'SpreadElement';
}

/** Of `expect(…)`, whose first argument is given. */
function expected(
  re: Reenactment,
  call: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>,
  error: Value,
  traced: Traced,
): Blamed | undefined {
  const [first] = call.arguments;
  if (!first) return undefined;
  const equal = equalTo(re, call);
  if (equal) return differing(re, first, equal, error, traced);
  return blame(re, first, `${nameOf(re, first)} was not what was expected`);
}

/** What a call such as `total.should.be.exactly(3)` says something of. */
function shouldOf(callee: AnyNode): { readonly actual: AnyNode; readonly isNot: boolean } | undefined {
  let isNot = false;
  for (let at = callee; at.type === 'MemberExpression'; at = plain(at.object)) {
    const name = keyText(at.property, at.computed);
    if (name === 'not') isNot = true;
    if (name === 'should' && at.object.type !== 'Super') return { actual: at.object, isNot };
  }
  return undefined;
}

function shouldBe(
  re: Reenactment,
  call: Extract<AnyNode, { type: 'CallExpression' }>,
  { actual, isNot }: NonNullable<ReturnType<typeof shouldOf>>,
  error: Value,
  traced: Traced,
): Blamed {
  const callee = plain(call.callee);
  const name = callee.type === 'MemberExpression' ? (keyText(callee.property, callee.computed) ?? '') : '';
  const [expected] = call.arguments;
  if (isNot || !expected || expected.type === 'SpreadElement' || !EQUAL.test(name))
    return blame(re, actual, `${nameOf(re, actual)} was not what was expected`);
  return differing(re, actual, expected, error, traced);
}

const EQUAL = /^(?:exactly|deepEqual|toBe|toEqual|toStrictEqual|equals?|eql?)$/;

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
function differing(re: Reenactment, actual: AnyNode, expected: AnyNode, error: Value, traced: Traced): Blamed {
  const whole = blame(re, actual, `${nameOf(re, actual)} was not ${nameOf(re, expected)}`, [expected]);
  const path =
    error instanceof ObjectValue
      ? pathIn(re, actual, expected, error, traced)
      : differenceFromSource(re, actual, expected);
  if (!path || path.length === 0) return whole;
  const lead = expression(re, plain(actual), path);
  return {
    ...whole,
    lead,
    what: `${nameOf(re, actual)}${pathText(path)} was not what ${nameOf(re, expected)} has there`,
  };
}

/** Where the two that the assertion's error has differ. */
function pathIn(
  re: Reenactment,
  actual: AnyNode,
  expected: AnyNode,
  error: ObjectValue,
  { reader, timeline }: Traced,
): readonly string[] | undefined {
  finish(timeline.toDefinition(error.id));
  const partOf = (object: ObjectValue, name: string): Value => {
    const value = reader.property(object, name)?.value;
    return value instanceof Accessor ? opaque : value;
  };
  // Jest's has them one deeper
  const result = partOf(error, 'matcherResult');
  const held = (name: string): Value => partOf(result instanceof ObjectValue ? result : error, name);
  return asTexts(partOf(error, 'diff'))
    ? differenceFromSource(re, actual, expected)
    : differenceOf(re, actual, held('actual'), held('expected'));
}

/** Vitest puts texts in the places of both values, and how they differ beside them; Node's errors say how much of that they show. */
function asTexts(diff: Value): boolean {
  return typeof diff === 'string' && diff !== 'simple' && diff !== 'full';
}

function differenceOf(re: Reenactment, actual: AnyNode, given: Value, wanted: Value): readonly string[] | undefined {
  // by a getter of a dependency, say, which is not recorded
  re.learn(actual, given);
  const path = firstDifference(re.traced.reader, given, wanted);
  return re.valueOf(actual) === given ? path : undefined;
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
