/**
 * What the recorded values say about small changes of a program: a name whose value is of another type is hardly meant,
 * and a constant that is just what the assertion expects makes that assertion pass, and nothing else.
 */
import type { Activation, LoadedFile, ScopeInstance } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import { finish } from '../query/timeline.ts';
import {
  Accessor,
  isPrimitive,
  ObjectValue,
  opaque,
  uninitialised,
  type Primitive,
  type Value,
} from '../query/values.ts';
import type { Alternative } from './alternatives.ts';
import type { Failed } from './culprit.ts';
import { explainFailure } from './explain.ts';
import type { Hop } from './hops.ts';
import { sliceAt, type SlicedStatement } from './slice/slice.ts';
import { variableAt } from './syntax.ts';
import type { Traced, Work } from './traced.ts';

/** Visits of a statement at which its variables are looked at. */
const VISITS = 3;
const OTHER_TYPE = 0.45;
const AS_EXPECTED = 0.6;

/** The types that variables had where statements began. */
export class SeenTypes {
  private readonly visits = new Map<number, number>();
  /** by the file's content and the variable's index */
  private readonly types = new Map<string, Set<string>>();

  readonly look = ({ file, scope }: Activation, op: number): void => {
    const site = file.base + op;
    const count = (this.visits.get(site) ?? 0) + 1;
    if (count > VISITS) return;
    this.visits.set(site, count);
    for (let at: ScopeInstance | undefined = scope; at; at = at.parent) {
      const { variables } = at.file.table.scopes[at.scope]!;
      const { values } = at;
      variables.forEach((variable, slot) => this.note(at!.file, variable, values[slot]));
    }
  };

  private note(file: LoadedFile, variable: number, value: Value): void {
    const type = typeOf(value);
    if (type === undefined) return;
    const key = `${file.hash} ${variable}`;
    const known = this.types.get(key);
    if (known) known.add(type);
    else this.types.set(key, new Set([type]));
  }

  /** How much of its weight a change keeps, from 0 to 1. */
  judge(file: LoadedFile, { kind, from, text, was }: Alternative): number {
    if (kind !== 'name') return 1;
    const own = this.of(file, was, from);
    const other = this.of(file, text, from);
    if (!own || !other) return 1;
    return [...other].some((type) => own.has(type)) ? 1 : OTHER_TYPE;
  }

  private of(file: LoadedFile, name: string, offset: number): ReadonlySet<string> | undefined {
    const variable = variableAt(file.table, name, offset);
    return variable < 0 ? undefined : this.types.get(`${file.hash} ${variable}`);
  }
}

function typeOf(value: Value): string | undefined {
  if (value === opaque || value === uninitialised || value === undefined || value === null) return undefined;
  // of an object it is not told apart what kind it is of
  return isPrimitive(value) ? typeof value : 'object';
}

export interface Evidence {
  /** through which the wrong value came */
  readonly hops: readonly Hop[];
  /** what a marked value depends on; none where something failed by itself */
  readonly slice: readonly SlicedStatement[];
  judge(change: Alternative): number;
}

/** What a failure itself tells. */
export function* evidenceOf(traced: Traced, failed: Failed | undefined): Work<Evidence> {
  const explained = failed && (yield* explainFailure(traced, failed));
  const compared = failed && comparedBy(traced, failed.value);
  const expected = compared && literalOf(compared.expected);
  return {
    hops: explained?.chain.hops ?? [],
    slice: failed?.marked === undefined ? [] : sliceBefore(traced, failed.moment),
    judge: ({ kind, text }) =>
      kind === 'literal' && expected && (text === expected.exact || text === expected.printed) ? AS_EXPECTED : 1,
  };
}

/** How far back is looked at once, in events: some tenths of a second. */
const AT_ONCE = 200_000;

/** Without the statement that one stands before: it has not run. */
function sliceBefore(traced: Traced, moment: Moment): readonly SlicedStatement[] {
  const { timeline } = traced;
  timeline.seekMoment(moment);
  const { file, position } = timeline.replay.stack.at(-1) ?? {};
  // in one go: whatever moved the replay meanwhile, it would be of other scopes
  const search = sliceAt(traced, timeline.position, AT_ONCE);
  let step = search.next();
  while (step.done !== true) step = search.next();
  const { statements } = step.value;
  const isNext = (each: SlicedStatement): boolean => each.file === file && each.start === file.code.start[position!];
  return statements.filter((each) => !isNext(each) || each.count > 1);
}

/** What an assertion's error compared; undefined where it is no such error, or an object was expected. */
export function comparedBy(
  { timeline, reader }: Traced,
  error: Value,
): { readonly actual: Value | undefined; readonly expected: Primitive } | undefined {
  if (!(error instanceof ObjectValue)) return undefined;
  finish(timeline.toDefinition(error.id));
  const held = (name: string): Value | undefined => {
    const value = reader.property(error, name)?.value;
    return value instanceof Accessor ? undefined : value;
  };
  const expected = held('expected');
  return expected === undefined || !isPrimitive(expected) ? undefined : { actual: held('actual'), expected };
}

/** As source text. vitest keeps what it compared as text: then `printed` is it, where the value was none. */
export function literalOf(expected: Primitive): { readonly exact: string; readonly printed: string | undefined } {
  if (typeof expected === 'bigint') return { exact: `${expected}n`, printed: undefined };
  if (typeof expected !== 'string') return { exact: String(expected), printed: undefined };
  const printed = /^(?:-?(?:\d+\.?\d*(?:e[+-]?\d+)?n?|Infinity)|NaN|true|false|null|undefined)$/.test(expected);
  return { exact: JSON.stringify(expected), printed: printed ? expected : undefined };
}
