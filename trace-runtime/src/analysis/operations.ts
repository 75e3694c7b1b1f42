/** What operators and functions of the language made of their operands, and which of these is to blame for it. */
import type { AnyNode } from 'acorn';
import { isPrimitive, opaque, type Value } from '../query/values.ts';
import { inputOf, type Answer, type Input } from './hops.ts';
import type { Reenactment } from './reenact.ts';
import { isFunction } from './syntax.ts';

/** What it was computed from; it goes on with the one that explains, if there is one. */
export function operation(re: Reenactment, node: AnyNode, operands: readonly AnyNode[], what: string): Answer {
  const inputs = operands
    .filter((each) => !isFunction(each))
    .map((each) => inputOf(re, each.type === 'SpreadElement' ? each.argument : each));
  return { kind: 'operation', what, inputs, next: explaining(inputs, re.valueOf(node))?.lead };
}

/** Of what a text was put together from the one that was missing, which the text says: `undefined`, `NaN`, `null`. */
export function missingIn(inputs: readonly Input[], text: Value): Input | undefined {
  if (typeof text !== 'string' || !MISSING.test(text)) return undefined;
  const missing = inputs.filter(({ value }) => isPrimitive(value) && MISSING.test(String(value)));
  return missing.length === 1 ? missing[0] : undefined;
}

const MISSING = /\b(?:undefined|NaN|null)\b/;

/** Of several operands the one to blame: what is NaN or undefined where the result is NaN; the only one that is no literal. */
export function explaining(inputs: readonly Input[], result: Value): Input | undefined {
  if (typeof result === 'number' && Number.isNaN(result)) {
    const bad = inputs.find(({ value }) => isNotANumber(value)) ?? inputs.find(({ value }) => value === opaque);
    if (bad) return bad;
  }
  const missing = missingIn(inputs, result);
  if (missing) return missing;
  const open = inputs.filter(({ lead }) => lead.kind !== 'expression' || !isLiteral(lead.node));
  return open.length === 1 ? open[0] : undefined;
}

function isNotANumber(value: Value): boolean {
  return (
    value === undefined ||
    (typeof value === 'number' && Number.isNaN(value)) ||
    (typeof value === 'string' && Number.isNaN(Number(value)))
  );
}

export function isLiteral(node: AnyNode): boolean {
  return (
    node.type === 'Literal' ||
    (node.type === 'Identifier' && node.name === 'undefined') ||
    (node.type === 'UnaryExpression' && isLiteral(node.argument))
  );
}
