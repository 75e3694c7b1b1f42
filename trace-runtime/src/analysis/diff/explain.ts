/**
 * Whether a difference comes from what differs between any two runs: a clock, a random number, the number of a process,
 * the name of a folder. Up to the first difference that does not, all that the two runs hold differently comes from these;
 * so a value is explained where its statement asked such an input, got the result of a call that is explained, or reads
 * what differs already.
 */
import type { Activation, LoadedFile, ScopeInstance } from '../../query/activation.ts';
import { EventCode } from '../../query/moments.ts';
import type { StateReader } from '../../query/state.ts';
import type { LastEvent, StreamState } from '../../query/stream-state.ts';
import { ObjectValue, toKey, type Accessor, type Value } from '../../query/values.ts';
import { isNoise } from './input-log.ts';
import { type Range, type Reads, valueAt } from './reads.ts';
import type { Except, ValuePairs } from './value-pairs.ts';
import type { Pair } from './walker.ts';

/** Inputs that are asked without a record of it; memory as it is found is one. */
const ASKED =
  /\bprocess\s*\.\s*(?:pid|ppid|hrtime|uptime|memoryUsage|cpuUsage|resourceUsage|title)\b|\btimeOrigin\b|\ballocUnsafe(?:Slow)?\b/;

export interface Side {
  readonly state: StreamState;
  readonly reader: StateReader;
  /** what differs */
  readonly value: Value | Accessor;
  /** who read what the value was made of, and the scope it was in; undefined where no recorded code did */
  readonly by: { readonly call: Activation; readonly scope: ScopeInstance } | undefined;
}

export class Explanations {
  /** by call: the kinds of inputs that its current statement asked */
  private readonly asked = new Map<Pair, Set<string>>();
  /** variables and properties that differ, as explained */
  private readonly differing = new Set<string>();
  /** an error on its way differs, as explained */
  thrown = false;

  /** `known`: numbers that the runs had from clocks and generators of random numbers */
  constructor(
    private readonly reads: Reads,
    private readonly values: ValuePairs,
    private readonly known: readonly [Set<unknown>, Set<unknown>],
  ) {}

  /** A statement of the call begins. */
  begins(pair: Pair): void {
    this.asked.delete(pair);
  }

  ask(pair: Pair, kind: string): void {
    const kinds = this.asked.get(pair) ?? new Set();
    this.asked.set(pair, kinds);
    kinds.add(kind);
  }

  /** Inputs other than noise that the call's statement has asked so far. */
  askedBy(pair: Pair): readonly string[] {
    return [...(this.asked.get(pair) ?? [])].filter((kind) => !isNoise(kind) && kind !== RETURNED);
  }

  /** The call gave its caller what differs, and that is explained. */
  returned(caller: Pair): void {
    this.ask(caller, RETURNED);
  }

  /** The written place has the same in both runs now. */
  settles(event: LastEvent): void {
    if (this.differing.size > 0) this.differing.delete(placeOf(event));
  }

  /** `asker`: whose statement it is. */
  isExplained(asker: Pair, a: Side, b: Side): boolean {
    const explained = this.isKnown(a.value, b.value) || this.find(asker, a, b);
    if (!explained) return false;
    this.differing.add(placeOf(a.state.event));
    if (isTelling(a.value) && isTelling(b.value)) {
      this.known[0].add(a.value);
      this.known[1].add(b.value);
    }
    return true;
  }

  /** It may have come a way that no statement tells: through a promise, say. */
  private isKnown(a: unknown, b: unknown): boolean {
    return isTelling(a) && isTelling(b) && this.known[0].has(a) && this.known[1].has(b);
  }

