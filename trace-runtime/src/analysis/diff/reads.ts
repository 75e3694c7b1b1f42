/** What a piece of a program reads: names of variables, and properties by name behind them. */
import type { AnyNode } from 'acorn';
import { eachNode, type ParsedSources, type Ranged } from '../../evaluate/parsed-source.ts';
import type { LoadedFile, ScopeInstance } from '../../query/activation.ts';
import { lexicalThis } from '../../query/derive.ts';
import type { StateReader } from '../../query/state.ts';
import type { StreamState } from '../../query/stream-state.ts';
import { Accessor, ObjectValue, type Value } from '../../query/values.ts';

/** A variable or `this`, and names of properties. */
export interface Read {
  readonly text: string;
  readonly path: readonly string[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export class Reads {
  private readonly known = new Map<string, readonly Read[]>();

  constructor(private readonly sources: ParsedSources) {}

  /** All that stands in the range, each once; empty where the source is not known. */
  in(file: LoadedFile, { start, end }: Range): readonly Read[] {
    const name = `${file.hash} ${start} ${end}`;
    let reads = this.known.get(name);
    if (reads === undefined) this.known.set(name, (reads = this.find(file, start, end)));
    return reads;
  }

  private find(file: LoadedFile, start: number, end: number): readonly Read[] {
    const source = this.sources.of(file);
    const found = new Map<string, Read>();
    if (source === undefined) return [];
    const passed = new Set<AnyNode>();
    eachNode(source.program, (node) => {
      if (node.start < start || node.end > end || passed.has(node)) return;
      const path = pathOf(node, passed);
      if (path !== undefined) found.set(path.join('.'), { text: source.text.slice(node.start, node.end), path });
      if (node.type === 'Property' && !node.computed && node.key !== node.value) passed.add(node.key);
    });
    return [...found.values()];
  }

  /** The innermost node of one of the types around a range. */
  around(file: LoadedFile, { start, end }: Range, types: ReadonlySet<string>): Ranged | undefined {
    const source = this.sources.of(file);
    let found: Ranged | undefined;
    if (source === undefined) return undefined;
    eachNode(source.program, (node) => {
      if (types.has(node.type) && node.start <= start && node.end >= end) found = node;
    });
    return found;
  }

  /** The first node of one of the types in a range. */
  inside(file: LoadedFile, { start, end }: Range, types: ReadonlySet<string>): Ranged | undefined {
    const source = this.sources.of(file);
    let found: Ranged | undefined;
    if (source === undefined) return undefined;
    eachNode(source.program, (node) => {
      if (found === undefined && types.has(node.type) && node.start >= start && node.end <= end) found = node;
    });
    return found;
  }

  text(file: LoadedFile, { start, end }: Range): string {
    return this.sources.of(file)?.text.slice(start, end) ?? '';
  }
}

/** Of a chain of names; undefined for anything else. Names of properties are marked as passed: they are no variables. */
function pathOf(node: AnyNode, passed: Set<AnyNode>): string[] | undefined {
  const names: string[] = [];
  const inner: AnyNode[] = [];
  let at: AnyNode = node;
  for (; at.type === 'MemberExpression'; at = at.object) {
    const { property } = at;
    if (!at.computed) passed.add(property);
    if (!at.computed && property.type === 'Identifier') names.unshift(property.name);
    else if (!at.computed && property.type === 'PrivateIdentifier') names.unshift(`#${property.name}`);
    else if (property.type === 'Literal') names.unshift(String(property.value));
    else return undefined;
    inner.push(at.object);
  }
  if (at.type !== 'Identifier' && at.type !== 'ThisExpression') return undefined;
  for (const each of inner) passed.add(each);
  return [at.type === 'Identifier' ? at.name : 'this', ...names];
}

/** What the path names in a scope; undefined where the recording does not tell. */
export function valueAt(
  state: StreamState,
  reader: StateReader,
  scope: ScopeInstance,
  [name, ...properties]: readonly string[],
): { readonly value: Value } | undefined {
  let found = name === 'this' ? { value: lexicalThis(scope) } : variableIn(state, scope, name ?? '');
  for (const property of properties) {
    if (!(found?.value instanceof ObjectValue)) return found;
    const next = reader.property(found.value, property);
    if (next === undefined || next.value instanceof Accessor) return found;
    found = { value: next.value };
  }
  return found;
}

function variableIn(state: StreamState, innermost: ScopeInstance, name: string): { readonly value: Value } | undefined {
  for (let scope: ScopeInstance | undefined = innermost; scope !== undefined; scope = scope.parent) {
    const { scopes, variables } = scope.file.table;
    const slot = scopes[scope.scope]!.variables.findIndex((index) => variables[index]!.name === name);
    if (slot >= 0) return { value: state.links.variable(scope, slot) };
  }
  return undefined;
}
