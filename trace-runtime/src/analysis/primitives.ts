/** What operators and built-in functions give for primitives; opaque where it cannot be told without the program. */
import { truthy } from '../query/derive.ts';
import { hole, isPrimitive, ObjectValue, opaque, SymbolValue, type Value } from '../query/values.ts';

type Compute = (a: never, b: never) => Value;

const BINARY: Readonly<Record<string, Compute>> = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '**': (a: number, b: number) => a ** b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '&': (a: number, b: number) => a & b,
  '|': (a: number, b: number) => a | b,
  '^': (a: number, b: number) => a ^ b,
  '<<': (a: number, b: number) => a << b,
  '>>': (a: number, b: number) => a >> b,
  '>>>': (a: number, b: number) => a >>> b,
};

/** Of a value that is known; a place without an element reads as undefined. */
export function isKnown(value: Value): boolean {
  return isPrimitive(value) || value instanceof ObjectValue || value instanceof SymbolValue;
}

export function read(value: Value): Value {
  return value === hole ? undefined : value;
}

export function binary(operator: string, a: Value, b: Value): Value {
  if (!isKnown(a) || !isKnown(b)) return opaque;
  if (operator === '===' || operator === '!==') return (a === b) === (operator === '===');
  if (operator === '==' || operator === '!=') {
    const isNullish = a === null || a === undefined || b === null || b === undefined;
    if (!isNullish && isPrimitive(a) !== isPrimitive(b)) return opaque;
    // oxlint-disable-next-line eqeqeq -- the program's own operator
    return (a == b) === (operator === '==');
  }
  const compute = BINARY[operator];
  if (!compute || !isPrimitive(a) || !isPrimitive(b)) return opaque;
  return attempt(() => compute(a as never, b as never));
}

export function unary(operator: string, value: Value, typeOf: (value: ObjectValue) => string): Value {
  if (operator === 'void') return undefined;
  if (operator === '!') {
    const truth = truthy(value);
    return truth === undefined ? opaque : !truth;
  }
  if (operator === 'typeof') {
    if (value instanceof ObjectValue) return typeOf(value);
    if (value instanceof SymbolValue) return 'symbol';
    return isPrimitive(value) ? (value === null ? 'object' : typeof value) : opaque;
  }
  if (!isPrimitive(value)) return opaque;
  switch (operator) {
    case '-':
      return attempt(() => -(value as number));
    case '+':
      return attempt(() => +(value as number));
    case '~':
      return attempt(() => ~(value as number));
    default:
      return opaque;
  }
}

/** Whether a logical operator evaluates its right side; undefined where it is not known. */
export function continues(operator: string, left: Value): boolean | undefined {
  if (operator === '??') return isKnown(left) ? left === null || left === undefined : undefined;
  const truth = truthy(left);
  return truth === undefined ? undefined : truth === (operator === '&&');
}

const GLOBALS: Readonly<Record<string, (...values: never[]) => Value>> = {
  Number: (...given: unknown[]) => Number(...given),
  String: (...given: unknown[]) => String(...given),
  Boolean: (...given: unknown[]) => Boolean(...given),
  parseInt: (text: string, radix: number) => Number.parseInt(text, radix),
  parseFloat: (text: string) => Number.parseFloat(text),
  isNaN: (value: number) => Number.isNaN(Number(value)),
  isFinite: (value: number) => Number.isFinite(Number(value)),
};

const STATIC: Readonly<Record<string, ReadonlySet<string>>> = {
  Math: new Set('abs ceil floor round trunc sign sqrt cbrt min max pow hypot log log2 log10 exp'.split(' ')),
  Number: new Set('parseInt parseFloat isInteger isFinite isNaN isSafeInteger'.split(' ')),
  String: new Set(['fromCharCode']),
};
const HOLDERS: Readonly<Record<string, object>> = { Math, Number, String };

const METHODS: ReadonlySet<string> = new Set(
  (
    'startsWith endsWith includes indexOf lastIndexOf slice substring substr at charAt charCodeAt codePointAt trim ' +
    'trimStart trimEnd toLowerCase toUpperCase padStart padEnd repeat concat replace replaceAll toString toFixed valueOf'
  ).split(' '),
);

/** A function of the language's own, given its name and that of what it belongs to ('' where it is a global). */
export function globalCall(holder: string, name: string, given: readonly Value[]): Value {
  if (!given.every(isPrimitive)) return opaque;
  if (holder === '') {
    const call = Object.hasOwn(GLOBALS, name) ? GLOBALS[name] : undefined;
    return call ? attempt(() => call(...(given as never[]))) : opaque;
  }
  if (!Object.hasOwn(STATIC, holder) || !STATIC[holder]!.has(name)) return opaque;
  const owner = HOLDERS[holder] as Record<string, (...values: unknown[]) => Value>;
  return attempt(() => owner[name]!(...given));
}

/** A method of a string, number or boolean. */
export function methodCall(receiver: Value, name: string, given: readonly Value[]): Value {
  if (!isPrimitive(receiver) || receiver === null || receiver === undefined) return opaque;
  if (!METHODS.has(name) || !given.every(isPrimitive)) return opaque;
  const method = (Object(receiver) as Record<string, unknown>)[name];
  return typeof method === 'function' ? attempt(() => method.apply(receiver, given) as Value) : opaque;
}

/** Only primitives come of what is computed here. */
function attempt(compute: () => Value): Value {
  try {
    const value = compute();
    return isPrimitive(value) ? value : opaque;
  } catch {
    // the program threw here too
    return opaque;
  }
}
