/**
 * Two streams side by side, from where they may differ on: each step takes what the aligned calls do next in both. The first
 * step at which they do not do the same is where control diverges; the first at which they do the same with another value
 * is where values diverge. A call that went another way is given up from there on, and the others are compared further.
 */
import { EventCode } from '../../query/moments.ts';
import type { StreamReplay } from '../../query/replay.ts';
import { StateReader } from '../../query/state.ts';
import type { LastEvent } from '../../query/stream-state.ts';
import { ObjectValue, type Accessor, type Value } from '../../query/values.ts';
import type { Activation, ScopeInstance } from '../../query/activation.ts';
import { Runtime } from '../../wire/words.ts';
import type { CallAlignment } from './call-alignment.ts';
import { Call } from './call-columns.ts';
import type { CallDigest } from './call-digest.ts';
import type { CodeKeys } from './code-keys.ts';
import { Explanations, rangesOf, type Side } from './explain.ts';
import type { Reads } from './reads.ts';
import type { RunTexts } from './texts.ts';
import { isSameBytes, ValuePairs } from './value-pairs.ts';
import { Walker, type Item, type Pair } from './walker.ts';

/** What differs, seen where both runs stand just behind it, or before the statements that they go on with. */
export type Difference =
  | {
      readonly kind: 'value';
      readonly what: ValuePlace;
      readonly a: Value | Accessor;
      readonly b: Value | Accessor;
      /** both hold the same, but are other objects than those that stood for each other */
      readonly isIdentity: boolean;
      /** kinds of inputs that the statement asked */
      readonly inputs: readonly string[];
    }
  | { readonly kind: 'control'; readonly a: Item; readonly b: Item; readonly pair: Pair };

/** Where a value came to be. */
export type ValuePlace =
  | { readonly kind: 'variable' | 'argument'; readonly name: string }
  | { readonly kind: 'this' | 'return' | 'throw' | 'result' | 'awaited' | 'native' }
  | { readonly kind: 'property'; readonly key: Value };

export interface LockstepOptions {
  readonly keys: CodeKeys;
  readonly digests: readonly [CallDigest, CallDigest];
  readonly alignment: CallAlignment;
  readonly replays: readonly [StreamReplay, StreamReplay];
  readonly texts: readonly [RunTexts, RunTexts];
  /** moments at which the walks end */
  readonly until: readonly [number, number];
  /** objects of lower ids are the same ones in both runs */
  readonly shared: number;
  readonly reads: Reads;
  /** what is looked for */
  readonly mayDiffer: { readonly control: boolean; readonly values: boolean };
  /** calls that are not compared themselves */
  readonly givenUp: readonly Pair[];
  /** is asked at the first difference of each kind, while both runs stand there */
  readonly found: (difference: Difference) => void;
  /** a statement that the other source does not have is about to run */
  readonly edited: (side: 0 | 1, activation: Activation, op: number) => void;
  /** a statement that has another text in the other source is about to run in both */
  readonly changed: (a: Item, b: Item) => void;
}

/** Words between two yields. */
const PIECE = 100_000;

export class Lockstep {
  private readonly walkers: readonly [Walker, Walker];
  private readonly readers: readonly [StateReader, StateReader];
  private readonly values: ValuePairs;
  private readonly explanations: Explanations;
  private readonly givenUp: Set<Pair>;
  private readonly found = { control: false, value: false };
  /** values that differ by what differs between any two runs */
  explained = 0;

  constructor(private readonly options: LockstepOptions) {
    const { replays, texts, keys, alignment, until, shared, reads, edited } = options;
    const [a, b] = replays;
    this.givenUp = new Set(options.givenUp);
    this.readers = [new StateReader(a), new StateReader(b)];
    this.values = new ValuePairs({ state: a, texts: texts[0] }, { state: b, texts: texts[1] }, keys, shared);
    const [inA, inB] = options.digests.map(({ inputs }) => inputs.allNumbers()) as [Set<unknown>, Set<unknown>];
    this.explanations = new Explanations(reads, this.values, [inA, inB]);
    const pairOf = (pair: Pair): Pair => (this.givenUp.has(pair) ? -1 : pair);
    const ofA = (call: number): Pair => (call === 0 ? pairOf(0) : alignment.ofA[call] ? pairOf(call) : -1);
    const ofB = (call: number): Pair =>
      call === 0 ? pairOf(0) : alignment.ofB[call] ? pairOf(alignment.ofB[call]!) : -1;
    const watcher = (side: 0 | 1) => ({
      input: (kind: string, activation: Activation | undefined) => {
        const call = activation?.serial ?? 0;
        const pair = side === 0 ? call : call === 0 ? 0 : (alignment.ofB[call] ?? 0);
        this.explanations.ask(pair, kind);
      },
      edited: (activation: Activation, op: number) => edited(side, activation, op),
    });
    this.walkers = [
      new Walker(a, 0, keys, ofA, until[0], watcher(0)),
      new Walker(b, 1, keys, ofB, until[1], watcher(1)),
    ];
  }

