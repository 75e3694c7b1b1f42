/** JSON made smaller as a tree: level by level (hierarchical delta debugging, Misherghi and Su 2006), then by its like within. */
import { reduceList, type First } from './search.ts';

export interface JsonNode {
  readonly kind: 'array' | 'object' | 'scalar';
  readonly entries: readonly JsonEntry[];
  /** of a scalar */
  readonly value: unknown;
}

interface JsonEntry {
  readonly key: string;
  readonly node: JsonNode;
}

/** undefined: it is no JSON, or a scalar alone. */
export function parseJson(text: string): JsonNode | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return nodeOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function nodeOf(value: unknown): JsonNode {
  if (Array.isArray(value)) {
    const entries = value.map((each: unknown) => ({ key: '', node: nodeOf(each) }));
    return { kind: 'array', entries, value: undefined };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', entries: [], value };
  const entries = Object.entries(value).map(([key, each]) => ({ key, node: nodeOf(each) }));
  return { kind: 'object', entries, value: undefined };
}

/** `indent`: blanks for each level; 0: all in one line. */
export function writeJson({ kind, entries, value }: JsonNode, indent = 0, depth = 1): string {
  if (kind === 'scalar') return JSON.stringify(value);
  const [open, close] = kind === 'array' ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return open + close;
  const [before, after] =
    indent === 0 ? ['', ''] : [`\n${' '.repeat(indent * depth)}`, `\n${' '.repeat(indent * (depth - 1))}`];
  const gap = indent === 0 ? '' : ' ';
  const parts = entries.map(({ key, node }) => {
    const text = writeJson(node, indent, depth + 1);
    return before + (kind === 'array' ? text : `${JSON.stringify(key)}:${gap}${text}`);
  });
  return open + parts.join(',') + after + close;
}

/** Members and elements left out, and subtrees put in the place of what holds them. */
export async function reduceJson(node: JsonNode, first: First<JsonNode>): Promise<JsonNode> {
  let best = await descend(node, first);
  for (let depth = 1; ; depth++) {
    const level = entriesAt(best, depth);
    if (level.length === 0) break;
    const tree = best;
    const kept = await reduceList(level, (candidates) =>
      first(candidates.map((each) => withEntries(tree, depth, new Set(each)))),
    );
    best = withEntries(tree, depth, new Set(kept));
  }
  return hoist(best, first);
}

/**
 * Nodes that hold nodes of their own shape, as expressions and folders do: each gives way to what ends such a nesting in the tree,
 * else to one below it. So a deep tree needs few tries, before its levels are looked at, where most of each would be needed.
 */
async function descend(node: JsonNode, first: First<JsonNode>): Promise<JsonNode> {
  let best = node;
  const leaves = leavesOf(node);
  if (leaves === undefined) return node;
  for (let open: Path[] = [[]]; open.length > 0;) {
    const path = open.shift()!;
    const whole = at(best, path);
    const base = best;
    const inner = nestedIn(whole);
    const given = inner.length === 0 ? [] : [...(path.length === 0 ? [] : leaves), ...inner];
    const candidates = given.map((each) => replaced(base, path, each));
    const found = candidates.length === 0 ? -1 : await first(candidates);
    if (found < 0) open.push(...whole.entries.map((_, index) => [...path, index]));
    else {
      best = candidates[found]!;
      open = [path, ...open];
    }
  }
  return best;
}

/** Below it, without another of its shape between them. */
function nestedIn(node: JsonNode): readonly JsonNode[] {
  const shape = shapeOf(node);
  const found: JsonNode[] = [];
  for (let open = node.entries; open.length > 0 && shape !== undefined && found.length < MOST_ALIKE;) {
    const next: JsonEntry[] = [];
    for (const entry of open)
      if (shapeOf(entry.node) === shape) found.push(entry.node);
      else next.push(...entry.node.entries);
    open = next;
  }
  return found.slice(0, MOST_ALIKE);
}

/** What stands where nodes of their holder's shape stand, too: the shortest of each shape. undefined: nothing nests. */
function leavesOf(node: JsonNode): readonly JsonNode[] | undefined {
  const nesting = new Set<string>();
  const others = new Map<string, Map<string, JsonNode>>();
  const walk = (holder: JsonNode): void => {
    for (const { key, node: each } of holder.entries) {
      const place = `${shapeOf(holder)} ${key}`;
      if (shapeOf(each) !== undefined && shapeOf(each) === shapeOf(holder)) nesting.add(place);
      else {
        const kind = shapeOf(each) ?? `${each.kind} ${typeof each.value}`;
        const known = others.get(place) ?? new Map<string, JsonNode>();
        others.set(place, known);
        const before = known.get(kind);
        if (!before || writeJson(each).length < writeJson(before).length) known.set(kind, each);
      }
      walk(each);
    }
  };
  walk(node);
  if (nesting.size === 0) return undefined;
  const all = [...nesting].flatMap((place) => [...(others.get(place)?.values() ?? [])]);
  const byText = new Map(all.map((each) => [writeJson(each), each]));
  return [...byText.entries()]
    .toSorted(([a], [b]) => a.length - b.length)
    .map(([, each]) => each)
    .slice(0, MOST_OTHERS);
}

/** Of an object: its keys. undefined: it has none. */
function shapeOf({ kind, entries }: JsonNode): string | undefined {
  return kind === 'object' && entries.length > 0
    ? entries
        .map(({ key }) => key)
        .toSorted()
        .join()
    : undefined;
}

/** Strings without their letters, numbers without their digits. */
export async function reduceScalars(node: JsonNode, first: First<JsonNode>): Promise<JsonNode> {
  let best = node;
  for (const { path, value } of scalarsOf(node)) {
    const base = best;
    const put = (given: unknown): JsonNode => replaced(base, path, { kind: 'scalar', entries: [], value: given });
    if (typeof value === 'number') {
      const candidates = smallerNumbers(value).map(put);
      const found = candidates.length === 0 ? -1 : await first(candidates);
      if (found >= 0) best = candidates[found]!;
    } else if (typeof value === 'string') {
      const kept = await reduceList([...value], (lists) => first(lists.map((list) => put(list.join('')))));
      best = put(kept.join(''));
    }
  }
  return best;
}

function smallerNumbers(value: number): readonly number[] {
  const text = String(value);
  const digits = text.replace(/^-/, '').length;
  const all = [0, Math.sign(value), Math.trunc(value), Number(text.slice(0, text.startsWith('-') ? 2 : 1))];
  return [...new Set(all)].filter((each) => !Number.isNaN(each) && String(each).replace(/^-/, '').length < digits);
}

function entriesAt(node: JsonNode, depth: number): readonly JsonEntry[] {
  return depth === 1 ? node.entries : node.entries.flatMap((entry) => entriesAt(entry.node, depth - 1));
}

function withEntries(node: JsonNode, depth: number, kept: ReadonlySet<JsonEntry>): JsonNode {
  if (node.kind === 'scalar') return node;
  if (depth === 1) return { ...node, entries: node.entries.filter((entry) => kept.has(entry)) };
  return {
    ...node,
    entries: node.entries.map(({ key, node: below }) => ({ key, node: withEntries(below, depth - 1, kept) })),
  };
}

type Path = readonly number[];

/** Trees in trees: a node gives way to one below it, first to one that looks like it. */
async function hoist(node: JsonNode, first: First<JsonNode>): Promise<JsonNode> {
  let best = node;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const path of containersOf(best)) {
      const whole = at(best, path);
      const below = containersOf(whole)
        .slice(1)
        .map((each) => at(whole, each));
      const inner = below.filter(({ kind }) => kind === whole.kind);
      const alike = inner.filter((each) => isAlike(whole, each)).slice(0, MOST_ALIKE);
      const others = inner.filter((each) => !isAlike(whole, each)).slice(0, MOST_OTHERS);
      const candidates = [...alike, ...others].map((each) => replaced(best, path, each));
      const found = candidates.length === 0 ? -1 : await first(candidates);
      if (found < 0) continue;
      best = candidates[found]!;
      isSmaller = true;
      break;
    }
  }
  return best;
}

