/**
 * Which statements of a stretch ran, in their order, and what each defined: variables, properties, objects, results of
 * calls. Made in one pass over the stretch.
 */
import type { Activation, LoadedFile, ScopeInstance } from '../../query/activation.ts';
import { lexicalThis } from '../../query/derive.ts';
import { EventCode, type Moment } from '../../query/moments.ts';
import type { LastEvent } from '../../query/stream-state.ts';
import type { Position } from '../../query/timeline.ts';
import { Accessor, indexOfKey, ObjectValue, opaque, type Value } from '../../query/values.ts';
import { scopeOf } from '../names.ts';
import { syntaxOf, type Traced, type Work } from '../traced.ts';
import { Changes, ELEMENTS, keyChange } from './possible-changes.ts';
import { StatementFacts } from './statement-facts.ts';

/** Number of a statement's run, in the order in which they began; calls' beginnings are such, too. */
export type RunNumber = number;

export interface Definition {
  readonly run: RunNumber;
  readonly moment: Moment;
  readonly value: Value;
}

/** One call, as far as it lies in the stretch. */
export interface LoggedCall {
  readonly serial: number;
  readonly file: LoadedFile;
  readonly facts: StatementFacts | undefined;
  /** it began before the stretch */
  readonly isEarlier: boolean;
  /** its beginning */
  readonly enter: RunNumber;
  /** the run that called it; -1: none that was recorded */
  readonly caller: RunNumber;
  /** by op: its runs */
  readonly runs: Map<number, RunNumber[]>;
  /** runs after which a `catch` clause began */
  readonly catches: { readonly moment: Moment; readonly source: RunNumber }[];
  readonly self: Value;
  current: RunNumber;
}

/** Events between two answers. */
const AT_ONCE = 20_000;

export class ExecutionLog {
  readonly sites: number[] = [];
  readonly files: LoadedFile[] = [];
  readonly calls: LoggedCall[] = [];
  readonly moments: Moment[] = [];
  readonly statements: number[] = [];
  /** when its call went on to another statement, or ended */
  readonly ends: Moment[] = [];
  readonly scopes: ScopeInstance[] = [];
  /** of calls that a run made, and of what it waited for */
  readonly results = new Map<RunNumber, Definition[]>();
  /** runs that made calls of recorded code */
  readonly callers = new Set<RunNumber>();
  /** by site, in order */
  readonly bySite = new Map<number, RunNumber[]>();
  readonly births = new Map<number, Definition>();
  /** by slot of the scope */
  private readonly byScope = new Map<ScopeInstance, (Definition[] | undefined)[]>();
  /** of scopes inside a call's own: by that scope, and by variable */
  private readonly byFrame = new Map<ScopeInstance, Map<number, Definition[]>>();
  /** by hash of the file, and by variable */
  private readonly byVariable = new Map<string, (Definition[] | undefined)[]>();
  private readonly properties = new Map<number, Map<Value, Definition[]>>();
  private readonly holders = new Map<Value, Set<number>>();
  private readonly open = new Map<number, LoggedCall>();
  private readonly facts = new Map<LoadedFile, StatementFacts | undefined>();
  private readonly changes: Changes;
  /** by holder: what it may have found */
  private readonly held = new Map<string, ReadonlySet<Value>>();
  private readonly keyChanges = new Map<string, string>();
  private newest = 0;
  /** events before it were taken */
  private taken: Moment = 0;

  private constructor(
    private readonly traced: Traced,
    /** where the stretch begins */
    readonly from: Moment,
  ) {
    this.changes = new Changes(traced);
  }

  /** The timeline stands at the end of the stretch afterwards. */
  static *of(traced: Traced, from: Moment, to: Position): Work<ExecutionLog> {
    const { timeline } = traced;
    const { replay } = timeline;
    const log = new ExecutionLog(traced, from);
    timeline.seekMoment(from);
    log.newest = replay.heap.newest;
    log.taken = replay.moment;
    let outer = -1;
    for (const act of replay.stack) outer = log.goOn(act, outer);
    for (const act of replay.suspended.values()) if (!log.open.has(act.serial)) log.goOn(act, -1);
    // in one go: scopes are known by their instances, and another stretch would have others
    replay.onStatement((act, op) => {
      // the statement at the end has not run
      if (replay.moment > to.moment || replay.statements >= to.statements) return true;
      // a statement is come to before the event is told of that stands before it
      log.take(replay.event, replay.stack);
      log.begin(act, op, replay.moment, replay.statements);
      return false;
    });
    for (let count = 0; replay.moment < to.moment && replay.step(); count++) {
      log.take(replay.event, replay.stack);
      if (replay.paused) break;
      if (count % AT_ONCE !== 0) continue;
      yield replay.moment;
    }
    // statements that stand before the event at the end
    if (!replay.paused) replay.runTo(to.moment);
    replay.onStatement(undefined);
    return log;
  }

