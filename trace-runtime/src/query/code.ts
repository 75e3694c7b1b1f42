import type { Expr, Op, SiteTable, Source } from '../model/sites.ts';
import { compileRule } from './derive.ts';
import type { Place, Rule } from './derive.ts';

/** Ops by number, for the walk. */
export const K = {
  none: 0,
  statement: 1,
  enter: 2,
  scope: 3,
  leave: 4,
  copy: 5,
  block: 6,
  jump: 7,
  write: 8,
  set: 9,
  delete: 10,
  closure: 11,
  this: 12,
  return: 13,
  exit: 14,
  throw: 15,
  catch: 16,
  finally: 17,
  endFinally: 18,
  suspend: 19,
  value: 20,
  fields: 21,
  numeric: 22,
  early: 23,
} as const;

/** Bits of Code.flags; what a bit means depends on the kind of op. */
export const F = {
  /** write, set: executed when walked past */
  elided: 1,
  guarded: 2,
  /** values in the record */
  logs1: 4,
  logs2: 8,
  logs3: 16,
  define: 32,
  progress: 64,
  throughFinally: 128,
  environment: 256,
  enters: 512,
  loop: 1024,
  pending: 2048,
  outerEnvironment: 4096,
  this: 8192,
  newTarget: 16384,
  arguments: 32768,
  yield: 65536,
  /** early: of a constructor's fields */
  fields: 128,
  /** suspend: another object is asked, by yield*, by a loop */
  delegates: 262144,
  round: 524288,
  /** suspend: its iterator is closed, by a loop */
  closes: 1048576,
  /** jump back of a loop that gets each value from an iterator; `b` is the scope of its variables or -1 */
  nextRound: 131072,
  /** write: the value in the record comes behind the variable's old one */
  appends: 131072,
  /** statement: in a numeric loop, where the program does not say that it is there */
  numeric: 262144,
} as const;

/** A site table's ops as columns, indexed by op. */
export interface Code {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly flags: Int32Array;
  /** the op after this one where no record says otherwise */
  readonly next: Int32Array;
  /** scope, variable's scope, function: by kind */
  readonly a: Int32Array;
  /** variable's slot, set's delta: by kind */
  readonly b: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** function that the op stands in */
  readonly owner: Int32Array;
  /** innermost scope of the owner around `start`; -1 where the op has no place */
  readonly around: Int32Array;
  /** of endFinally: its finally op */
  readonly partner: Int32Array;
  /** by catch or finally op: the op of its `try` */
  readonly tryOf: ReadonlyMap<number, number>;
  /** by target: the op that the walk came to it from last without passing an endFinally, plus 1; a cache */
  readonly reached: Int32Array;
  readonly rules: readonly (readonly (Rule | undefined)[] | undefined)[];
  readonly places: readonly Place[];
  /** of enter ops */
  readonly parameters: readonly (readonly Place[] | undefined)[];
  /** nesting depth and parent of each scope */
  readonly scopeDepth: Int32Array;
  readonly scopeParent: Int32Array;
  /** of each function: the class scope around it, within the function that it stands in; -1: none */
  readonly classScope: Int32Array;
  /** names of private accessors: assigning to them never makes a field */
  readonly privateAccessors: ReadonlySet<string>;
  /** initial values of a scope's variables: true for those in a dead zone first */
  readonly deadZones: readonly (readonly boolean[])[];
}

export function compileTable(table: SiteTable): Code {
  const count = table.ops.length;
  const code = {
    count,
    kind: new Uint8Array(count),
    flags: new Int32Array(count),
    next: new Int32Array(count),
    a: new Int32Array(count).fill(-1),
    b: new Int32Array(count),
    start: new Int32Array(count).fill(-1),
    end: new Int32Array(count).fill(-1),
    owner: new Int32Array(count).fill(-1),
    around: new Int32Array(count).fill(-1),
    partner: new Int32Array(count).fill(-1),
    tryOf: new Map<number, number>(),
    reached: new Int32Array(count),
    rules: Array<readonly (Rule | undefined)[] | undefined>(count),
    places: placesOf(table),
    parameters: Array<readonly Place[] | undefined>(count),
    privateAccessors: privateAccessorsOf(table),
    classScope: classScopesOf(table),
    scopeDepth: depthsOf(table),
    scopeParent: Int32Array.from(table.scopes, (scope) => scope.parent),
    deadZones: table.scopes.map((scope) => scope.variables.map((v) => isDeadFirst(table.variables[v]?.kind))),
  };
  for (let op = 0; op < count; op++) fill(code, table.ops[op]!, op);
  table.functions.forEach((site, index) => {
    for (let op = site.firstOp; op < site.endOp && op < count; op++) code.owner[op] = index;
  });
  findScopes(code, table);
  pairFinallies(code);
  findTries(code);
  markRounds(code);
  return code;
}

