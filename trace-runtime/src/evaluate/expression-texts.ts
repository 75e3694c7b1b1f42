/** Methods of strings that take patterns, as far as they are certain to end soon. */
import type { AnyNode } from 'acorn';
import { ObjectValue, type Primitive } from '../query/values.ts';
import { List, Made, needsCode, primitive, type Callback, type Computing, type Item } from './expression-values.ts';
import { quickPattern } from './quick-patterns.ts';

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** UTF-16 units of a text that is made here. */
const LONGEST = 1_000_000;

/** By its name: of the text and a pattern, or a text in its place. */
const METHODS: ReadonlyMap<string, (text: string, wanted: RegExp | Primitive, given: readonly Item[]) => Item> =
  new Map<string, (text: string, wanted: RegExp | Primitive, given: readonly Item[]) => Item>([
    ['match', (text, wanted) => matched(text.match(wanted as RegExp))],
    ['search', (text, wanted) => text.search(wanted as RegExp)],
    ['split', (text, wanted, [limit]) => new List(text.split(wanted as RegExp, limit as number | undefined))],
    ['replace', (text, wanted, [by]) => text.replace(wanted as RegExp, String(primitive(by)))],
    ['replaceAll', (text, wanted, [by]) => text.replaceAll(wanted as RegExp, String(primitive(by)))],
  ]);

export function takesPattern(name: string): boolean {
  return METHODS.has(name);
}

/** `by`: what replaces each match, where it is a function. */
function textMethod(
  name: string,
  text: string,
  wanted: Pattern | Primitive,
  given: readonly Item[],
  by: Callback | undefined,
): Item {
  const method = METHODS.get(name);
  if (!method || text.length > LONGEST) throw needsCode();
  const isPattern = typeof wanted === 'object' && wanted !== null;
  // a text in the place of a pattern is one for `match` and `search`
  const made = isPattern || (name !== 'match' && name !== 'search') ? wanted : { source: String(wanted), flags: '' };
  const pattern = typeof made === 'object' && made !== null ? asPattern(made, text) : made;
  if (!by) return method(text, pattern, given);
  if (isPattern && /\(\?<[^=!]/.test(wanted.source)) throw needsCode();
  const replaced = (...parts: readonly Primitive[]): string => String(primitive(by(...parts)));
  if (name === 'replace') return text.replace(pattern as RegExp, replaced);
  if (name === 'replaceAll') return text.replaceAll(pattern as RegExp, replaced);
  throw needsCode();
}

function executed(pattern: Pattern, text: string): Item {
  return matched(asPattern(pattern, text).exec(text));
}

function asPattern({ source, flags }: Pattern, text: string): RegExp {
  const pattern = /[yd]/.test(flags) ? undefined : quickPattern(source, flags, text);
  if (!pattern) throw needsCode();
  return pattern;
}

function matched(found: RegExpMatchArray | null): Item {
  if (found === null) return null;
  if (found.index === undefined) return new List([...found]);
  const { index, input, groups } = found;
  const named = groups && new Made(new Map(Object.entries(groups)));
  return new List(
    [...found],
    new Map<string, Item>([
      ['index', index],
      ['input', input],
      ['groups', named],
    ]),
  );
}

/** `match`, `replace` and the like, called on a text. */
export function callText(text: string, name: string, [first, ...rest]: readonly AnyNode[], at: Computing): Item {
  if (!first || at.reader.facts.hasOwnSymbols('String.prototype')) throw needsCode();
  needsPlainPatterns(at);
  const wanted = patternOf(first, at);
  const isFunction = name.startsWith('replace') && rest.length === 1 && rest[0]!.type.includes('Function');
  const by = isFunction ? at.callback(rest[0]!) : undefined;
  return textMethod(name, text, wanted, by ? [] : at.values(rest), by);
}

/** `test` or `exec` of a pattern that stands in the expression. */
export function usePattern(node: AnyNode, method: AnyNode, given: readonly AnyNode[], at: Computing): Item {
  const name = method.type === 'Identifier' ? method.name : '';
  const pattern = literalOf(node);
  if (!pattern || (name !== 'test' && name !== 'exec')) throw needsCode();
  return name === 'test' ? tried(pattern, given, at) : executed(pattern, triedOn(given, at));
}

export function tried(pattern: Pattern, given: readonly AnyNode[], at: Computing): boolean {
  const text = triedOn(given, at);
  return asPattern(pattern, text).test(text);
}

function triedOn(given: readonly AnyNode[], at: Computing): string {
  if (given.length !== 1) throw needsCode();
  needsPlainPatterns(at);
  return String(primitive(at.value(given[0]!)));
}

/** The language's own must be what tries patterns. */
function needsPlainPatterns({ reader, mayLookIn }: Computing): void {
  if (!mayLookIn || reader.facts.hasOwnSymbols('RegExp.prototype')) throw needsCode();
  if (['exec', 'flags', 'global', 'test'].some((key) => reader.isPatched('RegExp.prototype', key))) throw needsCode();
}

function patternOf(node: AnyNode, at: Computing): Pattern | Primitive {
  const literal = literalOf(node);
  if (literal) return literal;
  const value = at.value(node);
  if (!(value instanceof ObjectValue)) return primitive(value);
  const pattern = at.reader.facts.pattern(value);
  // one that remembers where it was goes on from there
  if (!pattern || /[gy]/.test(pattern.flags)) throw needsCode();
  return pattern;
}

function literalOf(node: AnyNode): Pattern | undefined {
  const regex = node.type === 'Literal' && 'regex' in node ? node.regex : undefined;
  return regex ? { source: regex.pattern, flags: regex.flags } : undefined;
}
