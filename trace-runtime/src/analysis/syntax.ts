/** A source's syntax tree, asked by places: which node an op stands for, what stands around a node. */
import type { AnyNode } from 'acorn';
import { isNode, type ParsedSource, type Ranged } from '../evaluate/parsed-source.ts';
import type { SiteTable } from '../model/sites.ts';

export type Of<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>;

export class Syntax {
  /** each before those in it; in the order of the text */
  private readonly nodes: Ranged[] = [];
  private readonly parents = new Map<AnyNode, Ranged>();

  constructor(readonly source: ParsedSource) {
    const queue: [Ranged, Ranged | undefined][] = [[source.program as Ranged, undefined]];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [node, parent] = next;
      this.nodes.push(node);
      if (parent) this.parents.set(node, parent);
      const children = childrenOf(node);
      for (let i = children.length - 1; i >= 0; i--) queue.push([children[i]!, node]);
    }
  }

  /** All nodes, in the order of the text. */
  get all(): readonly Ranged[] {
    return this.nodes;
  }

  parentOf(node: AnyNode): Ranged | undefined {
    return this.parents.get(node);
  }

  /** The ancestors of a node, innermost first. */
  *around(node: AnyNode): Generator<Ranged, void> {
    for (let at = this.parents.get(node); at; at = this.parents.get(at)) yield at;
  }

  /** The outermost node within the range: what an op of that range stands for. */
  within(start: number, end: number): Ranged | undefined {
    for (let i = this.from(start); i < this.nodes.length && this.nodes[i]!.start < end; i++)
      if (this.nodes[i]!.end <= end) return this.nodes[i];
    return undefined;
  }

  /** The outermost node of those types within the range. */
  typed<T extends AnyNode['type']>(start: number, end: number, ...types: readonly T[]): Of<T> | undefined {
    for (let i = this.from(start); i < this.nodes.length && this.nodes[i]!.start < Math.max(end, start + 1); i++) {
      const node = this.nodes[i]!;
      if (node.end <= end && (types as readonly string[]).includes(node.type)) return node as unknown as Of<T>;
    }
    return undefined;
  }

  /** Nodes that begin in the range, each before those in it. */
  *beginning(start: number, end: number): Generator<Ranged, void> {
    for (let i = this.from(start); i < this.nodes.length && this.nodes[i]!.start < end; i++) yield this.nodes[i]!;
  }

  /** All nodes inside one, itself first; functions and classes in it left out, unless it is one. */
  *inside(node: AnyNode): Generator<Ranged, void> {
    const queue: Ranged[] = [node as Ranged];
    for (let next = queue.pop(); next; next = queue.pop()) {
      yield next;
      if (next !== node && (isFunction(next) || isClass(next))) continue;
      const children = childrenOf(next);
      for (let i = children.length - 1; i >= 0; i--) queue.push(children[i]!);
    }
  }

  /** The function that the node stands in; undefined where it is the file's own code. */
  functionAround(node: AnyNode): FunctionNode | undefined {
    for (const at of this.around(node)) if (isFunction(at)) return at;
    return undefined;
  }

  text({ start, end }: { readonly start: number; readonly end: number }): string {
    return this.source.text.slice(start, end);
  }

  /** For people: as the developer wrote it, where the text was made from another. */
  written(range: { readonly start: number; readonly end: number }): string {
    return this.source.original?.text(range.start, range.end) ?? this.text(range);
  }

  /** The first node that begins there or behind. */
  private from(start: number): number {
    let low = 0;
    let high = this.nodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.nodes[middle]!.start < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export type FunctionNode = Of<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>;

export function isFunction(node: AnyNode): node is FunctionNode & Ranged {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: AnyNode): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** In the order of the text. */
export function childrenOf(node: Ranged): Ranged[] {
  const children: Ranged[] = [];
  for (const child of Object.values(node) as unknown[]) {
    if (Array.isArray(child)) {
      for (const each of child) if (isNode(each)) children.push(each as Ranged);
    } else if (isNode(child)) children.push(child as Ranged);
  }
  // a shorthand property has one node twice
  const own = children.filter((child, i) => children.indexOf(child) === i);
  return own.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The variable that a name at the offset means: its index in the site table; -1 where it is none of the file's. */
export function variableAt(table: SiteTable, name: string, offset: number): number {
  const { scopes, variables } = table;
  let best = -1;
  let depth = -1;
  for (const index of namesOf(table).get(name) ?? []) {
    const variable = variables[index]!;
    const scope = scopes[variable.scope]!;
    if (variable.scope !== 0 && (offset < scope.start || offset >= scope.end)) continue;
    let own = 0;
    for (let at = scope.parent; at >= 0; at = scopes[at]!.parent) own++;
    if (own > depth) [best, depth] = [index, own];
  }
  return best;
}

const names = new WeakMap<SiteTable, Map<string, number[]>>();

/** The variables of each name. */
function namesOf(table: SiteTable): Map<string, number[]> {
  const known = names.get(table);
  if (known) return known;
  const made = new Map<string, number[]>();
  table.variables.forEach(({ name }, index) => {
    const list = made.get(name);
    if (list) list.push(index);
    else made.set(name, [index]);
  });
  names.set(table, made);
  return made;
}

/** Without what changes no value. */
export function plain(node: AnyNode): AnyNode {
  return node.type === 'ParenthesizedExpression' || node.type === 'ChainExpression' ? plain(node.expression) : node;
}

/** The name of a property that the text itself gives; undefined where it is computed. */
export function keyText(key: AnyNode, computed: boolean): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  if (key.type === 'Literal') return String(key.value);
  return !computed && key.type === 'Identifier' ? key.name : undefined;
}
