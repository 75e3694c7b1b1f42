/** What a write of a variable takes its value from: an initialiser, the right side of an assignment, a part of either. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import { keyText, type FunctionNode, isFunction, type Of, type Syntax } from './syntax.ts';

/** A step into the value: a key, and the default that stands for undefined. */
export interface PatternStep {
  readonly key: string | undefined;
  readonly fallback: AnyNode | undefined;
}

export interface Taken {
  readonly steps: readonly PatternStep[];
  /** it collects what the pattern leaves: elements from an index on, or properties */
  readonly rest: { readonly from: number } | 'object' | undefined;
}

export type Binding =
  | ({ readonly kind: 'source'; readonly node: AnyNode; readonly from: AnyNode } & Taken)
  | ({ readonly kind: 'parameter'; readonly node: FunctionNode; readonly index: number } & Taken)
  /** of a `for` over elements or keys */
  | ({ readonly kind: 'loop'; readonly node: Of<'ForOfStatement' | 'ForInStatement'> } & Taken)
  | ({ readonly kind: 'catch'; readonly node: AnyNode } & Taken)
  /** declared without a value */
  | { readonly kind: 'none'; readonly node: AnyNode };

interface Range {
  readonly start: number;
  readonly end: number;
}

const WHOLE: Taken = { steps: [], rest: undefined };

/** What an op that writes the variable stands for; undefined where it is a function's or class's own declaration. */
export function bindingOf(
  syntax: Syntax,
  { table }: LoadedFile,
  op: Range & { readonly k: string },
  variable: number,
): Binding | undefined {
  const { name } = table.variables[variable]!;
  if (op.k === 'enter') return parameterOf(syntax, table.functions[(op as { function?: number }).function ?? -1], name);
  const exact = syntax.typed(
    op.start,
    op.end,
    'VariableDeclarator',
    'AssignmentExpression',
    'UpdateExpression',
    'FunctionDeclaration',
    'ClassDeclaration',
  );
  const outermost = syntax.within(op.start, op.end);
  if (!outermost) return undefined;
  if (op.k === 'closure') return closureOf(syntax, outermost, name);
  if (exact && exact.start === outermost.start && isOf(exact, name)) return ofNode(syntax, exact, name);
  for (const node of [outermost, ...syntax.around(outermost)]) {
    if (node.type === 'VariableDeclarator' || node.type === 'AssignmentExpression') {
      if (isOf(node, name)) return ofNode(syntax, node, name);
    } else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') {
      const taken = takenBy(node.left, name);
      if (taken) return { kind: 'loop', node, ...taken };
    } else if (node.type === 'CatchClause' && node.param) {
      const taken = takenBy(node.param, name);
      if (taken) return { kind: 'catch', node, ...taken };
    } else if (isFunction(node)) return ofParameters(node, name);
  }
  return undefined;
}

function closureOf(syntax: Syntax, node: AnyNode, name: string): Binding | undefined {
  const parent = syntax.parentOf(node);
  if (node.type === 'FunctionDeclaration' || !parent) return undefined;
  return parent.type === 'VariableDeclarator' || parent.type === 'AssignmentExpression'
    ? ofNode(syntax, parent, name)
    : undefined;
}

function isOf(node: AnyNode, name: string): boolean {
  switch (node.type) {
    case 'VariableDeclarator':
      return takenBy(node.id, name) !== undefined;
    case 'AssignmentExpression':
      return takenBy(node.left, name) !== undefined;
    case 'UpdateExpression':
      return node.argument.type === 'Identifier' && node.argument.name === name;
    default:
      return false;
  }
}

function ofNode(syntax: Syntax, node: AnyNode, name: string): Binding | undefined {
  if (node.type === 'UpdateExpression') return { kind: 'source', node, from: node, ...WHOLE };
  if (node.type === 'AssignmentExpression')
    return { kind: 'source', node, from: node.right, ...(takenBy(node.left, name) ?? WHOLE) };
  if (node.type !== 'VariableDeclarator') return undefined;
  const taken = takenBy(node.id, name) ?? WHOLE;
  const list = syntax.parentOf(node);
  const loop = list && syntax.parentOf(list);
  if ((loop?.type === 'ForOfStatement' || loop?.type === 'ForInStatement') && loop.left === list)
    return { kind: 'loop', node: loop, ...taken };
  return node.init ? { kind: 'source', node, from: node.init, ...taken } : { kind: 'none', node };
}

function parameterOf(syntax: Syntax, site: Range | undefined, name: string): Binding | undefined {
  const node = site && functionAt(syntax, site);
  return node && ofParameters(node, name);
}

/** A method's site begins at its name, its function behind it. */
export function functionAt(syntax: Syntax, { start, end }: Range): FunctionNode | undefined {
  const found = syntax.typed(start, end, 'FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression');
  return found?.end === end ? found : undefined;
}

function ofParameters(node: FunctionNode, name: string): Binding | undefined {
  // the last of two of one name is the one that is seen
  for (let index = node.params.length - 1; index >= 0; index--) {
    const taken = takenBy(node.params[index]!, name);
    if (taken) return { kind: 'parameter', node, index, ...taken };
  }
  return undefined;
}

/** How a pattern takes the value for the name out of what it is given; undefined where it has no such name. */
export function takenBy(pattern: AnyNode, name: string): Taken | undefined {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === name ? WHOLE : undefined;
    case 'VariableDeclaration':
      return pattern.declarations[0] && takenBy(pattern.declarations[0].id, name);
    case 'AssignmentPattern':
      return prefixed(takenBy(pattern.left, name), { key: undefined, fallback: pattern.right });
    case 'RestElement': {
      const taken = takenBy(pattern.argument, name);
      return taken && { ...taken, rest: { from: 0 } };
    }
    case 'ObjectPattern':
      for (const each of pattern.properties) {
        if (each.type === 'RestElement') {
          const taken = takenBy(each.argument, name);
          if (taken) return { ...taken, rest: 'object' };
          continue;
        }
        const key = keyText(each.key, each.computed);
        const taken = takenBy(each.value, name);
        if (taken) return key === undefined ? undefined : prefixed(taken, { key, fallback: undefined });
      }
      return undefined;
    case 'ArrayPattern':
      for (const [i, each] of pattern.elements.entries()) {
        const taken = each && takenBy(each, name);
        if (!taken) continue;
        if (each.type === 'RestElement') return { ...taken, rest: { from: i } };
        return prefixed(taken, { key: String(i), fallback: undefined });
      }
      return undefined;
    default:
      return undefined;
  }
}

function prefixed(taken: Taken | undefined, step: PatternStep): Taken | undefined {
  return taken && { ...taken, steps: [step, ...taken.steps] };
}
