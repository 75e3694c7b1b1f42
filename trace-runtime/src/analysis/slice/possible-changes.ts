/**
 * What running a piece of a program might change, told by its text: variables, properties by their names, elements. Calls
 * are followed by the names of functions. It names too much rather than too little.
 */
import type { AnyNode } from 'acorn';
import { isNode, type Ranged } from '../../evaluate/parsed-source.ts';
import type { LoadedFile } from '../../query/activation.ts';
import { indexOfKey } from '../../query/values.ts';
import { isFunction, keyText, plain, variableAt } from '../syntax.ts';
import { syntaxOf, type Traced } from '../traced.ts';

/** Elements of arrays, entries of maps and sets. */
export const ELEMENTS = 'elements';
/** Any property of any object. */
export const ANY_PROPERTY = 'properties';
export const ANYTHING = 'anything';

export function variableChange(file: LoadedFile, variable: number): string {
  return `variable ${file.hash} ${variable}`;
}

export function keyChange(key: string): string {
  return indexOfKey(key) >= 0 ? ELEMENTS : `property ${key}`;
}

const CHANGING = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|delete|add|clear|append|write)$/;
const CHANGING_ANY = /^(?:assign|defineProperty|defineProperties|setPrototypeOf)$/;

interface Direct {
  readonly changes: Set<string>;
  readonly calls: Set<string>;
}

export class Changes {
  /** by the names of functions: what the functions of that name change themselves, and whom they call */
  private readonly functions = new Map<string, Direct>();
  /** errors may be caught somewhere */
  readonly hasCatch: boolean;
  private readonly closed = new Map<string, ReadonlySet<string>>();

  constructor(traced: Traced) {
    let hasCatch = false;
    for (const file of new Map(traced.files.map((each) => [each.hash, each])).values()) {
      const syntax = syntaxOf(traced, file);
      if (!syntax) continue;
      for (const node of syntax.all) {
        if (isFunction(node)) for (const name of namesOf(node, syntax.parentOf(node))) this.add(name, file, node);
        if (node.type === 'CatchClause') hasCatch = true;
      }
    }
    this.hasCatch = hasCatch;
  }

  /** Of all that stands in the node, functions in it included. */
  of(file: LoadedFile, node: AnyNode): ReadonlySet<string> {
    const { changes, calls } = changesIn(file, node);
    for (const name of calls) for (const each of this.called(name)) changes.add(each);
    return changes;
  }

  private add(name: string, file: LoadedFile, node: AnyNode): void {
    const own = changesIn(file, node);
    const known = this.functions.get(name);
    if (!known) return void this.functions.set(name, own);
    for (const each of own.changes) known.changes.add(each);
    for (const each of own.calls) known.calls.add(each);
  }

  private called(name: string): ReadonlySet<string> {
    const known = this.closed.get(name);
    if (known) return known;
    const changes = new Set<string>();
    const seen = new Set<string>();
    for (const queue = [name]; queue.length > 0;) {
      const next = queue.pop()!;
      if (seen.has(next)) continue;
      seen.add(next);
      const bare = next.slice(1);
      const own = this.functions.get(bare);
      if (own) {
        for (const each of own.changes) changes.add(each);
        queue.push(...own.calls);
      }
      // a method may be one of the language as well
      if (next.startsWith('.') && CHANGING.test(bare)) changes.add(ELEMENTS);
      if (next.startsWith('.') && CHANGING_ANY.test(bare)) changes.add(ANY_PROPERTY);
      if (next.startsWith('?') && !own) changes.add(ANYTHING);
    }
    this.closed.set(name, changes);
    return changes;
  }
}

