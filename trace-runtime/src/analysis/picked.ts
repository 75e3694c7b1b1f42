/** What a method of an array gave by what the function that it was given said of the elements. */
import type { AnyNode } from 'acorn';
import { truthy } from '../query/derive.ts';
import { Round, expression, nameOf, type Answer, type Input } from './hops.ts';
import type { Reenactment } from './reenact.ts';
import type { InnerCall } from './run.ts';
import { isFunction, plain } from './syntax.ts';

export interface Picking {
  /** the call of the method */
  readonly node: AnyNode;
  /** the array */
  readonly on: AnyNode;
  readonly name: string;
  /** what decides */
  readonly test: AnyNode | undefined;
  /** its calls, one for each element */
  readonly inner: readonly InnerCall[];
  /** how many elements the array has, where that is known */
  readonly length: number | undefined;
}

/** More of them are not shown. */
const SHOWN = 5;

/** The places among the calls of those that passed; undefined where the recording does not tell of all. */
export function passedOf(inner: readonly InnerCall[]): readonly number[] | undefined {
  const answers = inner.map(({ value }) => truthy(value));
  return answers.includes(undefined) ? undefined : answers.flatMap((has, i) => (has === true ? [i] : []));
}

/** How many elements passed, with what the test said of each. Undefined where it did not see all of them. */
export function countAnswer(re: Reenactment, picking: Picking, kind: Answer['kind']): Answer | undefined {
  const { on, name, inner, length } = picking;
  const passed = passedOf(inner)?.length;
  if (passed === undefined || length !== inner.length) return undefined;
  const of = nameOf(re, on);
  if (length === 0) return { kind, what: `${of} had no elements.`, next: expression(re, on), differs: true };
  const inputs = testsOf(re, picking);
  if (length === 1)
    return {
      kind,
      what: `The one element of ${of} ${passed === 0 ? 'did not pass' : 'passed'} the test of ${name}.`,
      inputs,
    };
  const some = passed === 0 ? 'None' : passed === length ? 'All' : String(passed);
  return { kind, what: `${some} of the ${length} elements of ${of} passed the test of ${name}.`, inputs };
}

/** `some`, `every` and the like end with the element that decides. */
export function decidedAnswer(re: Reenactment, picking: Picking): Answer | undefined {
  const { node, on, name, inner } = picking;
  const last = inner.at(-1);
  const said = last && truthy(last.value);
  if (said === undefined) return countAnswer(re, picking, 'operation');
  // the last one has decided nothing
  if (said === (name === 'every')) return countAnswer(re, picking, 'operation');
  if (name.startsWith('findLast')) return undefined;
  return {
    kind: 'operation',
    what: `${elementText(re, on, inner.length - 1)} ${said ? 'passed' : 'did not pass'} the test of ${name}.`,
    next: expression(re, node, [new Round(last!.serial)]),
    differs: true,
    inputs: [],
  };
}

/** What the test said of the first elements. */
export function testsOf(re: Reenactment, { node, on, name, test, inner }: Picking): readonly Input[] {
  return inner.slice(0, SHOWN).map(({ serial, value }, i) => ({
    text: `${elementText(re, on, name.startsWith('findLast') ? inner.length - 1 - i : i)}: ${testText(re, test)}`,
    value,
    lead: expression(re, node, [new Round(serial)]),
  }));
}

function elementText(re: Reenactment, on: AnyNode, index: number): string {
  const { type } = plain(on);
  return type === 'Identifier' || type === 'MemberExpression' ? `${nameOf(re, on)}[${index}]` : `element ${index}`;
}

/** What an arrow function gives, as far as it is one expression; else its name. */
function testText(re: Reenactment, test: AnyNode | undefined): string {
  const node = test && plain(test);
  if (!node) return 'its test';
  if (!isFunction(node)) return nameOf(re, node);
  return node.body.type === 'BlockStatement' ? 'its test' : nameOf(re, node.body);
}
