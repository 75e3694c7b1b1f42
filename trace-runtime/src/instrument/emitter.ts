import { ts } from 'ts-morph';
import type { Goal } from '../model/instrument-cache.ts';
import type { FunctionSite, Op } from '../model/sites.ts';
import { isFunction, type Bindings, type Scope, type Variable } from './bindings.ts';
import { calledByName } from './called-by-name.ts';
import { canHoldMore } from './parameter-patterns.ts';
import { namesKept } from './shadowed-parameters.ts';
import { recursiveFunctions } from './recursion.ts';
import { Edits, type OpRef, type Piece } from './edits.ts';
import type { Rules } from './rules.ts';

/** A place in a function's ops that jumps refer to: the op pushed next after `place`. */
export interface Label {
  target: OpRef | undefined;
}

interface Fixup {
  readonly ref: OpRef;
  readonly field: 'to' | 'else';
  readonly label: Label;
}

interface Jumpable {
  readonly names: readonly string[];
  readonly breakTo: Label;
  /** undefined: a labelled statement or a switch */
  readonly continueTo: Label | undefined;
  readonly scopes: number;
  readonly finallies: number;
  /** a labelled statement that is no loop and no switch: only a break that names it leaves it */
  readonly plain: boolean;
  /** text before a `continue`: a `for await` suspends at the end of each iteration */
  readonly beforeContinue: readonly Piece[];
  /** that text belongs to a `for await`, and stands at level light too */
  readonly awaited?: boolean;
  /** of a loop over an iterator: what has to run once that is closed, where a `continue` of a loop around leaves it */
  readonly closing?: Closing;
}

/** What a block that has an `await using` in it disposes of at its end. */
export interface Disposal {
  /** the constant that holds what is disposed of (recorder/disposals.ts) */
  readonly name: string;
  /** the suspensions, in the order of the declarations */
  readonly suspensions: OpRef[];
}

export interface Closing {
  /** a variable that says that such a jump was made */
  readonly flag: string;
  readonly after: Piece[];
}

/** Everything that instrumenting one function keeps. */
export class FunctionContext {
  readonly site: number;
  readonly node: ts.Node;
  readonly ops: OpRef[] = [];
  readonly suspendable: boolean;
  readonly jumps: Jumpable[] = [];
  /** block scopes entered so far, innermost last */
  readonly openScopes: number[] = [];
  readonly fixups: Fixup[] = [];
  finallies = 0;
  /** how many scopes were open where each `try` with a `finally` block around begins */
  readonly tryScopes: number[] = [];
  /** by open `try` with a `finally`: whether such a `continue` passes it */
  readonly passed: boolean[] = [];
  /** loops around that close their iterator, and blocks that dispose, when a return leaves them: that runs before the activation ends */
  closings = 0;
  /** what the blocks around dispose of with `await`, innermost last */
  readonly disposals: Disposal[] = [];
  /** returns that pass a user finally exist */
  pendingReturns = false;
  /** false: there is no place to declare temporaries */
  hasTemps = true;
  temps = 0;
  maxTemps = 0;
  /** temporaries of the text of level light */
  readonly lightTemps = new Set<string>();
  /** it has a variable for the hash of its control flow */
  rolls = false;
  /** only recorded code calls it (called-by-name.ts): it begins no tick */
  isInner = false;
  /** it may be on the stack more than once (recursion.ts) */
  recurs = false;
  /** false: the body stands in no `try`; each exit says that it is one */
  protect = true;
  #waiting: Label[] = [];

  constructor(site: number, node: ts.Node, suspendable: boolean) {
    this.site = site;
    this.node = node;
    this.suspendable = suspendable;
  }

  push(op: Op, flow = false): OpRef {
    return this.add({ index: 0, flow, op });
  }