  get length(): number {
    return this.sites.length;
  }

  isEnter(run: RunNumber): boolean {
    return this.calls[run]!.enter === run;
  }

  /** Of a statement that had begun before the stretch. */
  isBegun(run: RunNumber): boolean {
    const { isEarlier, enter } = this.calls[run]!;
    return isEarlier && run === enter + 1;
  }

  opOf(run: RunNumber): number {
    return this.sites[run]! - this.files[run]!.base;
  }

  /** The definitions of the variable that a run may have read, as code in its scope sees it; the last is last. */
  variable(run: RunNumber, variable: number, until: Moment): readonly Definition[] {
    const from = this.scopes[run]!;
    const { file } = this.calls[run]!;
    const instance = scopeOf(from, file, file.table.variables[variable]!.scope);
    const own = instance && this.byScope.get(instance)?.[file.code.places[variable]!.slot];
    const found = this.readable(own, run, until);
    if (found.length > 0) return found;
    const frame = instance && this.byFrame.get(frameOf(instance))?.get(variable);
    return this.readable(frame ?? own ?? this.byVariable.get(file.hash)?.[variable], run, until);
  }

  /** The definitions of a property that a run may have read. */
  property(object: ObjectValue, key: Value, run: RunNumber, until: Moment): readonly Definition[] {
    const own = this.properties.get(object.id);
    if (own === undefined) return NOTHING;
    const elements = this.readable(own.get(ELEMENTS), run, until);
    const keyed = this.readable(own.get(key), run, until);
    if (elements.length === 0) return keyed;
    return keyed.length === 0 ? elements : [...elements, ...keyed].sort((a, b) => a.moment - b.moment);
  }

  /** The last one before the run began, and those of other runs while it ran. */
  private readable(list: readonly Definition[] | undefined, run: RunNumber, until: Moment): readonly Definition[] {
    if (!list) return NOTHING;
    const from = this.moments[run]!;
    const last = list.length === 1 && list[0]!.moment <= until ? 0 : countBefore(list, until) - 1;
    let found: Definition[] | undefined;
    for (let i = last; i >= 0; i--) {
      const each = list[i]!;
      if (each.run === run) continue;
      if (found === undefined) found = [each];
      else found.unshift(each);
      if (each.moment <= from) break;
    }
    return found ?? NOTHING;
  }

  /** What a change of that property is called (possible-changes.ts). */
  changeOf(key: string): string {
    let change = this.keyChanges.get(key);
    if (change === undefined) this.keyChanges.set(key, (change = keyChange(key)));
    return change;
  }

  /** All that defined something of the object before the moment. */
  *contents(object: ObjectValue, at: Moment): Generator<Definition, void> {
    const birth = this.births.get(object.id);
    if (birth) yield birth;
    for (const list of this.properties.get(object.id)?.values() ?? [])
      for (const each of list) if (each.moment < at) yield each;
  }

  /** The last definitions of a property of that name, of each object that has one. */
  *everywhere(key: Value, at: Moment): Generator<Definition, void> {
    for (const id of this.holders.get(key) ?? []) {
      const found = lastBefore(this.properties.get(id)?.get(key), at);
      if (found) yield found;
    }
  }

  /** Whether the object may be found by the holder (possible-changes.ts) at some moment of the stretch. */
  mayHold(holder: string, object: ObjectValue): boolean {
    let held = this.held.get(holder);
    if (!held) this.held.set(holder, (held = this.heldBy(holder)));
    return held.has(object) || held.has(opaque);
  }

  private heldBy(holder: string): ReadonlySet<Value> {
    const [hash, variable, ...path] = JSON.parse(holder) as [string, number, ...string[]];
    let held = new Set<Value>((this.byVariable.get(hash)?.[variable] ?? []).map(({ value }) => value));
    for (const { hash: own, moduleScope, code } of this.traced.files)
      if (own === hash && moduleScope) held.add(moduleScope.values[code.places[variable]!.slot]);
    for (const key of path) {
      if (held.has(opaque)) return held;
      const next = new Set<Value>();
      for (const each of held) {
        if (!(each instanceof ObjectValue)) continue;
        for (const { value } of this.properties.get(each.id)?.get(key) ?? []) next.add(value);
        const now = this.traced.reader.property(each, key)?.value;
        next.add(now instanceof Accessor ? opaque : now);
      }
      held = next;
    }
    return held;
  }