  /** Goes on until both kinds of differences were found, or the end; gives moments of the first stream. */
  *run(): Generator<number, void> {
    let [a, b]: [Item | undefined, Item | undefined] = [undefined, undefined];
    for (let steps = 0; ; steps++) {
      while (a === undefined || this.isPassed(a)) {
        a = this.walkers[0].next();
        if (a === undefined) yield this.options.replays[0].moment;
      }
      while (b === undefined || this.isPassed(b)) {
        b = this.walkers[1].next();
        if (b === undefined) yield this.options.replays[0].moment;
      }
      if (a.kind === 'end' && b.kind === 'end') return;
      if (a.pair === b.pair && a.key === b.key && a.kind === b.kind) {
        this.compare(a, b);
        if (this.isDone()) return;
        yield* this.skipWhole(a);
        [a, b] = [undefined, undefined];
      } else {
        this.diverge(a, b);
        if (this.isDone()) return;
      }
      if (steps % 1000 === 0) yield this.options.replays[0].moment;
    }
  }

  /** Whether the values hold the same where both runs stand. */
  holdSame(a: Value | Accessor, b: Value | Accessor): boolean {
    return this.values.holdSame(a, b);
  }

  private isPassed({ pair, kind }: Item): boolean {
    return kind !== 'end' && this.givenUp.has(pair);
  }

  private isDone(): boolean {
    const { mayDiffer } = this.options;
    const { control, value } = this.found;
    return (control || !mayDiffer.control) && (value || !mayDiffer.values);
  }

  private diverge(a: Item, b: Item): void {
    const pair = this.leaver(a, b);
    if (!this.found.control) {
      this.found.control = true;
      this.options.found({ kind: 'control', a, b, pair });
    }
    this.givenUp.add(pair);
  }

  /** Whose way differs there. */
  private leaver(a: Item, b: Item): Pair {
    const { alignment, digests, replays } = this.options;
    if (a.kind === 'end') return b.pair;
    if (b.kind === 'end' || a.pair === b.pair) return a.pair;
    if (this.hasEnded(replays[1], alignment.ofA[a.pair] ?? 0)) return a.pair;
    if (this.hasEnded(replays[0], b.pair)) return b.pair;
    // one run makes a call before the other does
    const { parents } = digests[0];
    const [callerA, callerB] = [parents[a.pair] ?? 0, parents[b.pair] ?? 0];
    if (callerA === b.pair || (callerA === callerB && !this.givenUp.has(callerA))) return callerA;
    return callerB === a.pair ? callerB : a.pair;
  }

  private hasEnded(replay: StreamReplay, call: number): boolean {
    if (call === 0 || call > replay.activations) return false;
    if (replay.stack.some(({ serial }) => serial === call)) return false;
    for (const { serial } of replay.suspended.values()) if (serial === call) return false;
    return replay.event.activation?.serial !== call;
  }

  /** A call of which everything is equal is passed over as a whole. */
  private *skipWhole(item: Item): Generator<number, void> {
    const { alignment, digests, replays } = this.options;
    const call = item.pair;
    if (item.kind !== 'event' || item.code !== EventCode.enter || alignment.isWhole[call] !== 1) return;
    const partner = alignment.ofA[call]!;
    if (((digests[0].flags[call]! | digests[1].flags[partner]!) & Call.waits) !== 0) return;
    for (const [side, end] of [digests[0].ends[call]!, digests[1].ends[partner]!].entries()) {
      const replay = replays[side]!;
      for (let next = replay.cursor.offset + PIECE; replay.cursor.offset < end; next += PIECE) {
        if (!replay.runToWord(Math.min(next, end))) break;
        yield replays[0].moment;
      }
    }
    for (const walker of this.walkers) walker.clear();
    if ((digests[0].flags[call]! & Call.gaveNoise) !== 0) this.explanations.returned(digests[0].parents[call]!);
  }

  private compare(a: Item, b: Item): void {
    if (a.kind === 'statement') {
      this.explanations.begins(a.pair);
      if (a.file?.hash !== b.file?.hash && isOtherText(this.options.reads, a, b)) this.options.changed(a, b);
    }
    if (a.kind !== 'event') return;
    const [x, y] = [this.options.replays[0].event, this.options.replays[1].event];
    let differs = false;
    for (const [what, valueA, valueB] of valuesOf(x, y)) {
      const isChanged = what.kind === 'native' && !this.hasSameBytes();
      if (this.values.same(valueA, valueB) && !isChanged) continue;
      differs = true;
      if (!this.found.value && !this.isExplained(a, x, [valueA, valueB])) {
        this.found.value = true;
        const isIdentity = !isChanged && valueA instanceof ObjectValue && this.values.holdSame(valueA, valueB);
        const inputs = this.explanations.askedBy(a.pair);
        this.options.found({ kind: 'value', what, a: valueA, b: valueB, isIdentity, inputs });
        return;
      }
      if (!this.found.value) this.explained++;
    }
    if (!differs) this.explanations.settles(x);
    else if (x.code === EventCode.exit) this.explanations.returned(this.options.digests[0].parents[a.pair] ?? 0);
    else if (x.code === EventCode.throw) this.explanations.thrown = true;
    if (x.code === EventCode.catch) this.explanations.thrown = false;
    if (this.options.replays[0].stack.length === 1 && isTurn(x)) this.explanations.begins(0);
  }

