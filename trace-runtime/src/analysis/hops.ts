/** What an answer to "why does this have this value" is made of. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import type { Position } from '../query/timeline.ts';
import { opaque, type Accessor, type Key, type ObjectValue, type Value } from '../query/values.ts';
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
  readonly text: string;
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
export type Step = Key | typeof AWAITED | typeof PARSED | typeof NAMED | typeof ABORTED | Entry | Round;
export const AWAITED = Symbol('awaited');
export const PARSED = Symbol('parsed');
/** From what a property holds to that the property is there: who asked for its name got it. */
export const NAMED = Symbol('named');
/** From a signal to what aborted it. */
export const ABORTED = Symbol('aborted');

/** The value of a Map under a key. */
export class Entry {
  constructor(readonly key: Value) {}
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
  readonly at?: { readonly re: Reenactment; readonly node: AnyNode };
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

const MARKS: ReadonlySet<unknown> = new Set([AWAITED, PARSED, NAMED, ABORTED]);

/** Whether the step leads to what the value itself holds. */
export function isHeld(step: Step): step is Key | Entry {
  return !MARKS.has(step) && !(step instanceof Round);
}

/** `.name`, `[3]`, for sentences. */
export function stepText(step: Step): string {
  if (step === AWAITED) return ', awaited';
  if (step === PARSED) return ', parsed';
  if (step === NAMED) return ', as a name';
  if (step === ABORTED) return ', aborted';
  if (step instanceof Entry) return ` under ${typeof step.key === 'string' ? JSON.stringify(step.key) : 'its key'}`;
  if (step instanceof Round) return ', in one round';
  if (typeof step !== 'string') return '[symbol]';
  return /^\d+$/.test(step) ? `[${step}]` : `.${step}`;
}

export function pathText(path: Path): string {
  return path.map(stepText).join('');
}