/** Names that a function is called by. */
export function namesOf(node: AnyNode, parent: AnyNode | undefined): string[] {
  const names: string[] = [];
  if ('id' in node && node.id?.type === 'Identifier') names.push(node.id.name);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') names.push(parent.id.name);
  if (parent?.type === 'AssignmentExpression') {
    const { left } = parent;
    if (left.type === 'Identifier') names.push(left.name);
    if (left.type === 'MemberExpression') names.push(keyText(left.property, left.computed) ?? '');
  }
  if (parent && 'key' in parent) {
    const name = keyText(parent.key as AnyNode, 'computed' in parent && parent.computed);
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** Behind a change: the variable of the file, and the properties from there, that the object is found by. */
export const HELD_BY = ' of ';

/** '' where the text does not tell. */
function holderText(file: LoadedFile, object: AnyNode): string {
  const path: string[] = [];
  let at = plain(object);
  while (at.type === 'MemberExpression') {
    const key = keyText(at.property, at.computed);
    if (key === undefined) return '';
    path.unshift(key);
    at = plain(at.object);
  }
  if (at.type !== 'Identifier') return '';
  const variable = variableAt(file.table, at.name, (at as Ranged).start);
  // of variables of calls it is not known which call's
  if (variable < 0 || file.table.scopes[file.table.variables[variable]!.scope]!.kind !== 'module') return '';
  return `${HELD_BY}${JSON.stringify([file.hash, variable, ...path])}`;
}

/** What stands in the node itself; parts of it that are `isOther` left out. */
export function changesIn(file: LoadedFile, root: AnyNode, isOther?: (node: AnyNode) => boolean): Direct {
  const changes = new Set<string>();
  const calls = new Set<string>();
  const assigned = (target: AnyNode): void => {
    switch (target.type) {
      case 'Identifier': {
        const variable = variableAt(file.table, target.name, (target as Ranged).start);
        changes.add(variable < 0 ? ANYTHING : variableChange(file, variable));
        return;
      }
      case 'MemberExpression': {
        const key = keyText(target.property, target.computed);
        const holder = holderText(file, target.object);
        if (key === undefined) changes.add(ELEMENTS + holder).add(ANY_PROPERTY + holder);
        else changes.add(keyChange(key) + holder);
        return;
      }
      case 'ObjectPattern':
        for (const each of target.properties) assigned(each.type === 'Property' ? each.value : each.argument);
        return;
      case 'ArrayPattern':
        for (const each of target.elements) if (each) assigned(each);
        return;
      case 'AssignmentPattern':
        return assigned(target.left);
      case 'RestElement':
        return assigned(target.argument);
      default:
    }
  };
  const visit = (node: AnyNode): void => {
    if (isOther?.(node) === true) return;
    switch (node.type) {
      case 'AssignmentExpression':
        assigned(node.left);
        break;
      case 'UpdateExpression':
        assigned(node.argument);
        break;
      case 'VariableDeclarator':
        assigned(node.id);
        break;
      case 'ForOfStatement':
      case 'ForInStatement':
        if (node.left.type !== 'VariableDeclaration') assigned(node.left);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') assigned(plain(node.argument));
        break;
      case 'CallExpression':
      case 'NewExpression': {
        const callee = plain(node.callee);
        if (callee.type === 'MemberExpression') {
          const name = keyText(callee.property, callee.computed) ?? '';
          const holder = holderText(file, callee.object);
          // of an object that is known only that one changes, where the method is the language's
          if (holder !== '' && CHANGING.test(name)) changes.add(ELEMENTS + holder);
          calls.add(holder !== '' && CHANGING.test(name) ? `!${name}` : `.${name}`);
        } else if (callee.type === 'Identifier') {
          // whoever is in a variable may be any function
          const isOwn = variableAt(file.table, callee.name, (callee as Ranged).start) >= 0;
          calls.add(`${isOwn ? '?' : '.'}${callee.name}`);
        }
        break;
      }
      default:
    }
    for (const child of Object.values(node) as unknown[])
      for (const each of Array.isArray(child) ? (child as unknown[]) : [child])
        if (isNode(each)) visit(each as AnyNode);
  };
  visit(root);
  return { changes, calls };
}
