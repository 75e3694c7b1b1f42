/** The language's operators, as far as no code runs for them. */
import { isPrimitive, type Value } from '../query/values.ts';
import { Made, needsCode, primitive, type Item } from './expression-values.ts';

export function binary(operator: string, a: Item, b: Item): Value {
  if (operator === '===' || operator === '!==') return (a === b) === (operator === '===');
  if (operator === '==' || operator === '!=') {
    const isPlain = (value: Item): boolean => !(value instanceof Made) && isPrimitive(value);
    const isNothing = (value: Item): boolean => value === null || value === undefined;
    if (isPlain(a) !== isPlain(b) && !isNothing(a) && !isNothing(b)) throw needsCode();
    // oxlint-disable-next-line eqeqeq
    return (a == b) === (operator === '==');
  }
  const compute = BINARY.get(operator);
  if (!compute) throw needsCode();
  return compute(primitive(a) as never, primitive(b) as never);
}

const BINARY = new Map<string, (a: number, b: number) => Value>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
  ['**', (a, b) => a ** b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['&', (a, b) => a & b],
  ['|', (a, b) => a | b],
  ['^', (a, b) => a ^ b],
  ['<<', (a, b) => a << b],
  ['>>', (a, b) => a >> b],
  ['>>>', (a, b) => a >>> b],
]);
