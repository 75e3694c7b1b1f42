/**
 * The site table: a source file as a static program of ops. The recorder emits records for some ops; a reader walks
 * the ops between them and computes what was not recorded.
 *
 * Ops of one function stand in one range, in evaluation order. An op's index is its local id: its control id in a
 * stream is the file's base plus the index, and `Slot.progress` holds bare indices. Op 0 is never used.
 */
export const SITE_TABLE_VERSION = 1;

export type Offset = number;
export type OpIndex = number;
export type VariableIndex = number;
export type ScopeIndex = number;
export type FunctionIndex = number;

export interface SiteTable {
  readonly version: typeof SITE_TABLE_VERSION;
  readonly language: 'javascript' | 'typescript';
  /** hex SHA-256 of source, instrumenter version and options: the cache key */
  readonly hash: string;
  /** steps: everything; writes: only mutations of objects, for dependencies */
  readonly level: 'steps' | 'writes';
  /** functions[0] is the module or script body */
  readonly functions: readonly FunctionSite[];
  readonly scopes: readonly ScopeSite[];
  readonly variables: readonly VariableSite[];
  readonly ops: readonly Op[];
  /** of ES modules, else absent */
  readonly imports?: readonly ModuleImport[];
  readonly exports?: readonly ModuleExport[];
  /** where something could not be recorded fully, for the ledger; lines are from 1 */
  readonly degraded: readonly {
    readonly at: Offset;
    readonly end: Offset;
    readonly line: number;
    readonly reason: string;
  }[];
}

/** A name that an import declaration binds. */
export interface ModuleImport {
  readonly variable: VariableIndex;
  readonly specifier: string;
  /** '*': the namespace object */
  readonly imported: string;
}

export interface ModuleExport {
  /** '*': all names of the other module */
  readonly name: string;
  /** -1: an expression, or another module's */
  readonly variable: VariableIndex;
  /** of what another module exports: where from, and its name there ('*': the namespace object or all names) */
  readonly specifier?: string;
  readonly imported?: string;
}

export interface FunctionSite {
  /** '' where anonymous */
  readonly name: string;
  readonly kind:
    | 'module'
    | 'function'
    | 'arrow'
    | 'method'
    | 'getter'
    | 'setter'
    | 'constructor'
    | 'derivedConstructor';
  readonly async: boolean;
  readonly generator: boolean;
  readonly strict: boolean;
  readonly start: Offset;
  readonly end: Offset;
  /** function whose body this one stands in; -1 for the module */
  readonly parent: FunctionIndex;
  /** first op (always an `enter`) and one past the last */
  readonly firstOp: OpIndex;
  readonly endOp: OpIndex;
  /** the function's own scope (parameters and `var`s) */
  readonly scope: ScopeIndex;
  /** scope around the function's definition */
  readonly outer: ScopeIndex;
  /** declared parameters as source text, for display */
  readonly parameters: readonly string[];
  readonly length: number;
}

export interface ScopeSite {
  readonly kind: 'module' | 'function' | 'block' | 'loop' | 'catch' | 'switch' | 'class';
  readonly function: FunctionIndex;
  /** -1 for the module's */
  readonly parent: ScopeIndex;
  readonly start: Offset;
  readonly end: Offset;
  /** true where a closure captures a variable of it: its instances then have an environment id in the stream */
  readonly captured: boolean;
  readonly variables: readonly VariableIndex[];
}

export interface VariableSite {
  readonly name: string;
  readonly scope: ScopeIndex;
  readonly kind: 'var' | 'let' | 'const' | 'parameter' | 'function' | 'class' | 'catch' | 'import';
  readonly start: Offset;
}

/**
 * Where a value slot's value comes from. `logged`: a value word is in the record. `derived`: computed by the rule.
 * `appended` (writes only): the record has the right operand of `variable += operand`, both primitives, at least one a string.
 */
export type Source =
  | { readonly from: 'logged' }
  | { readonly from: 'appended' }
  | { readonly from: 'derived'; readonly rule: Expr };