  private begin(act: Activation, op: number, moment: Moment, statements: number): void {
    const call = this.open.get(act.serial) ?? this.enter(act, this.callerOf(act), moment);
    this.leave(call, moment);
    const run = this.add(call, act.file.base + op, act.file, act.scope, moment, statements);
    const runs = call.runs.get(op);
    if (runs) runs.push(run);
    else call.runs.set(op, [run]);
    call.current = run;
  }

  /** The run that made the call. */
  private callerOf({ serial }: Activation): RunNumber {
    const { stack } = this.traced.timeline.replay;
    const outer = stack[stack.findLastIndex((each) => each.serial === serial) - 1];
    const caller = outer ? (this.open.get(outer.serial)?.current ?? -1) : -1;
    if (caller >= 0) this.callers.add(caller);
    return caller;
  }

  private leave(call: LoggedCall, moment: Moment): void {
    this.ends[call.current] = moment;
  }

  private add(
    call: LoggedCall,
    site: number,
    file: LoadedFile,
    scope: ScopeInstance,
    moment: Moment,
    statements: number,
  ): RunNumber {
    const run = this.sites.push(site) - 1;
    this.files.push(file);
    this.calls.push(call);
    this.scopes.push(scope);
    this.moments.push(moment);
    this.statements.push(statements);
    this.ends.push(Infinity);
    const known = this.bySite.get(site);
    if (known) known.push(run);
    else this.bySite.set(site, [run]);
    return run;
  }

  /** A call that had begun before the stretch, and the statement that it is in; gives that one's run. */
  private goOn(act: Activation, caller: RunNumber): RunNumber {
    const { moment, statements } = this.traced.timeline.replay;
    const call = this.enter(act, caller, moment, true);
    const { file, scope, position } = act;
    const step = Math.max(0, call.facts?.stepOfOp(position) ?? position);
    call.current = this.add(call, file.base + step, file, scope, moment, statements);
    call.runs.set(step, [call.current]);
    return call.current;
  }

  private enter(act: Activation, caller: RunNumber, moment: Moment, isEarlier = false): LoggedCall {
    const { serial, file, site, functionScope } = act;
    const enter = this.sites.length;
    const call: LoggedCall = {
      serial,
      file,
      facts: this.factsOf(file),
      isEarlier,
      enter,
      caller,
      runs: new Map(),
      catches: [],
      self: lexicalThis(functionScope),
      current: enter,
    };
    this.open.set(serial, call);
    this.add(call, file.base + site.firstOp, file, functionScope, moment, this.traced.timeline.replay.statements);
    const { variables } = file.table.scopes[functionScope.scope]!;
    // what it was passed was passed before
    if (isEarlier) return call;
    variables.forEach((variable, slot) => {
      if (file.table.variables[variable]!.kind === 'parameter')
        this.define(functionScope, variable, { run: enter, moment, value: functionScope.values[slot] });
    });
    return call;
  }

  factsOf(file: LoadedFile): StatementFacts | undefined {
    if (!this.facts.has(file)) {
      const syntax = syntaxOf(this.traced, file);
      this.facts.set(file, syntax && new StatementFacts(file, syntax, this.changes));
    }
    return this.facts.get(file);
  }

  private define(instance: ScopeInstance, variable: number, definition: Definition): void {
    const { file } = instance;
    append(columnOf(this.byScope, instance), file.code.places[variable]!.slot, definition);
    append(columnOf(this.byVariable, file.hash), variable, definition);
    // what a copy of the scope has that nothing of its own defined yet
    const frame = frameOf(instance);
    if (frame === instance) return;
    let own = this.byFrame.get(frame);
    if (!own) this.byFrame.set(frame, (own = new Map()));
    put(own, variable, definition);
  }