type Columns = { -readonly [P in keyof Code]: Code[P] } & {
  readonly tryOf: Map<number, number>;
  readonly rules: (readonly (Rule | undefined)[] | undefined)[];
  readonly parameters: (readonly Place[] | undefined)[];
};

function fill(code: Columns, op: Op, at: number): void {
  code.kind[at] = K[op.k] ?? 0;
  code.next[at] = at + 1;
  if ('start' in op) {
    code.start[at] = op.start;
    code.end[at] = op.end;
  }
  let flags = 0;
  const rule = (source: Source) => (source.from === 'derived' ? compile(code, source.rule) : undefined);
  const variable = (index: number) => {
    code.a[at] = code.places[index]?.scope ?? -1;
    code.b[at] = code.places[index]?.slot ?? 0;
  };
  switch (op.k) {
    case 'statement':
      flags = bit(op.progress, F.progress) | bit(op.numeric === true, F.numeric);
      break;
    case 'endFinally':
      flags = bit(op.progress === true, F.progress);
      break;
    case 'enter':
      flags =
        bit(op.outerEnvironment, F.outerEnvironment) |
        bit(op.environment, F.environment) |
        bit(op.this, F.this) |
        bit(op.newTarget, F.newTarget) |
        bit(op.arguments, F.arguments);
      code.a[at] = op.function;
      code.parameters[at] = op.parameters.map((index) => code.places[index] ?? { scope: -1, slot: 0 });
      break;
    case 'early':
      flags = bit(op.outerEnvironment, F.outerEnvironment) | bit(op.this, F.this) | bit(op.fields, F.fields);
      code.a[at] = op.function;
      code.parameters[at] = op.parameters.map((index) => code.places[index] ?? { scope: -1, slot: 0 });
      break;
    case 'scope':
    case 'leave':
    case 'copy':
      code.a[at] = op.scope;
      break;
    case 'block':
      flags = bit(op.environment, F.environment) | bit(op.enters, F.enters) | bit(op.arm === 'loop', F.loop);
      code.next[at] = op.else;
      code.a[at] = op.scope;
      if (op.test !== undefined) code.rules[at] = [compile(code, op.test)];
      break;
    case 'numeric':
      code.next[at] = op.to;
      break;
    case 'jump':
      flags = bit(op.throughFinally, F.throughFinally);
      code.next[at] = op.to;
      break;
    case 'write':
      flags =
        bit(op.elided, F.elided) |
        bit(op.guarded, F.guarded) |
        bit(op.value.from !== 'derived', F.logs1) |
        bit(op.value.from === 'appended', F.appends);
      variable(op.variable);
      code.rules[at] = [rule(op.value)];
      break;
    case 'set':
      flags =
        bit(op.elided, F.elided) |
        bit(op.define, F.define) |
        bit(op.object.from === 'logged', F.logs1) |
        bit(op.key.from === 'logged', F.logs2) |
        bit(op.value.from === 'logged', F.logs3);
      code.b[at] = op.delta;
      code.rules[at] = [rule(op.object), rule(op.key), rule(op.value)];
      break;
    case 'delete':
      flags = bit(op.object.from === 'logged', F.logs1) | bit(op.key.from === 'logged', F.logs2);
      code.rules[at] = [rule(op.object), rule(op.key)];
      break;
    case 'closure':
      variable(op.variable);
      code.partner[at] = op.function;
      break;
    case 'return':
      flags = bit(op.pending, F.pending) | bit(op.value.from === 'logged', F.logs1);
      code.rules[at] = [rule(op.value)];
      break;
    case 'catch':
      variable(op.variable);
      code.partner[at] = op.scope;
      break;
    case 'suspend':
      flags =
        bit(op.kind === 'yield', F.yield) |
        bit(op.kind === 'delegate', F.delegates) |
        bit(op.kind === 'round', F.round) |
        bit(op.kind === 'close', F.closes);
      break;
    default:
  }
  code.flags[at] = flags;
}

function bit(on: boolean, flag: number): number {
  return on ? flag : 0;
}