/** Pure expressions over literals and variables of the scopes in sight; no calls, no property reads. */
export type Expr =
  | { readonly e: 'const'; readonly value: string | number | boolean | null }
  | { readonly e: 'undefined' }
  | { readonly e: 'bigint'; readonly digits: string }
  | { readonly e: 'variable'; readonly variable: VariableIndex }
  | { readonly e: 'this' }
  | { readonly e: 'unary'; readonly op: '-' | '+' | '!' | '~' | 'typeof' | 'void'; readonly a: Expr }
  | { readonly e: 'binary'; readonly op: string; readonly a: Expr; readonly b: Expr }
  | { readonly e: 'and' | 'or' | 'nullish'; readonly a: Expr; readonly b: Expr }
  | { readonly e: 'conditional'; readonly test: Expr; readonly a: Expr; readonly b: Expr }
  | { readonly e: 'template'; readonly parts: readonly (string | Expr)[] }
  /** a function of Math, applied to numbers */
  | { readonly e: 'math'; readonly name: ExactMath; readonly arguments: readonly Expr[] };

/** Functions of Math whose results the language fixes to the last bit, for numbers. */
export const EXACT_MATH = [
  'abs',
  'ceil',
  'clz32',
  'floor',
  'fround',
  'imul',
  'max',
  'min',
  'round',
  'sign',
  'sqrt',
  'trunc',
] as const;
export type ExactMath = (typeof EXACT_MATH)[number];

interface At {
  readonly start: Offset;
  readonly end: Offset;
}

/**
 * Records by op (control word first). `elided` ops never emit: a reader executes them when it walks past. All other
 * ops emit when executed; a reader that walks past one without its record knows that it was not executed, except
 * `guarded` writes, which emit only when their rule does not hold and are executed by rule otherwise.
 */
