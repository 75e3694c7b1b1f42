/** Recursion without end, told by the stack on which it ended. */
import type { Activation } from '../query/activation.ts';
import { ObjectValue, type Value } from '../query/values.ts';

export const OVERFLOW = 'Maximum call stack size exceeded';

export interface Endless {
  /** `names called itself 8,875 times without end: node was the same as 2 calls before` */
  readonly what: string;
  /** the variable whose value came again; undefined where none did */
  readonly again: string | undefined;
}

/** Fewer calls of a function on the stack are no recursion without end. */
const MANY = 100;
/** Calls between two in which a value comes again. */
const LONGEST_WAY = 64;

/** `act`: the innermost activation. Undefined where no function stands on the stack again and again. */
export function endlessOf(stack: readonly Activation[], act: Activation): Endless | undefined {
  const calls = stack.filter((each) => isSame(each, act));
  if (calls.length < MANY) return undefined;
  const round = stack.slice(stack.indexOf(calls.at(-2)!), stack.indexOf(calls.at(-1)!));
  const [first = '', ...others] = [...new Set(round.map(nameOf))];
  const who = others.length === 0 ? `${first} called itself` : `${first} called itself by way of ${others.join(', ')}`;
  const what = `${who} ${calls.length.toLocaleString('en')} times without end`;
  const found = againIn(calls);
  if (!found) return { what, again: undefined };
  const before = found.way === 1 ? 'in the call before' : `${found.way} calls before`;
  return { what: `${what}, as ${found.name} was the same as ${before}`, again: found.name };
}

function isSame({ file, site }: Activation, other: Activation): boolean {
  return file === other.file && site === other.site;
}

function nameOf({ site }: Activation): string {
  return site.name === '' ? 'an anonymous function' : site.name;
}

/**
 * A parameter whose object an earlier call had, too, by the shortest way back. One that is only handed on from call to call
 * tells nothing, but where nothing else changes either.
 */
function againIn(calls: readonly Activation[]): { readonly name: string; readonly way: number } | undefined {
  const last = parametersOf(calls.at(-1)!);
  const isSameAt = (way: number) => {
    const before = parametersOf(calls.at(-1 - way)!);
    return ([name, value]: Parameter): boolean =>
      value instanceof ObjectValue && before.some((each) => each[0] === name && isEqual(each[1], value));
  };
  const handedOn = last.filter(isSameAt(1));
  if (handedOn.length > 0 && handedOn.length === last.length) return { name: handedOn[0]![0], way: 1 };
  const changing = last.filter((each) => !handedOn.includes(each));
  for (let way = 2; way <= Math.min(LONGEST_WAY, calls.length - 1); way++) {
    const found = changing.find(isSameAt(way));
    if (found) return { name: found[0], way };
  }
  return undefined;
}

type Parameter = readonly [name: string, value: Value];

function parametersOf({ file: { table }, functionScope: { scope, values } }: Activation): readonly Parameter[] {
  return table.scopes[scope]!.variables.flatMap((index, slot): readonly Parameter[] => {
    const { kind, name } = table.variables[index]!;
    return kind === 'parameter' ? [[name, values[slot]]] : [];
  });
}

function isEqual(a: Value, b: ObjectValue): boolean {
  return a instanceof ObjectValue && a.id === b.id;
}