  private take(event: LastEvent, stack: readonly Activation[]): void {
    const { activation, code, moment, op, file, value } = event;
    if (moment < this.taken) return;
    this.taken = moment + 1;
    if (code === EventCode.enter && activation) {
      if (!this.open.has(activation.serial)) this.enter(activation, this.callerOf(activation), moment);
      return;
    }
    const call = activation && this.open.get(activation.serial);
    const run = call && file ? this.runOf(call, op) : this.topRun(stack);
    switch (code) {
      case EventCode.write:
      case EventCode.closure:
      case EventCode.catch: {
        const site = file?.table.ops[op];
        const variable = site && 'variable' in site ? site.variable : -1;
        if (code === EventCode.catch) call?.catches.push({ moment, source: this.length - 1 });
        if (!activation || !file || variable < 0) break;
        const instance = scopeOf(activation.scope, file, file.table.variables[variable]!.scope);
        if (instance) this.define(instance, variable, { run, moment: moment + 1, value });
        break;
      }
      case EventCode.set:
      case EventCode.delete:
        this.change(event.object, keyOf(event.key), { run, moment: moment + 1, value });
        break;
      case EventCode.mutation:
        this.mutate(event, run);
        break;
      case EventCode.this:
        this.change(value, ELEMENTS, { run, moment: moment + 1, value: undefined });
        break;
      case EventCode.return:
      case EventCode.exit:
        if (call) this.give(call, { run, moment: moment + 1, value });
        break;
      case EventCode.resume:
        // whatever ran last let it go on
        if (call) put(this.results, call.current, { run: Math.max(0, this.length - 1), moment, value });
        break;
      default:
    }
    const { heap } = this.traced.timeline.replay;
    for (; this.newest < heap.newest; this.newest++)
      if (heap.isDefined(this.newest + 1)) this.births.set(this.newest + 1, { run, moment, value: undefined });
  }

  /** The run of the call that an op is part of. */
  private runOf(call: LoggedCall, op: number): RunNumber {
    const step = call.facts?.stepOfOp(op) ?? -1;
    return call.runs.get(step)?.at(-1) ?? (step < 0 ? call.enter : call.current);
  }

  private topRun(stack: readonly Activation[]): RunNumber {
    const top = stack.at(-1);
    return (top && this.open.get(top.serial)?.current) ?? Math.max(0, this.length - 1);
  }

  private give(call: LoggedCall, result: Definition): void {
    this.leave(call, result.moment - 1);
    if (call.caller >= 0) put(this.results, call.caller, result);
  }

  private mutate({ object, key, value, items, index, moment }: LastEvent, run: RunNumber): void {
    const at = { run, moment: moment + 1 };
    if (items === undefined) {
      this.change(object, key === undefined ? ELEMENTS : keyOf(key), { ...at, value });
      return;
    }
    if (index > 0 && items.length > 0 && items.length <= 16)
      items.forEach((item, i) => this.change(object, String(index + i), { ...at, value: item }));
    else this.change(object, ELEMENTS, { ...at, value: undefined });
    this.change(object, 'length', { ...at, value: undefined });
  }

  private change(object: Value, key: Value, definition: Definition): void {
    if (!(object instanceof ObjectValue)) return;
    let own = this.properties.get(object.id);
    if (!own) this.properties.set(object.id, (own = new Map()));
    put(own, key, definition);
    let holders = this.holders.get(key);
    if (!holders) this.holders.set(key, (holders = new Set()));
    holders.add(object.id);
  }
}

function keyOf(key: Value): Value {
  return typeof key === 'number' && indexOfKey(key) >= 0 ? String(key) : key;
}

const NOTHING: readonly Definition[] = [];

function columnOf<K>(map: Map<K, (Definition[] | undefined)[]>, key: K): (Definition[] | undefined)[] {
  let column = map.get(key);
  if (!column) map.set(key, (column = []));
  return column;
}

function append(column: (Definition[] | undefined)[], at: number, definition: Definition): void {
  while (column.length <= at) column.push(undefined);
  const list = column[at];
  if (list) list.push(definition);
  else column[at] = [definition];
}

function put<K, T>(map: Map<K, T[]>, key: K, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

/** The instance of the call's own scope, or the file's. */
function frameOf(instance: ScopeInstance): ScopeInstance {
  let at = instance;
  const { scopes } = instance.file.table;
  const own = scopes[instance.scope]!.function;
  while (at.parent && at.parent.file === instance.file && scopes[at.parent.scope]!.function === own) at = at.parent;
  return at;
}

/** Of a list in the order of moments. */
function lastBefore<T extends { readonly moment: Moment }>(list: readonly T[] | undefined, at: Moment): T | undefined {
  return list?.[countBefore(list, at) - 1];
}

function countBefore(list: readonly { readonly moment: Moment }[], at: Moment): number {
  return countWhile(list.length, (index) => list[index]!.moment <= at);
}

/** How many of a list hold at its beginning: those that hold stand before those that do not. */
export function countWhile(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
