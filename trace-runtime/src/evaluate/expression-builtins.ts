/** The language's own functions, as far as they only compute: by their names, over values of the recording. */
import { isPrimitive, type Primitive, type Value } from '../query/values.ts';
import {
  List,
  Made,
  isObject,
  isSame,
  isTrue,
  known,
  needsCode,
  primitive,
  type Callback,
  type Item,
} from './expression-values.ts';

export const PURE_MATH: ReadonlySet<string> = new Set(
  'abs ceil floor round trunc sign sqrt cbrt min max pow hypot log log2 log10'.split(' '),
);
export const PURE_STRING: ReadonlySet<string> = new Set(
  (
    'startsWith endsWith includes indexOf lastIndexOf slice substring at charAt charCodeAt codePointAt trim ' +
    'trimStart trimEnd toLowerCase toUpperCase padStart padEnd concat isWellFormed toWellFormed'
  ).split(' '),
);
const PURE_NUMBER: ReadonlySet<string> = new Set(['isInteger', 'isSafeInteger', 'isFinite', 'isNaN']);
/** Elements that are gone through here; of more the sandbox is asked, which has a time limit. */
const MOST = 100_000;

type Method = (elements: readonly Item[], call: Callback, given: readonly Item[], whole: Item) => Item;

/** A method of Array.prototype by its name: over the elements, absent ones being absent. */
export const ARRAY_METHODS: ReadonlyMap<string, { readonly takesFunction: boolean; readonly run: Method }> = new Map([
  ['includes', plain((elements, [wanted, from]) => indexOf(elements, (each) => isSame(each, wanted), from, true) >= 0)],
  ['indexOf', plain((elements, [wanted, from]) => indexOf(elements, (each) => each === wanted, from, false))],
  ['at', plain((elements, [index]) => known(elements.at(integer(index)), 'an element'))],
  ['slice', plain((elements, [from, to]) => new List(sliced(elements, from, to)))],
  ['join', plain((elements, given) => joined(elements, given[0]))],
  ['some', calling((elements, call, whole) => present(elements).some(([each, i]) => isTrue(call(each, i, whole))))],
  ['every', calling((elements, call, whole) => present(elements).every(([each, i]) => isTrue(call(each, i, whole))))],
  ['find', calling((elements, call, whole) => found(elements, call, whole).value)],
  ['findIndex', calling((elements, call, whole) => found(elements, call, whole).index)],
  [
    'filter',
    calling(
      (elements, call, whole) =>
        new List(
          present(elements)
            .filter(([each, i]) => isTrue(call(each, i, whole)))
            .map(([each]) => each),
        ),
    ),
  ],
  ['map', calling((elements, call, whole) => new List(dense(elements).map((each, i) => call(each, i, whole))))],
  [
    'flatMap',
    calling((elements, call, whole) => new List(dense(elements).flatMap((each, i) => flat(call(each, i, whole))))),
  ],
  ['findLast', calling((elements, call, whole) => foundLast(elements, call, whole).value)],
  ['findLastIndex', calling((elements, call, whole) => foundLast(elements, call, whole).index)],
  [
    'forEach',
    calling((elements, call, whole) => {
      for (const [each, i] of present(elements)) call(each, i, whole);
      return undefined;
    }),
  ],
  ['lastIndexOf', plain((elements, given) => lastIndexOf(elements, given))],
  ['toReversed', plain((elements) => new List(whole(elements).toReversed()))],
  ['reduce', { takesFunction: true, run: reduced }],
]);

function plain(run: (elements: readonly Item[], given: readonly Item[]) => Item) {
  const method: Method = (elements, _, given) => run(elements, given);
  return { takesFunction: false, run: method };
}

function calling(run: (elements: readonly Item[], call: Callback, whole: Item) => Item) {
  const method: Method = (elements, call, given, whole) => {
    if (given.length > 1) throw needsCode();
    return run(elements, call, whole);
  };
  return { takesFunction: true, run: method };
}

function reduced(elements: readonly Item[], call: Callback, given: readonly Item[], whole: Item): Item {
  const list = present(elements);
  if (given.length < 2 && list.length === 0) throw needsCode();
  let sum = given.length < 2 ? list.shift()![0] : given[1]!;
  for (const [each, i] of list) sum = call(sum, each, i, whole);
  return sum;
}

/** Methods that change an array: only one that the expression has made. */
export const CHANGING: ReadonlyMap<string, (elements: Item[], given: readonly Item[]) => Item> = new Map<
  string,
  (elements: Item[], given: readonly Item[]) => Item
>([
  ['push', (elements, given) => elements.push(...given)],
  ['pop', (elements) => elements.pop()],
  ['shift', (elements) => elements.shift()],
  ['unshift', (elements, given) => elements.unshift(...given)],
]);