function compile(code: Columns, expr: Expr): Rule {
  return compileRule(expr, (variable) => code.places[variable] ?? { scope: -1, slot: 0 });
}

function placesOf(table: SiteTable): Place[] {
  const places: Place[] = table.variables.map((variable) => ({ scope: variable.scope, slot: 0 }));
  table.scopes.forEach((scope, index) => {
    scope.variables.forEach((variable, slot) => {
      places[variable] = { scope: index, slot };
    });
  });
  return places;
}

function depthsOf(table: SiteTable): Int32Array {
  const depths = new Int32Array(table.scopes.length);
  const depth = (scope: number, hops: number): number => {
    const parent = table.scopes[scope]?.parent ?? -1;
    return parent < 0 || hops > table.scopes.length ? 0 : 1 + depth(parent, hops + 1);
  };
  for (let scope = 0; scope < depths.length; scope++) depths[scope] = depth(scope, 0);
  return depths;
}

function classScopesOf(table: SiteTable): Int32Array {
  return Int32Array.from(table.functions, ({ outer }) => {
    for (let at = outer; at >= 0; at = table.scopes[at]?.parent ?? -1) {
      const scope = table.scopes[at]!;
      if (scope.kind === 'function') return -1;
      if (scope.kind === 'class' && scope.variables.length > 0) return at;
    }
    return -1;
  });
}

function privateAccessorsOf(table: SiteTable): Set<string> {
  const accessors = table.functions.filter((site) => site.kind === 'setter' || site.kind === 'getter');
  return new Set(accessors.map((site) => site.name).filter((name) => name.startsWith('#')));
}

function isDeadFirst(kind: string | undefined): boolean {
  return kind === 'let' || kind === 'const' || kind === 'class';
}

/** Innermost scope of the function around each op that has a place, among the scopes that ever have instances. */
function findScopes(code: Columns, table: SiteTable): void {
  const entered = new Set<number>();
  table.ops.forEach((op) => {
    if (op.k === 'scope' || op.k === 'catch' || (op.k === 'block' && op.enters)) entered.add(op.scope);
  });
  const byFunction = new Map<number, number[]>();
  table.scopes.forEach((scope, index) => {
    if (!entered.has(index)) return;
    const list = byFunction.get(scope.function);
    if (list === undefined) byFunction.set(scope.function, [index]);
    else list.push(index);
  });
  for (let op = 0; op < code.count; op++) {
    const start = code.start[op]!;
    if (start < 0 || code.kind[op] === K.enter) continue;
    let best = table.functions[code.owner[op]!]?.scope ?? -1;
    for (const index of byFunction.get(code.owner[op]!) ?? []) {
      const scope = table.scopes[index]!;
      if (start < scope.start || start >= scope.end) continue;
      if (best < 0 || code.scopeDepth[index]! > code.scopeDepth[best]!) best = index;
    }
    code.around[op] = best;
  }
}

/** Brackets of finally and endFinally ops match in op order. */
function pairFinallies(code: Columns): void {
  const open: number[] = [];
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] === K.finally) open.push(op);
    else if (code.kind[op] === K.endFinally) {
      const start = open.pop();
      if (start !== undefined) code.partner[op] = start;
    }
  }
}

/** A handler's `try` is the innermost statement around it. */
function findTries(code: Columns): void {
  for (let op = 0; op < code.count; op++) {
    if (code.kind[op] !== K.catch && code.kind[op] !== K.finally) continue;
    for (let at = op - 1; at >= 0 && code.owner[at] === code.owner[op]; at--) {
      if (code.kind[at] !== K.statement || code.start[at]! > code.start[op]! || code.end[at]! < code.end[op]!) continue;
      code.tryOf.set(op, at);
      break;
    }
  }
}

/** Loops over iterators have no condition before their body's arm; their scope's variables are written in the body. */
function markRounds(code: Columns): void {
  for (let op = 0; op < code.count; op++) {
    const to = code.next[op]!;
    if (code.kind[op] !== K.jump || to > op || to < 2) continue;
    const head = code.kind[to] === K.suspend ? to + 1 : to;
    if (code.kind[head] !== K.block || (code.flags[head]! & F.loop) === 0) continue;
    const scope = code.a[head]!;
    const isEmpty = scope < 0 || code.deadZones[scope]?.length === 0;
    if (!isEmpty && !(code.kind[to - 1] === K.scope && code.a[to - 1] === scope)) continue;
    code.flags[op]! |= F.nextRound;
    code.b[op] = scope;
  }
}