  /** Whether the bytes that both have changed last are the same. */
  private hasSameBytes(): boolean {
    const [a, b] = this.options.replays.map(({ event, heap }) => {
      const { code, detail, object, index, length } = event;
      if (code !== EventCode.mutation || detail !== Runtime.bytes || !(object instanceof ObjectValue)) return undefined;
      return heap.get(object)?.bytes?.subarray(index, index + length);
    });
    return isSameBytes(a, b);
  }

  private isExplained(item: Item, { code }: LastEvent, values: readonly [Value | Accessor, Value | Accessor]): boolean {
    const { replays, digests } = this.options;
    const isEntry = code === EventCode.enter;
    const side = (at: 0 | 1): Side => {
      const state = replays[at];
      const call = isEntry ? state.stack.at(-2) : state.event.activation;
      return {
        state,
        reader: this.readers[at],
        value: values[at],
        by: call && { call, scope: this.walkers[at].scopeOf(call) },
      };
    };
    return this.explanations.isExplained(isEntry ? (digests[0].parents[item.pair] ?? 0) : item.pair, side(0), side(1));
  }

  /** The scope in which a call of one of the runs has done what it did last. */
  scopeOf(side: 0 | 1, call: Activation): ScopeInstance {
    return this.walkers[side].scopeOf(call);
  }
}

function isOtherText(reads: Reads, a: Item, b: Item): boolean {
  const [x, y] = [a, b].map(({ file, op }) => {
    const [head] = file === undefined ? [] : rangesOf(file, op);
    return head === undefined || file === undefined ? '' : reads.text(file, head).replaceAll(/\s+/g, ' ').trim();
  });
  return x !== y;
}

function* valuesOf(x: LastEvent, y: LastEvent): Generator<readonly [ValuePlace, Value | Accessor, Value | Accessor]> {
  switch (x.code) {
    case EventCode.enter:
      yield* argumentsOf(x, y);
      return;
    case EventCode.exit:
    case EventCode.return:
      yield [{ kind: 'return' }, x.value, y.value];
      return;
    case EventCode.write:
    case EventCode.closure:
    case EventCode.catch:
      yield [{ kind: 'variable', name: variableOf(x) }, x.value, y.value];
      return;
    case EventCode.throw:
    case EventCode.uncaught:
      yield [{ kind: 'throw' }, x.value, y.value];
      return;
    case EventCode.suspend:
      yield [{ kind: 'awaited' }, x.value, y.value];
      return;
    case EventCode.this:
      yield [{ kind: 'this' }, x.value, y.value];
      return;
    case EventCode.value:
      yield [{ kind: 'result' }, x.value, y.value];
      return;
    case EventCode.set:
    case EventCode.delete:
    case EventCode.mutation: {
      yield [{ kind: 'native' }, x.object, y.object];
      yield [{ kind: 'property', key: x.key }, x.key, y.key];
      if (x.items !== undefined && y.items !== undefined && x.code === EventCode.mutation) {
        yield [{ kind: 'property', key: 'length' }, x.items.length, y.items.length];
        for (let i = 0; i < x.items.length; i++) yield [{ kind: 'native' }, x.items[i], y.items[i]];
      }
      if (x.code !== EventCode.delete) yield [{ kind: 'property', key: x.key }, x.value, y.value];
      return;
    }
    default:
  }
}

function* argumentsOf(x: LastEvent, y: LastEvent): Generator<readonly [ValuePlace, Value, Value]> {
  const [a, b] = [x.activation, y.activation];
  if (a === undefined || b === undefined) return;
  if (a.functionScope.hasThis && b.functionScope.hasThis && a.functionIndex !== 0)
    yield [{ kind: 'this' }, a.functionScope.thisValue, b.functionScope.thisValue];
  const inB = new Map(parametersOf(b).map(({ name, value }) => [name, value]));
  for (const { name, value } of parametersOf(a))
    if (inB.has(name)) yield [{ kind: 'argument', name }, value, inB.get(name)];
}

function parametersOf(call: Activation): { readonly name: string; readonly value: Value }[] {
  const { table, code } = call.file;
  return (code.parameters[call.site.firstOp] ?? []).flatMap(({ scope, slot }) => {
    const variable = table.scopes[scope]?.variables[slot];
    const name = variable === undefined ? undefined : table.variables[variable]?.name;
    return name === undefined || scope !== call.functionScope.scope
      ? []
      : [{ name, value: call.functionScope.values[slot] }];
  });
}

function variableOf({ file, op }: LastEvent): string {
  const site = file?.table.ops[op];
  if (site === undefined || (site.k !== 'write' && site.k !== 'closure' && site.k !== 'catch')) return '';
  return file?.table.variables[site.variable]?.name ?? '';
}

function isTurn({ code }: LastEvent): boolean {
  return code === EventCode.enter || code === EventCode.resume;
}
