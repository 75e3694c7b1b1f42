/** What an answer to "why does this have this value" is made of. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import { truthy } from '../query/derive.ts';
import type { Position } from '../query/timeline.ts';
import { isPrimitive, opaque, type Accessor, type Key, type ObjectValue, type Value } from '../query/values.ts';
import type { Reenactment } from './reenact.ts';
import type { Traced } from './traced.ts';
import { cutCode } from './cut-code.ts';
import { plain } from './syntax.ts';

/** How an expression got its value. `call`: from code that is not recorded. */
export type HopKind =
  | 'copy'
  | 'argument'
  | 'return'
  | 'property'
  | 'element'
  | 'operation'
  | 'literal'
  | 'boundary'
  | 'call'
  | 'missing'
  | 'unknown';

/** One step of the answer: an expression, and how it got its value. */
export interface Hop {
  /** the stream that it is of: a value may have come from another thread or process */
  readonly traced: Traced;
  /** the state is as when the expression had been evaluated */
  readonly moment: Moment;
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  /** the expression, and what of its value the hop is about: `counts.tea` where the expression is `counts` */
  readonly text: string;
  /** it is about a part of what the expression gave */
  readonly isPart: boolean;
  readonly kind: HopKind;
  /** what it gave; opaque where it is not known */
  readonly value: Value | Accessor;
  /** one plain sentence */
  readonly what: string;
  /** what it was made of, each of which can be followed in its turn */
  readonly inputs: readonly Input[];
}

export interface Input {
  readonly text: string;
  readonly value: Value;
  readonly lead: Lead;
}

/** Steps from a value to one that it holds: a property, what a promise resolves to, what a JSON text stands for. */
export type Step = Key | typeof AWAITED | typeof PARSED | typeof NAMED | typeof ABORTED | Entry | Pair | Round;
export const AWAITED = Symbol('awaited');
export const PARSED = Symbol('parsed');
/** From what a property holds to that the property is there: who asked for its name got it. */
export const NAMED = Symbol('named');
/** From a signal to what aborted it. */
export const ABORTED = Symbol('aborted');

/** The value of a Map under a key, or what a Set has. */
export class Entry {
  constructor(
    readonly key: Value,
    readonly isOfSet = false,
  ) {}
}

/** `[key, value]`, as iterating a Map gives it. */
export class Pair {
  constructor(
    readonly key: Value,
    /** among the Map's entries */
    readonly index: number,
  ) {}
}

/** What a function gave that a native one called, in one of its calls. */
export class Round {
  constructor(readonly serial: number) {}
}

export type Path = readonly Step[];

/** What to follow next. */
export type Lead = ExpressionLead | PropertyLead;

/** What an expression gave, or what the path from there leads to. */
export interface ExpressionLead {
  readonly kind: 'expression';
  readonly re: Reenactment;
  readonly node: AnyNode;
  readonly path: Path;
  /** the value asked about, where it is known and the expression's own is not */
  readonly value?: Value;
  /** the expression made the object that the path begins at, so its parts are what the text says */
  readonly made?: boolean;
}

/** What an object holds under the path at a place, as the expression saw it. */
export interface PropertyLead {
  readonly kind: 'property';
  readonly object: ObjectValue;
  readonly path: readonly [Step, ...Step[]];
  readonly before: Position;
  /** the expression that reads it */
  readonly reader: ExpressionLead;
}

/** A hop, and where it came from: undefined where the chain ends. */
export interface Found {
  readonly hop: Hop;
  readonly next: Lead | undefined;
  /** what is followed next is the same value */
  readonly isSame?: boolean;
}

/** How an expression got its value, before it is a hop. */
export interface Answer {
  readonly kind: HopKind;
  readonly what: string;
  readonly next?: Lead | undefined;
  readonly inputs?: readonly Input[];
  /** what it goes on with is another value, of which this one is a part or a copy */
  readonly differs?: boolean;
  /** the place of the hop, where it is not the expression's */
  readonly at?: { readonly re: Reenactment; readonly node: AnyNode; readonly path?: Path };
}

export function expression(re: Reenactment, node: AnyNode, path: Path = []): ExpressionLead {
  return { kind: 'expression', re, node: plain(node), path };
}

export function inputOf(re: Reenactment, node: AnyNode, path: Path = []): Input {
  return {
    text: nameOf(re, node),
    value: path.length === 0 ? re.valueOf(node) : opaque,
    lead: expression(re, node, path),
  };
}

