import type { FunctionSite, SiteTable } from '../model/sites.ts';
import type { Code } from './code.ts';
import type { MappedArguments } from './mapped-arguments.ts';
import { ALL_PARTS, type Journal, type Kept } from './journal.ts';
import type { ObjectValue, Value } from './values.ts';

/** A scope, or the number by which it is kept elsewhere until somebody looks at it. */
export type HeldScope = ScopeInstance | number | undefined;

/** One load of a source file: its site ids are base … base + ops. */
export class LoadedFile implements Kept {
  era = 0;
  owned: number = ALL_PARTS;
  /** instance of the module's scope, once its body was entered */
  held: HeldScope;
  /** by function: the scope in which it was made last, for calls that do not tell */
  lastClosures: HeldScope[] = [];

  constructor(
    readonly base: number,
    readonly path: string,
    readonly hash: string,
    /** of its `file` record: wire/loaded-as.ts */
    readonly how: number,
    readonly table: SiteTable,
    readonly code: Code,
    private readonly scopes: { scope(uid: number): ScopeInstance | undefined },
  ) {}

  get moduleScope(): ScopeInstance | undefined {
    if (typeof this.held === 'number') this.held = this.scopes.scope(this.held);
    return this.held;
  }

  set moduleScope(scope: ScopeInstance | undefined) {
    this.held = scope;
  }

  lastClosure(functionIndex: number): ScopeInstance | undefined {
    const last = this.lastClosures[functionIndex];
    return typeof last === 'number' ? this.scopes.scope(last) : last;
  }
}

/** The bindings of one execution of a scope. Closures keep it alive through `parent`. */
export class ScopeInstance implements Kept {
  era = 0;
  owned: number = ALL_PARTS;
  /** environment id; 0 where no closure can see it */
  environment = 0;
  /** by which it is kept in the index; 0 where it is not */
  uid = 0;
  /** of function scopes: `this` of the activation; arrows look outward */
  thisValue: Value = undefined;
  hasThis = false;
  /** by scope index: the classes made last inside it */
  classes: Map<number, ScopeInstance> | undefined;
  /** of a call whose parameters share their values with `arguments` */
  mapped: MappedArguments | undefined;

  /** `held`: its values, or what gives them when somebody looks: long texts among them take long to read. */
  constructor(
    readonly file: LoadedFile,
    /** ScopeIndex in the file's table */
    readonly scope: number,
    public parent: ScopeInstance | undefined,
    private held: Value[] | (() => Value[]),
  ) {}

  /** by position in ScopeSite.variables */
  get values(): Value[] {
    if (typeof this.held === 'function') this.held = this.held();
    return this.held;
  }

  set values(values: Value[]) {
    this.held = values;
  }

  /** Puts off what gives its values until somebody looks. */
  putOff(values: () => Value[]): void {
    this.held = values;
  }
}

/** The scope's values, to be changed. */
export function valuesOf(journal: Journal, scope: ScopeInstance): Value[] {
  if (scope.era === journal.era && scope.owned !== 0) return scope.values;
  return (scope.values = journal.array(scope, ALL_PARTS, scope.values, undefined));
}

/** Before the file's scope or its closures change. */
export function changeFile(journal: Journal, file: LoadedFile, functionIndex: number): LoadedFile {
  file.lastClosures = journal.array(file, ALL_PARTS, file.lastClosures, functionIndex);
  return file;
}

/** How a `finally` block was entered other than by falling into it; else the op that its end jumps to. */
export const Pending = { none: -1, threw: -2, returned: -3 } as const;

/**
 * Of a `for await` over what code of the program answers: that code is asked for an iterator (`fresh`, while it runs `making`), then
 * in each round for a value (`code`, `asking`), and then the loop waits by itself (`waiting`).
 */
export const DELEGATIONS = ['generator', 'code', 'none', 'fresh', 'making', 'asking', 'waiting'] as const;
export type Delegation = (typeof DELEGATIONS)[number];

/**
 * `done` or `value` of what an iterator returned, which `yield*` or `for await` reads: the object's id doubled, and 1 for
 * `value`. 0: nothing is read. A number, so that marks keep it.
 */
export type ResultRead = number;

/** A call of a recorded function. */
export class Activation implements Kept {
  era = 0;
  owned: number = ALL_PARTS;
  /** next op of the walk */
  pc: number;
  /** op that the program said last that it is at; -1 after a loop's arm: the next one is met anew */
  at: number;
  /** op whose place in the source is where the activation stands */
  position: number;
  /** by the `finally` op */
  pending: Map<number, number> | undefined;
  /** pc just behind a pending return, a throw; -1 where neither was last */
  returnedAt = -1;
  threwAt = -1;
  returnValue: Value = undefined;
  newTarget: Value = undefined;
  argumentsObject: ObjectValue | undefined;
  /** environment id by which a suspended activation is resumed; 0: none */
  id = 0;
  suspended = false;
  /** of an async function: id and number of the nearest call around its entry that can wait for it; 0: none */
  awaitedBy = 0;
  awaitedBySerial = 0;
  /** end of the numeric loop that the walk is in; 0 where it is in none */
  numericEnd = 0;
  /** by `delegate` and `round` op: what runs when a value is asked for; none where no recorded code does */
  delegations: Map<number, Delegation> | undefined;
  /** who asked this generator last, by `yield*` */
  delegator: Activation | undefined;
  /** what its value is, where it gets that for who reads it */
  reads: ResultRead = 0;
  /** of an initialiser before the function's body: a throw leaves it without a word */
  early = false;
  /** stands on the stack only while what it asked answers: no record says so */
  carried = false;
  /** it is kept in the index */
  stored = false;
  /** the stream's activations in order of their entry, from 1 */
  readonly serial: number;

  constructor(
    readonly file: LoadedFile,
    readonly functionIndex: number,
    readonly site: FunctionSite,
    readonly functionScope: ScopeInstance,
    /** innermost instance */
    public scope: ScopeInstance,
    serial: number,
  ) {
    this.pc = site.firstOp + 1;
    this.at = site.firstOp;
    this.position = site.firstOp;
    this.serial = serial;
  }
}
