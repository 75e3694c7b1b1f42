/** What the names in an expression mean: variables of the scopes that its call sees, or globals. */
import type { AnyNode } from 'acorn';
import type { Activation, LoadedFile, ScopeInstance } from '../query/activation.ts';
import { opaque, type Value } from '../query/values.ts';
import type { Reenactment } from './reenact.ts';
import { variableAt, type Of } from './syntax.ts';

export interface FoundVariable {
  readonly scope: ScopeInstance;
  /** of the site table of the scope's file */
  readonly variable: number;
}

/** The variable that a name means in the run's call, where the timeline stands; `undeclared`: a global. */
export function findVariable(re: Reenactment, node: Of<'Identifier'>): FoundVariable | 'undeclared' | undefined {
  const { run, traced } = re;
  const act = re.activation;
  if (!act) return undefined;
  if (run.asked) return inSight(act, node.name);
  const { table } = run.file;
  const variable = variableAt(table, node.name, node.start);
  if (variable < 0) return 'undeclared';
  const wanted = table.variables[variable]!.scope;
  let scope = scopeOf(act.scope, run.file, wanted);
  if (scope === undefined && run.from !== undefined) {
    // the statement was the last of its block, which was left since
    traced.timeline.seek(run.from);
    scope = re.activation && scopeOf(re.activation.scope, run.file, wanted);
  }
  return scope && { scope, variable };
}

function inSight({ scope }: Activation, name: string): FoundVariable | 'undeclared' {
  for (let at: ScopeInstance | undefined = scope; at; at = at.parent) {
    const { scopes, variables } = at.file.table;
    const variable = scopes[at.scope]!.variables.find((index) => variables[index]!.name === name);
    if (variable !== undefined) return { scope: at, variable };
  }
  return 'undeclared';
}

export function scopeOf(from: ScopeInstance, file: LoadedFile, wanted: number): ScopeInstance | undefined {
  for (let at: ScopeInstance | undefined = from; at; at = at.parent)
    if (at.scope === wanted && at.file === file) return at;
  return undefined;
}

export function globalValue(name: string): Value {
  if (name === 'undefined') return undefined;
  if (name === 'NaN') return Number.NaN;
  return name === 'Infinity' ? Infinity : opaque;
}

/** The global that is called, or that a method is called on, such as `Math`; '' where it is a variable's or another value. */
export function holderOf(re: Reenactment, callee: AnyNode): string {
  const object = callee.type === 'MemberExpression' ? callee.object : callee;
  if (object.type !== 'Identifier') return '';
  return findVariable(re, object) === 'undeclared' ? object.name : '';
}