  /** An op that text refers to already. */
  add(ref: OpRef): OpRef {
    this.ops.push(ref);
    for (const label of this.#waiting) label.target = ref;
    this.#waiting = [];
    return ref;
  }

  enterTry(): void {
    this.finallies += 1;
    this.tryScopes.push(this.openScopes.length);
    this.passed.push(false);
  }

  /** Whether a `continue` passes the block that said before where it leads. */
  leaveTry(): boolean {
    this.finallies -= 1;
    this.tryScopes.pop();
    return this.passed.pop() ?? false;
  }

  place(label: Label): void {
    this.#waiting.push(label);
  }

  jump(to: Label, throughFinally = false): void {
    const ref = this.push({ k: 'jump', to: 0, throughFinally });
    this.fixups.push({ ref, field: 'to', label: to });
  }

  /** A temporary that no other live expression of this function uses. */
  takeTemp(): string {
    this.temps += 1;
    this.maxTemps = Math.max(this.maxTemps, this.temps);
    return `__hct${this.temps}`;
  }

  releaseTemps(to: number): void {
    this.temps = to;
  }
}

export function label(): Label {
  return { target: undefined };
}

/** What instrumenting one file keeps. */
export class Emitter {
  readonly file: ts.SourceFile;
  readonly source: string;
  /** of a text: script */
  readonly goal: Exclude<Goal, 'text'>;
  readonly bindings: Bindings;
  readonly rules: Rules;
  /** the insertions of level full, and those of level light */
  readonly edits = new Edits();
  readonly light = new Edits();
  /** functions that only recorded code calls */
  readonly recursive: ReadonlySet<ts.Node>;
  readonly inner: ReadonlySet<ts.Node>;
  /** of a dependency: tells the file */
  mark: OpRef | undefined;
  /** a class's text may have no entry of a function in it */
  inStaticBlock = false;
  readonly functions: { site: Omit<FunctionSite, 'firstOp' | 'endOp'>; context: FunctionContext }[] = [];
  /** ops outside every function's flow */
  readonly detached: OpRef[] = [];
  /** arithmetic may mix bigints and numbers, and throw */
  readonly bigints: boolean;
  /** functions may be made of text: see text-code.ts */
  readonly makesCode: boolean;
  readonly degraded: { at: number; end: number; line: number; reason: string }[] = [];
  /** closure ops and the function nodes they create */
  readonly closures: { readonly ref: OpRef; readonly node: ts.Node }[] = [];

  constructor(file: ts.SourceFile, goal: Exclude<Goal, 'text'>, bindings: Bindings, rules: Rules) {
    this.file = file;
    this.source = file.text;
    this.goal = goal;
    this.bindings = bindings;
    this.rules = rules;
    // a script's names are everybody's, and its own statements are no activation
    this.recursive = recursiveFunctions(file);
    this.inner = goal === 'script' ? new Set() : calledByName(file, bindings);
    this.bigints = /\bBigInt\b|\d_?n\b/.test(file.text);
    this.makesCode = /\b(?:Function|eval)\b|\.constructor\b/.test(file.text);
  }

  /** Text of both levels. */
  insertBoth(position: number, ...pieces: readonly Piece[]): void {
    this.edits.insert(position, ...pieces);
    this.light.insert(position, ...pieces);
  }

  start(node: ts.Node): number {
    return node.getStart(this.file);
  }

  at(node: ts.Node): { start: number; end: number } {
    return { start: this.start(node), end: node.getEnd() };
  }

  /** A write of the variable whose value is in the log. */
  loggedWrite(node: ts.Node, { index: variable }: Variable): Op {
    return { k: 'write', variable, value: { from: 'logged' }, elided: false, guarded: false, ...this.at(node) };
  }

  degrade(node: ts.Node, reason: string): void {
    const { start: at, end } = this.at(node);
    const line = this.file.getLineAndCharacterOfPosition(at).line + 1;
    this.degraded.push({ at, end, line, reason });
  }

  /** The innermost captured scope around a node whose environment id is in sight there, if any. */
  environmentAround(scope: Scope | undefined, position: number): Scope | undefined {
    for (let s = scope; s; s = s.parent) {
      if (s.captured && s.kind !== 'module' && s.kind !== 'class' && this.#seesEnvironment(s, position)) return s;
    }
    return undefined;
  }

  #seesEnvironment(scope: Scope, position: number): boolean {
    const node = scope.node;
    if (scope.kind === 'function' && isAmongParameters(scope, position)) return keepsEnvironment(scope);
    let body: ts.Node | undefined;
    if (scope.kind === 'function') body = (node as ts.FunctionLikeDeclaration).body;
    else if (scope.kind === 'loop') body = (node as ts.ForStatement).statement;
    else if (scope.kind === 'catch') body = (node as ts.CatchClause).block;
    else if (scope.kind === 'block' && ts.isBlock(node)) body = node;
    else if (ts.isClassStaticBlockDeclaration(node)) body = node.body;
    else if (scope.kind === 'switch') body = node;
    return body !== undefined && body.pos <= position && position < body.end;
  }
}

/** Whether functions among the parameters know the environment: its name is declared behind them all. */
export function keepsEnvironment({ node, captured }: Scope): boolean {
  if (!captured || !isFunction(node) || node.body === undefined) return false;
  return namesKept(node.parameters).size > 0 && canHoldMore(node);
}

function isAmongParameters({ node }: Scope, position: number): boolean {
  return isFunction(node) && node.parameters.pos <= position && position < node.parameters.end;
}

/** How code at a position reads an environment's id. */
export function environmentText(scope: Scope, position: number): string {
  const name = environmentName(scope);
  return isAmongParameters(scope, position) ? `__hcEP(()=>${name})` : name;
}

export function environmentName(scope: Scope): string {
  return `__hce${scope.index}`;
}
