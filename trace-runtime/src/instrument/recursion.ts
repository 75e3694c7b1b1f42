/**
 * Functions that may be on the stack more than once, as far as the names in their file tell: a call of a name may reach each
 * function of that name, whatever object it belongs to. Where the stack overflows it is full of such functions.
 */
import { ts } from 'ts-morph';
import { isFunction } from './bindings.ts';

/** Called by the language, and through it by the functions themselves. */
const BY_LANGUAGE: ReadonlySet<string> = new Set(['toJSON', 'toString', 'valueOf', 'toPrimitive', 'iterator']);

interface Named {
  readonly node: ts.Node;
  /** its own, or that of the nearest function around it that has one */
  readonly name: string;
  /** names that it, or a function within it, calls or hands on */
  readonly calls: Set<string>;
  /** names of properties that are read there: of accessors, calls */
  readonly reads: Set<string>;
}

export function recursiveFunctions(file: ts.SourceFile): ReadonlySet<ts.Node> {
  const functions: Named[] = [];
  const accessors = new Set<string>();
  const around: Named[] = [];

  function visit(node: ts.Node): void {
    if (!isFunction(node)) {
      note(node);
      node.forEachChild(visit);
      return;
    }
    if (ts.isAccessor(node)) accessors.add(textOf(node.name));
    const name = nameOf(node) ?? around.at(-1)?.name ?? '';
    const found: Named = { node, name, calls: new Set(), reads: new Set() };
    functions.push(found);
    around.push(found);
    node.forEachChild(visit);
    around.pop();
    const outer = around.at(-1);
    for (const each of found.calls) outer?.calls.add(each);
    for (const each of found.reads) outer?.reads.add(each);
  }

  function note(node: ts.Node): void {
    const at = around.at(-1);
    if (!at) return;
    if (ts.isPropertyAccessExpression(node)) at.reads.add(node.name.text);
    if (ts.isTaggedTemplateExpression(node)) at.calls.add(textOf(node.tag));
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    at.calls.add(textOf(node.expression));
    for (const argument of node.arguments ?? []) at.calls.add(textOf(argument));
  }

  file.forEachChild(visit);
  for (const { calls, reads } of functions) for (const name of reads) if (accessors.has(name)) calls.add(name);
  const rings = ringsOf(functions);
  const recurs = ({ name, calls }: Named): boolean => {
    const ring = rings.get(name);
    return BY_LANGUAGE.has(name) || (ring !== undefined && [...calls].some((each) => rings.get(each) === ring));
  };
  return new Set(functions.filter(recurs).map(({ node }) => node));
}

/** By name: the number of the names that reach each other by calls (Tarjan 1972); none for a name that no function has. */
function ringsOf(functions: readonly Named[]): ReadonlyMap<string, number> {
  const calls = new Map<string, Set<string>>();
  for (const { name, calls: made } of functions) {
    const known = calls.get(name) ?? new Set();
    for (const each of made) known.add(each);
    calls.set(name, known);
  }
  const rings = new Map<string, number>();
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];

  /** Names to come to, and how far each has come: a stack of our own, as a file may call deeper than ours is. */
  function from(first: string): void {
    const path = [enter(first)];
    while (path.length > 0) {
      const { name, left } = path.at(-1)!;
      const next = left.next();
      if (next.done === true) {
        path.pop();
        close(name);
        const caller = path.at(-1)?.name;
        if (caller !== undefined) lower(caller, lowest.get(name)!);
      } else if (!calls.has(next.value)) continue;
      else if (!order.has(next.value)) path.push(enter(next.value));
      else if (!rings.has(next.value)) lower(name, order.get(next.value)!);
    }
  }

  function enter(name: string): { readonly name: string; readonly left: Iterator<string, undefined> } {
    order.set(name, order.size);
    lowest.set(name, order.get(name)!);
    open.push(name);
    return { name, left: calls.get(name)!.values() };
  }

  function lower(name: string, to: number): void {
    lowest.set(name, Math.min(lowest.get(name)!, to));
  }

  function close(name: string): void {
    const ring = order.get(name)!;
    if (lowest.get(name) !== ring) return;
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      rings.set(last, ring);
      if (last === name) return;
    }
  }

  for (const name of calls.keys()) if (!order.has(name)) from(name);
  return rings;
}

function nameOf(node: ts.Node): string | undefined {
  const { name } = node as { readonly name?: ts.Node };
  if (name) return textOf(name);
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return textOf(parent.name);
  return ts.isBinaryExpression(parent) && parent.right === node ? textOf(parent.left) : undefined;
}

/** The last name of it, as `visit` of `this.visit`; '' where it has none. */
function textOf(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isComputedPropertyName(node) || ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return textOf(node.expression);
  return '';
}