/** What `flatMap` makes of what its function gives. */
function flat(value: Item): Item[] {
  if (value instanceof List) return dense(value.elements);
  if (value instanceof Made || isPrimitive(value)) return [value];
  throw needsCode();
}

function foundLast(
  elements: readonly Item[],
  call: Callback,
  array: Item,
): { readonly value: Item; readonly index: number } {
  if (elements.length > MOST) throw needsCode();
  for (let index = elements.length - 1; index >= 0; index--) {
    const value = known(elements[index], 'an element');
    if (isTrue(call(value, index, array))) return { value, index };
  }
  return { value: undefined, index: -1 };
}

function lastIndexOf(elements: readonly Item[], given: readonly Item[]): number {
  if (given.length !== 1 || elements.length > 10 * MOST) throw needsCode();
  for (let i = elements.length - 1; i >= 0; i--)
    if (i in elements && known(elements[i], 'an element') === given[0]) return i;
  return -1;
}

/** All elements, absent ones as undefined. */
export function whole(elements: readonly Item[]): Item[] {
  if (elements.length > MOST) throw needsCode();
  return Array.from(elements, (each) => known(each, 'an element'));
}

/** Those that are there, with their indices. */
function present(elements: readonly Item[]): [Item, number][] {
  if (elements.length > MOST) throw needsCode();
  const list: [Item, number][] = [];
  elements.forEach((each, i) => list.push([known(each, 'an element'), i]));
  return list;
}

function dense(elements: readonly Item[]): Item[] {
  const list = present(elements);
  if (list.length !== elements.length) throw needsCode();
  return list.map(([each]) => each);
}

function found(
  elements: readonly Item[],
  call: Callback,
  whole: Item,
): { readonly value: Item; readonly index: number } {
  if (elements.length > MOST) throw needsCode();
  for (let index = 0; index < elements.length; index++) {
    const value = known(elements[index], 'an element');
    if (isTrue(call(value, index, whole))) return { value, index };
  }
  return { value: undefined, index: -1 };
}

/** `all`: absent elements count as undefined. */
function indexOf(elements: readonly Item[], is: (each: Item) => boolean, from: Item, all: boolean): number {
  const begin = from === undefined ? 0 : integer(from);
  if (elements.length > 10 * MOST) throw needsCode();
  for (let i = begin < 0 ? Math.max(0, elements.length + begin) : begin; i < elements.length; i++)
    if ((all || i in elements) && is(known(elements[i], 'an element'))) return i;
  return -1;
}

function sliced(elements: readonly Item[], from: Item, to: Item): Item[] {
  if (elements.length > MOST) throw needsCode();
  return elements.slice(from === undefined ? 0 : integer(from), to === undefined ? undefined : integer(to));
}

function joined(elements: readonly Item[], separator: Item): string {
  if (elements.length > MOST) throw needsCode();
  const texts = Array.from(elements, (each) => {
    const value = primitive(known(each, 'an element'));
    return value === null || value === undefined ? '' : String(value);
  });
  return texts.join(separator === undefined ? ',' : String(primitive(separator)));
}

function integer(value: Item): number {
  const number = Number(primitive(value));
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

/** `has` of a Map or Set, `get` of a Map. */
export function collectionMethod(name: string, entries: ReadonlyMap<Value, Value>, key: Item): Item {
  if (key instanceof Made) return name === 'has' ? false : undefined;
  // -0 is 0 there
  const own = key === 0 ? 0 : key;
  return name === 'has' ? entries.has(own) : known(entries.get(own), 'what it holds');
}

/** A function of numbers that a constructor has. */
export function numberFunction(name: string, value: Item): boolean {
  if (!PURE_NUMBER.has(name)) throw needsCode();
  if (isObject(value) || !isPrimitive(value as Value)) return false;
  return Number[name as 'isNaN'](value as number);
}

/** A method of numbers. */
export function numberMethod(name: string, value: number, given: readonly Item[]): string {
  if (name !== 'toFixed' && name !== 'toString') throw needsCode();
  return value[name](...(given.map(primitive) as number[]));
}

/** Global functions of primitives. */
export const GLOBALS: ReadonlyMap<string, (...given: readonly Primitive[]) => Primitive> = new Map<
  string,
  (...given: readonly Primitive[]) => Primitive
>([
  ['Number', (...given) => (given.length === 0 ? 0 : Number(given[0]))],
  ['String', (...given) => (given.length === 0 ? '' : String(given[0]))],
  ['parseInt', (text, radix) => Number.parseInt(String(text), radix as number)],
  ['parseFloat', (text) => Number.parseFloat(String(text))],
  ['isNaN', (value) => Number.isNaN(+(value as number))],
  ['isFinite', (value) => Number.isFinite(+(value as number))],
]);
