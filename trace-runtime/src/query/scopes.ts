import type { Activation, LoadedFile } from './activation.ts';
import { ScopeInstance } from './activation.ts';
import type { Journal } from './journal.ts';
import { uninitialised } from './values.ts';
import type { Value } from './values.ts';

/** A fresh instance: `let`, `const` and `class` in their dead zone, the others undefined. */
export function newScope(
  file: LoadedFile,
  scope: number,
  parent: ScopeInstance | undefined,
  era: number,
): ScopeInstance {
  const dead = file.code.deadZones[scope] ?? [];
  const values: Value[] = [];
  for (let i = 0; i < dead.length; i++) values.push(dead[i] === true ? uninitialised : undefined);
  const instance = new ScopeInstance(file, scope, parent, values);
  instance.era = era;
  return instance;
}

/** Leaves the instances that do not lie around `scope`: a jump or a throw may have left them without a word. */
export function unwindScopes(activation: Activation, scope: number): void {
  const { scopeDepth, scopeParent } = activation.file.code;
  while (activation.scope !== activation.functionScope) {
    const depth = scopeDepth[activation.scope.scope]!;
    let outer = scope;
    while (outer >= 0 && scopeDepth[outer]! > depth) outer = scopeParent[outer]!;
    if (outer === activation.scope.scope) return;
    activation.scope = activation.scope.parent ?? activation.functionScope;
  }
}

export function enterScope(journal: Journal, activation: Activation, scope: number): ScopeInstance {
  unwindScopes(activation, scope);
  let parent = activation.scope;
  if (parent !== activation.functionScope && parent.scope === scope) parent = parent.parent ?? activation.functionScope;
  return (activation.scope = standIn(journal, newScope(activation.file, scope, parent, journal.era)));
}

export function leaveScope(activation: Activation, scope: number): void {
  const instance = within(activation, scope);
  if (instance !== undefined) activation.scope = instance.parent ?? activation.functionScope;
}

/** Methods see the scope of their class, which no record of theirs names: it is found from what stands around it. */
function standIn(journal: Journal, instance: ScopeInstance): ScopeInstance {
  if (instance.file.table.scopes[instance.scope]?.kind !== 'class') return instance;
  for (let outer = instance.parent; outer !== undefined; outer = outer.parent) {
    journal.touch(outer);
    outer.classes = new Map(outer.classes).set(instance.scope, instance);
  }
  return instance;
}

/** What a function of the site sees first, where `outer` is the innermost scope that is known to be around it. */
export function withClass(outer: ScopeInstance, classScope: number): ScopeInstance {
  return classScope < 0 ? outer : (outer.classes?.get(classScope) ?? outer);
}

/** A loop's next iteration has bindings of its own, which begin with the values of the last one's. */
export function copyScope(activation: Activation, scope: number): void {
  const instance = within(activation, scope);
  if (instance === undefined) return;
  activation.scope = new ScopeInstance(activation.file, scope, instance.parent, instance.values.slice());
  activation.scope.era = activation.era;
}

/** Between two rounds of a loop over an iterator its variables have no value. */
export function clearScope(activation: Activation, scope: number): void {
  const old = within(activation, scope);
  if (old !== undefined) activation.scope = newScope(activation.file, scope, old.parent, activation.era);
}

/** The innermost instance of a block scope of the activation itself. */
function within(activation: Activation, scope: number): ScopeInstance | undefined {
  let instance: ScopeInstance | undefined = activation.scope;
  while (instance !== undefined && instance !== activation.functionScope) {
    if (instance.scope === scope) return instance;
    instance = instance.parent;
  }
  return undefined;
}

/** The function scope that `this` of the activation belongs to: an arrow's is its surroundings'. */
export function thisScope(from: ScopeInstance): ScopeInstance {
  let instance: ScopeInstance | undefined = from;
  while (instance !== undefined) {
    const { functions, scopes } = instance.file.table;
    const site = functions[scopes[instance.scope]?.function ?? -1];
    if (site !== undefined && site.scope === instance.scope && site.kind !== 'arrow') return instance;
    instance = instance.parent;
  }
  return from;
}