/** The source text, on one line and cut. */
export function nameOf(re: Reenactment, node: AnyNode): string {
  return shortened(re.run.syntax.written(node as { start: number; end: number }));
}

/** Imported names as the developer wrote them, not as bundlers do: `(0, vitest_1.expect)`. */
function withoutImports(text: string): string {
  return text
    .replaceAll(/\(0,\s*[\w$]+\.([\w$]+)\)/g, '$1')
    .replaceAll(/\b__vite_ssr_import_\d+__\.(?!default\b)([\w$]+)/g, '$1');
}

export function shortened(text: string): string {
  return cutCode(withoutImports(text));
}

const SHORT = 24;

/** Of a value that a sentence has room for. */
export function shortValue(value: Value): string | undefined {
  if (!isPrimitive(value)) return undefined;
  const text =
    typeof value === 'string' ? JSON.stringify(value) : typeof value === 'bigint' ? `${value}n` : String(value);
  return text.length <= SHORT ? text : undefined;
}

/** What a value that decided was, where the sentence has room for it: `false`, `""`, `undefined`; else how it counted. */
export function decidingText(value: Value, outcome: boolean): string {
  return (truthy(value) === outcome ? shortValue(value) : undefined) ?? String(outcome);
}

const MARKS: ReadonlySet<unknown> = new Set([AWAITED, PARSED, NAMED, ABORTED]);

/** Whether the step leads to what the value itself holds. */
export function isHeld(step: Step): step is Key | Entry {
  return !MARKS.has(step) && !(step instanceof Round) && !(step instanceof Pair);
}

/** `.name`, `[3]`, for sentences. */
export function stepText(step: Step): string {
  if (step === AWAITED) return ', awaited';
  if (step === PARSED) return ', parsed';
  if (step === NAMED) return ', as a name';
  if (step === ABORTED) return ', aborted';
  if (step instanceof Entry) return step.isOfSet ? '' : ` under ${keyName(step.key)}`;
  if (step instanceof Pair) return `, entry ${step.index}`;
  if (step instanceof Round) return ', in one round';
  if (typeof step !== 'string') return '[symbol]';
  return /^\d+$/.test(step) ? `[${step}]` : `.${step}`;
}

function keyName(key: Value): string {
  if (typeof key === 'string') return JSON.stringify(key);
  return isPrimitive(key) ? String(key) : 'its key';
}

/** What is held under a step, at the beginning of a sentence or in it. */
export function heldText(step: Step): string {
  if (step instanceof Entry && step.isOfSet) return `that it has ${keyName(step.key)}`;
  return step instanceof Entry ? `what it has${stepText(step)}` : stepText(step);
}

/**
 * What the path leads to from an expression: `counts.tea`, `(await load()).rows[0]`. Of a path that goes through another
 * value, such as a text that was parsed, what stands before that.
 */
export function partName(re: Reenactment, node: AnyNode, path: Path): string {
  const name = nameOf(re, node);
  const end = path.findIndex((step) => step === PARSED || step === ABORTED || step instanceof Round);
  const steps = (end < 0 ? path : path.slice(0, end)).filter((step) => step !== NAMED);
  if (steps.length === 0) return name;
  const isSimple = /^(?:Identifier|(?:Member|Call|This|New|Array)Expression|Literal|TemplateLiteral)$/.test(
    plain(node).type,
  );
  let text = isSimple ? name : `(${name})`;
  steps.forEach((step, i) => {
    if (step === AWAITED) text = i === steps.length - 1 ? `await ${text}` : `(await ${text})`;
    else if (step instanceof Pair) text = `[...${text}][${step.index}]`;
    else if (step instanceof Entry && !step.isOfSet) text += `.get(${isPrimitive(step.key) ? keyName(step.key) : '…'})`;
    else text += stepText(step);
  });
  return text;
}

/** The same for sentences: `counts.tea`, `the name of counts.tea`. */
export function leadName({ re, node, path }: Pick<ExpressionLead, 're' | 'node' | 'path'>): string {
  const name = partName(re, node, path);
  if (path.at(-1) !== NAMED) return name;
  return path.at(-2) instanceof Entry ? `a key of ${nameOf(re, node)}` : `the name of ${name}`;
}

export function pathText(path: Path): string {
  return path.map(stepText).join('');
}