const MOST_ALIKE = 12;
const MOST_OTHERS = 3;

function isAlike(a: JsonNode, b: JsonNode): boolean {
  return a.kind === 'array' || b.entries.some(({ key }) => a.entries.some((entry) => entry.key === key));
}

/** Breadth first: what holds most comes first. */
function containersOf(node: JsonNode): readonly Path[] {
  const found: Path[] = [];
  for (let open: readonly Path[] = [[]]; open.length > 0;) {
    const filled = open.filter((path) => at(node, path).entries.length > 0);
    found.push(...filled);
    open = filled.flatMap((path) => at(node, path).entries.map((_, index) => [...path, index]));
  }
  return found;
}

function scalarsOf(node: JsonNode, path: Path = []): readonly { readonly path: Path; readonly value: unknown }[] {
  if (node.kind === 'scalar') return [{ path, value: node.value }];
  return node.entries.flatMap((entry, index) => scalarsOf(entry.node, [...path, index]));
}

function at(node: JsonNode, path: Path): JsonNode {
  return path.reduce((found, index) => found.entries[index]!.node, node);
}

function replaced(node: JsonNode, path: Path, by: JsonNode): JsonNode {
  const [index, ...below] = path;
  if (index === undefined) return by;
  const entries = node.entries.map((entry, each) =>
    each === index ? { ...entry, node: replaced(entry.node, below, by) } : entry,
  );
  return { ...node, entries };
}