export type Op =
  | { readonly k: 'none' }
  /** Progress point: the program stores its index into Slot.progress before it evaluates what follows. Never emits.
   *  `numeric`: in a numeric loop, where it does so only if the loop turned out not to be one. */
  | ({ readonly k: 'statement'; readonly progress: boolean; readonly numeric?: boolean } & At)
  /** A loop whose variables are all numbers; its ops are those up to `to`. Walked past, a reader computes the loop: each
   *  `block` in it is taken where its `test` holds or is absent, and each `write` is executed. With a record (nothing
   *  else in it) some variable was no number, and the loop is recorded like any other. */
  | ({ readonly k: 'numeric'; readonly to: OpIndex } & At)
  /** Function entry. Record: progress (of the caller), then if `outerEnvironment` int environment id of the innermost captured
   *  scope around the function, if `environment` int id of this activation or of its captured function scope,
   *  if `this` value, if `newTarget` value of new.target, then one value for each variable of `parameters`,
   *  if `arguments` the arguments object. Flow. */
  | ({
      readonly k: 'enter';
      readonly function: FunctionIndex;
      readonly outerEnvironment: boolean;
      readonly environment: boolean;
      readonly this: boolean;
      readonly newTarget: boolean;
      readonly parameters: readonly VariableIndex[];
      readonly arguments: boolean;
    } & At)
  /** A function's parameter or field initialiser runs, before its `enter`: an activation of its own for that time, which a
   *  RUNTIME.leave ends. Stands outside every function's flow. Record: progress (of the caller), then as flagged like
   *  `enter`. `fields`: those of a constructor, whose arguments are not known then. */
  | ({
      readonly k: 'early';
      readonly function: FunctionIndex;
      readonly outerEnvironment: boolean;
      readonly this: boolean;
      readonly parameters: readonly VariableIndex[];
      readonly fields: boolean;
    } & At)
  /** A new instance of a block scope, its bindings uninitialised (var-like ones undefined). Never emits. */
  | { readonly k: 'scope'; readonly scope: ScopeIndex }
  /** The innermost instance of the scope is left. Never emits. */
  | { readonly k: 'leave'; readonly scope: ScopeIndex }
  /** Per-iteration copy of a loop scope's bindings, before the update expression. Never emits. */
  | { readonly k: 'copy'; readonly scope: ScopeIndex }
  /** An arm of a branch, taken when its record comes; walked past means not taken: go to `else`. Record: if `environment`,
   *  int environment id of the instance of scope `scope` (already entered by a `scope` or `copy` op before it or, if `enters`, entered by it). Flow. */
  | ({
      readonly k: 'block';
      readonly arm: 'then' | 'else' | 'loop' | 'case' | 'block';
      readonly else: OpIndex;
      readonly environment: boolean;
      readonly scope: ScopeIndex;
      readonly enters: boolean;
      /** in a numeric loop */
      readonly test?: Expr;
    } & At)
  /** Static jump. `throughFinally`: a `finally` op may come first; its `endFinally` then goes on at `to`. Never emits. */
  | { readonly k: 'jump'; readonly to: OpIndex; readonly throughFinally: boolean }
  /** A variable gets a value. Record: value where logged. With a derived source: `elided`, or `guarded`.
   *  Outside every function's flow, by an initialiser: progress (of the innermost activation), value. */
  | ({
      readonly k: 'write';
      readonly variable: VariableIndex;
      readonly value: Source;
      readonly elided: boolean;
      readonly guarded: boolean;
    } & At)
  /** A property gets a value by [[Set]] (or by definition, if `define`). Record: object, key, value, each where logged. Private keys
   *  are strings that start with '#'. `delta`: the value slot holds the old number; the new one is old + delta. */
  | ({
      readonly k: 'set';
      readonly object: Source;
      readonly key: Source;
      readonly value: Source;
      readonly elided: boolean;
      readonly define: boolean;
      readonly delta: number;
    } & At)
  /** Record: object, key, each where logged. Only emitted when the deletion succeeded. */
  | ({ readonly k: 'delete'; readonly object: Source; readonly key: Source } & At)
  /** A closure was created and bound. Record: value (the function; its definition is derived from the table). variable -1: none */
  | ({ readonly k: 'closure'; readonly variable: VariableIndex; readonly function: FunctionIndex } & At)
  /** `this` became known (after super(), or after field initialisers). Record: value this, int count, then for each key, value of the fields. */
  | ({ readonly k: 'this' } & At)
  /** Instance fields were initialised. As `this`, but stands outside every function's flow: only the heap changes. */
  | ({ readonly k: 'fields' } & At)
  /** Record: value where logged. Ends the activation, or if `pending` marks it returning until `leave` or an abrupt end. Flow: no. */
  | ({ readonly k: 'return'; readonly value: Source; readonly pending: boolean } & At)
  /** End of the body was reached. Record: nothing. Ends the activation with undefined (a constructor: with `this`). */
  | ({ readonly k: 'exit' } & At)
  /** Record: value. */
  | ({ readonly k: 'throw' } & At)
  /** A catch clause begins. Record: progress (of the op that threw), value error. variable -1: none or a pattern (writes follow). Flow. */
  | ({ readonly k: 'catch'; readonly variable: VariableIndex; readonly scope: ScopeIndex } & At)
  /** A finally block begins; `scope` is the scope around its try statement. Record: progress. Flow. */
  | ({ readonly k: 'finally'; readonly scope: ScopeIndex } & At)
  /** Its normal end: go on after it, or at the pending jump. Never emits. `progress`: the program says that it came here. */
  | { readonly k: 'endFinally'; readonly progress?: true }
  /** The activation suspends. Record: value awaited or yielded. A RUNTIME.resume goes on behind it.
   *  `delegate` (yield*) and `round` (for await) ask another object for a value at once, while the activation stands on the
   *  stack. Record: that object where the next record is of a generator that it runs; true where a resume comes before
   *  what answers, and a suspension behind it; undefined where no recorded code does; null where the same is asked again; false
   *  and what the iterator has returned where the engine reads that next, by code that a getter or a proxy has. `close`: a
   *  `for await` waits for its iterator to close; such a false may come there, too. */
  | ({ readonly k: 'suspend'; readonly kind: 'await' | 'yield' | 'delegate' | 'round' | 'close' } & At)
  /** A value that is shown but changes no state: the result of a call. Record: value. */
  | ({ readonly k: 'value' } & At);

/** What the control-flow hash is rolled by at an op of the file with that key: numbers without a pattern (MurmurHash3's 32-bit finaliser). */
export function stepOf(op: OpIndex, key: number): number {
  const first = (Math.imul(op, 0x9e3779b1) + key) | 0;
  const second = Math.imul(first ^ (first >>> 16), 0x85ebca6b);
  const third = Math.imul(second ^ (second >>> 13), 0xc2b2ae35);
  return third ^ (third >>> 16);
}