  private find(asker: Pair, a: Side, b: Side): boolean {
    for (const kind of this.asked.get(asker) ?? []) if (kind === RETURNED || isNoise(kind)) return true;
    const { event } = a.state;
    if (event.code === EventCode.catch && this.thrown) return true;
    if (this.differing.has(placeOf(event)) && this.isCompound(event)) return true;
    if (a.by === undefined || b.by === undefined) return false;
    const { file, position } = a.by.call;
    const op = event.code === EventCode.enter || event.op === 0 ? position : event.op;
    const ranges = rangesOf(file, op);
    if (ranges.some((range) => ASKED.test(this.reads.text(file, range)))) return true;
    const except = exceptOf(event);
    const written = writtenBy(event);
    for (const { path } of ranges.flatMap((range) => this.reads.in(file, range))) {
      if (path[0] === written || isTarget(a, a.by.scope, path)) continue;
      const [x, y] = [valueAt(a.state, a.reader, a.by.scope, path), valueAt(b.state, b.reader, b.by.scope, path)];
      if (x === undefined || y === undefined) continue;
      if (!this.values.holdSame(x.value, y.value, except)) return true;
    }
    return false;
  }

  /** The new value is made of the old one. */
  private isCompound({ file, op }: LastEvent): boolean {
    if (file === undefined) return false;
    const text = this.reads.text(file, { start: file.code.start[op]!, end: file.code.end[op]! });
    const name = /^[\w$]+/.exec(text)?.[0] ?? '';
    return /^[^=]*(?:[-+*/%&|^]=|\?\?=|\*\*=|<<=|>>=|\+\+|--)|^(?:\+\+|--)/.test(text) || text.lastIndexOf(name) > 0;
  }
}

const RETURNED = 'returned';

/** Few values that a program has are the same by chance. */
function isTelling(value: unknown): boolean {
  if (typeof value === 'string') return value.length >= 8;
  return typeof value === 'number' && (!Number.isInteger(value) || Math.abs(value) > 1e6);
}

function writtenBy({ code, file, op }: LastEvent): string | undefined {
  const site = file?.table.ops[op];
  if (code !== EventCode.write || site?.k !== 'write') return undefined;
  return file?.table.variables[site.variable]?.name;
}

function exceptOf({ code, object, key }: LastEvent): Except | undefined {
  if (!(object instanceof ObjectValue)) return undefined;
  if (code === EventCode.set || code === EventCode.delete) return { object: object.id, key: toKey(key) };
  return code === EventCode.mutation ? { object: object.id, key: undefined } : undefined;
}

/** Whether the path names the property that the event has written. */
function isTarget({ state, reader }: Side, scope: ScopeInstance, path: readonly string[]): boolean {
  const { code, object, key } = state.event;
  if (code !== EventCode.set || path.length < 2 || path.at(-1) !== toKey(key)) return false;
  return valueAt(state, reader, scope, path.slice(0, -1))?.value === object;
}

function placeOf(event: LastEvent): string {
  const { code, file, op, object, key } = event;
  const site = file?.table.ops[op];
  if (code === EventCode.write && site?.k === 'write') return `${file?.hash ?? ''} ${site.variable}`;
  if (code === EventCode.set && object instanceof ObjectValue) return `${object.id} ${String(toKey(key))}`;
  return '';
}

/** What the op stands for, and the head of the statement around it. */
export function rangesOf({ table, code }: LoadedFile, op: number): readonly Range[] {
  const own = { start: code.start[op]!, end: code.end[op]! };
  const owner = table.functions[code.owner[op]!];
  if (own.start < 0 || owner === undefined) return [];
  let statement: Range | undefined;
  for (let at = owner.firstOp; at < owner.endOp; at++) {
    const each = table.ops[at]!;
    if (each.k !== 'statement' || each.start > own.start || each.end < own.end) continue;
    if (statement === undefined || each.end - each.start < statement.end - statement.start) statement = each;
  }
  if (statement === undefined) return [own];
  let { end } = statement;
  for (let at = owner.firstOp; at < owner.endOp; at++) {
    const each = table.ops[at]!;
    if ((each.k === 'block' || each.k === 'catch') && each.start > statement.start && each.start < end)
      end = each.start;
  }
  return own.end <= end && own.start >= statement.start
    ? [{ start: statement.start, end }]
    : [{ start: statement.start, end }, own];
}
