/** The writes of a variable or of a property: what data breakpoints stop at, and where values come from. */
import type { Op } from '../model/sites.ts';
import type { Activation, LoadedFile, ScopeInstance } from './activation.ts';
import { findScope } from './derive.ts';
import { EventCode } from './moments.ts';
import { MUTATIONS, type LastEvent } from './stream-state.ts';
import type { Finder } from './timeline.ts';
import { ObjectValue, toKey } from './values.ts';

/** What is watched. Calls and environments are numbered in their stream, so this names the same in every replay. */
export type Watched =
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** of the site table */
      readonly hash: string;
      readonly variable: number;
      /** whose variable: a call's own, an environment's that closures share, or a file's */
      readonly of: 'call' | 'environment' | 'file';
      readonly id: number;
    }
  | { readonly kind: 'property'; readonly name: string; readonly object: number };

/** A variable of a scope that a call sees; undefined where the scope has none of that name. */
export function watchVariable(activation: Activation, scope: ScopeInstance, name: string): Watched | undefined {
  const { table, hash, base } = scope.file;
  const variable = table.scopes[scope.scope]?.variables.find((index) => table.variables[index]?.name === name);
  if (variable === undefined) return undefined;
  const known = { kind: 'variable', name, hash, variable } as const;
  if (scope.environment !== 0) return { ...known, of: 'environment', id: scope.environment };
  const [of, id] = owner(activation, scope) ?? (['file', base] as const);
  return { ...known, of, id };
}

/** The call itself, where the scope is one of its own, and not the file's. */
function owner(activation: Activation, scope: ScopeInstance): ['call', number] | undefined {
  if (activation.functionIndex === 0) return undefined;
  for (let at: ScopeInstance | undefined = activation.scope; at !== undefined; at = at.parent) {
    if (at === scope) return ['call', activation.serial];
    if (at === activation.functionScope) return undefined;
  }
  return undefined;
}

/** Whether the event writes what is watched: a parameter's first write is the entry of its call. */
export function writes(watched: Watched, event: LastEvent): boolean {
  if (watched.kind === 'property') {
    const { object, key, code } = event;
    if (code !== EventCode.set && code !== EventCode.delete && code !== EventCode.mutation) return false;
    if (!(object instanceof ObjectValue) || object.id !== watched.object) return false;
    // a mutation as a whole, such as a sort
    return key === undefined ? code === EventCode.mutation : toKey(key) === watched.name;
  }
  const { file, activation, code, op: at } = event;
  if (file?.hash !== watched.hash || activation === undefined) return false;
  const op = file.table.ops[at];
  if (op === undefined || !isOf(watched, activation)) return false;
  if (code === EventCode.enter) return op.k === 'enter' && op.parameters.includes(watched.variable);
  if (code !== EventCode.write && code !== EventCode.closure && code !== EventCode.catch) return false;
  return (op.k === 'write' || op.k === 'closure' || op.k === 'catch') && op.variable === watched.variable;
}

/** Finds the writes on a thread that has loaded these files. */
export function findWrites(watched: Watched, files: readonly LoadedFile[]): Finder {
  return {
    sites: new Set(sitesOfWrites(watched, files)),
    ...scopeOf(watched, files),
    ...(watched.kind === 'property' ? { written: watched.object } : {}),
    ...(watched.kind === 'variable' && watched.of === 'call'
      ? { since: watched.id, calls: new Set([watched.id]) }
      : {}),
    ...(watched.kind === 'variable' && watched.of === 'environment' ? { environment: watched.id } : {}),
    event: (event) => writes(watched, event),
  };
}

function scopeOf(watched: Watched, files: readonly LoadedFile[]): Pick<Finder, 'scope'> {
  if (watched.kind === 'property' || watched.of === 'environment') return {};
  const { of, id, hash, variable } = watched;
  const scope = files.find((file) => file.hash === hash)?.table.variables[variable]?.scope;
  return scope === undefined ? {} : { scope: { of, id, scope } };
}

/** Sites of the events that can write it, in the files that a thread has loaded. */
export function sitesOfWrites(watched: Watched, files: readonly LoadedFile[]): number[] {
  if (watched.kind === 'property') {
    const { name } = watched;
    const sites = files.flatMap(({ base, table }) =>
      table.ops.flatMap((op, index) => (mayWrite(op, name) ? [base + index] : [])),
    );
    return [MUTATIONS, ...sites];
  }
  const { hash, variable } = watched;
  return files
    .filter((file) => file.hash === hash)
    .flatMap(({ base, table }) =>
      table.ops.flatMap((op, index) => {
        if (op.k === 'enter') return op.parameters.includes(variable) ? [base + index] : [];
        const isWrite = op.k === 'write' || op.k === 'closure' || op.k === 'catch';
        return isWrite && op.variable === variable ? [base + index] : [];
      }),
    );
}

/** Whether an op may write a property of that name: of many the table says which property they write. */
function mayWrite(op: Op, name: string): boolean {
  if (op.k !== 'set' && op.k !== 'delete') return false;
  const { key } = op;
  return key.from !== 'derived' || key.rule.e !== 'const' || String(key.rule.value) === name;
}

function isOf({ of, id, variable }: Extract<Watched, { kind: 'variable' }>, activation: Activation): boolean {
  if (of === 'call') return activation.serial === id;
  if (of === 'file') return activation.file.base === id;
  const scope = activation.file.table.variables[variable]?.scope ?? -1;
  return findScope(activation.scope, scope)?.environment === id;
}
