/**
 * One number for what is the same piece of code in two recordings. Files of one content have the same keys. Of a file that
 * was edited between the runs, functions are matched by their text, name and nesting, and in each pair of functions the
 * ops by the text of their statements.
 */
import { compileTable, type Code } from '../../query/code.ts';
import type { Op, SiteTable } from '../../model/sites.ts';
import { alignSequences } from './sequences.ts';

/** Where one of the recordings keeps its code. */
export interface CodeSource {
  table(hash: string): SiteTable | undefined;
  source(hash: string): string | undefined;
}

export interface FileKeys {
  readonly table: SiteTable;
  readonly code: Code;
  /** by op: its key, negative where the other recording's source has no such op */
  readonly keys: Int32Array;
  /** by op: the innermost statement around it; 0 where there is none */
  readonly statements: Int32Array;
  /** by function: 1 where its own text is another in the other recording */
  readonly edited: Uint8Array;
}

/** A source file by its site table's hash; the path as it is compared. */
export interface NamedFile {
  readonly hash: string;
  readonly path: string;
}

/** Smaller numbers are left to what has no site. */
export const FIRST_KEY = 256;

export class CodeKeys {
  private readonly files: readonly [Map<string, FileKeys>, Map<string, FileKeys>] = [new Map(), new Map()];
  private next = FIRST_KEY;
  /** paths of files that were edited between the runs */
  readonly editedFiles: string[] = [];

  constructor(
    sources: readonly [CodeSource, CodeSource],
    files: readonly [readonly NamedFile[], readonly NamedFile[]],
  ) {
    const partners = new Map(files[1].map(({ hash, path }) => [path, hash]));
    const inB = new Set(files[1].map(({ hash }) => hash));
    for (const { hash, path } of files[0]) {
      if (this.files[0].has(hash)) continue;
      const own = this.add(sources[0], hash);
      if (own === undefined) continue;
      this.files[0].set(hash, own);
      const partner = inB.has(hash) ? hash : partners.get(path);
      if (partner === hash) this.files[1].set(hash, own);
      else if (partner === undefined || path === '') this.markAll(own);
      else if (!this.files[1].has(partner)) this.pair(sources, own, hash, partner, path);
    }
    for (const { hash } of files[1]) {
      if (this.files[1].has(hash)) continue;
      const own = this.add(sources[1], hash);
      if (own === undefined) continue;
      this.files[1].set(hash, own);
      this.markAll(own);
    }
  }

  of(side: 0 | 1, hash: string): FileKeys | undefined {
    return this.files[side].get(hash);
  }

  private add({ table: find }: CodeSource, hash: string): FileKeys | undefined {
    const table = find(hash);
    if (table === undefined) return undefined;
    const keys = new Int32Array(table.ops.length);
    const first = this.next;
    this.next += keys.length;
    const alike = new Map<string, number>();
    table.ops.forEach((op, index) => {
      // a write has several ops where its value can come in several forms
      const name = op.k === 'write' ? `${op.start} ${op.end} ${op.variable}` : undefined;
      const same = name === undefined ? index : (alike.get(name) ?? index);
      if (name !== undefined) alike.set(name, same);
      keys[index] = first + same;
    });
    const edited = new Uint8Array(table.functions.length);
    return { table, code: compileTable(table), keys, statements: statementsOf(table), edited };
  }

  private markAll({ keys, edited }: FileKeys): void {
    for (let op = 0; op < keys.length; op++) keys[op] = -Math.abs(keys[op]!);
    edited.fill(1);
  }

  private pair(
    sources: readonly [CodeSource, CodeSource],
    a: FileKeys,
    hashA: string,
    hashB: string,
    path: string,
  ): void {
    const b = this.add(sources[1], hashB);
    if (b === undefined) return;
    this.files[1].set(hashB, b);
    this.editedFiles.push(path);
    this.markAll(a);
    this.markAll(b);
    const [textA, textB] = [sources[0].source(hashA), sources[1].source(hashB)];
    if (textA === undefined || textB === undefined) return;
    const [one, other] = [new Outline(a.table, textA), new Outline(b.table, textB)];
    for (const [inA, inB] of matchFunctions(one, other)) {
      const isSame = one.ownText(inA) === other.ownText(inB);
      a.edited[inA] = b.edited[inB] = isSame ? 0 : 1;
      for (const [opA, opB] of matchOps(one, inA, other, inB, isSame)) {
        const key = Math.abs(a.keys[opA]!);
        a.keys[opA] = key;
        b.keys[opB] = key;
      }
    }
  }
}

function statementsOf(table: SiteTable): Int32Array {
  const statements = new Int32Array(table.ops.length);
  for (const { firstOp, endOp } of table.functions) {
    // outer statements come before those in them
    const open: { readonly at: number; readonly end: number }[] = [];
    for (let at = firstOp; at < endOp; at++) {
      const op = table.ops[at]!;
      if (!('start' in op)) continue;
      while (open.length > 0 && open.at(-1)!.end < op.end) open.pop();
      if (op.k === 'statement') open.push({ at, end: op.end });
      statements[at] = open.at(-1)?.at ?? 0;
    }
  }
  return statements;
}

/** A file's functions and statements as texts. */
class Outline {
  private readonly children: number[][];

  constructor(
    readonly table: SiteTable,
    readonly source: string,
  ) {
    this.children = table.functions.map(() => []);
    table.functions.forEach(({ parent }, index) => this.children[parent]?.push(index));
  }

  childrenOf(index: number): readonly number[] {
    return this.children[index]!;
  }

  text(index: number): string {
    const { start, end } = this.table.functions[index]!;
    return this.source.slice(start, end);
  }

  /** Without the functions that stand in it. */
  ownText(index: number): string {
    const { start, end } = this.table.functions[index]!;
    return this.without(index, start, end);
  }

  private without(index: number, start: number, end: number): string {
    let text = '';
    let at = start;
    for (const child of this.childrenOf(index)) {
      const inner = this.table.functions[child]!;
      if (inner.start < at || inner.end > end) continue;
      text += `${this.source.slice(at, inner.start)}ƒ`;
      at = inner.end;
    }
    return `${text}${this.source.slice(at, end)}`.replaceAll(/\s+/g, ' ').trim();
  }

  /** A function's ops by statement and arm, each with a text that tells what it is. */
  pieces(index: number): { readonly name: string; readonly ops: readonly number[]; readonly isStatement: boolean }[] {
    const { firstOp, endOp } = this.table.functions[index]!;
    const pieces: { name: string; ops: number[]; isStatement: boolean }[] = [
      { name: 'enter', ops: [], isStatement: false },
    ];
    for (let at = firstOp; at < endOp; at++) {
      const op = this.table.ops[at]!;
      if (op.k === 'statement') pieces.push({ name: this.head(index, at), ops: [at], isStatement: true });
      else if (op.k === 'block' || op.k === 'catch' || op.k === 'finally' || (op.k === 'exit' && at === endOp - 1))
        pieces.push({ name: `${op.k} ${op.k === 'block' ? op.arm : ''}`, ops: [at], isStatement: false });
      else pieces.at(-1)!.ops.push(at);
    }
    return pieces;
  }

  /** A statement's text up to the first statement or arm in it. */
  private head(index: number, at: number): string {
    const { start, end } = this.table.ops[at] as { start: number; end: number };
    let cut = end;
    for (let inner = at + 1; inner < this.table.functions[index]!.endOp; inner++) {
      const op = this.table.ops[inner]!;
      if (op.k !== 'statement' && op.k !== 'block' && op.k !== 'catch') continue;
      if (op.start > start && op.start < cut) cut = op.start;
      if (op.start >= end) break;
    }
    return this.without(index, start, cut);
  }

  /** What an op does, without where it stands. */
  signature(at: number): string {
    const op: Op = this.table.ops[at]!;
    switch (op.k) {
      case 'write':
      case 'catch':
      case 'closure':
        return `${op.k} ${this.table.variables[op.variable]?.name ?? ''}`;
      case 'block':
        return `block ${op.arm}`;
      case 'suspend':
        return `suspend ${op.kind}`;
      case 'set':
        return `set ${op.key.from === 'derived' && op.key.rule.e === 'const' ? String(op.key.rule.value) : ''}`;
      default:
        return op.k;
    }
  }
}

function* matchFunctions(a: Outline, b: Outline): Generator<readonly [number, number]> {
  const open: (readonly [number, number])[] = [[0, 0]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    yield pair;
    const [ofA, ofB] = [a.childrenOf(pair[0]), b.childrenOf(pair[1])];
    const named = (outline: Outline) => (index: number) => {
      const { kind, name } = outline.table.functions[index]!;
      return `${kind} ${name}`;
    };
    const full = (outline: Outline) => (index: number) => `${named(outline)(index)} ${outline.text(index)}`;
    for (const [x, y] of inStages(ofA, ofB, [full, named], a, b)) open.push([x, y]);
  }
}

type Naming = (outline: Outline) => (entry: number) => string;

/** Pairs entries that are equal by the first naming, and in the gaps between them those that are by the next. */
function inStages(
  ofA: readonly number[],
  ofB: readonly number[],
  [naming, ...rest]: readonly Naming[],
  a: Outline,
  b: Outline,
): (readonly [number, number])[] {
  if (naming === undefined) return [];
  const pairs = alignNames(ofA.map(naming(a)), ofB.map(naming(b)));
  const found: (readonly [number, number])[] = [];
  let [fromA, fromB] = [0, 0];
  for (const [x, y] of [...pairs, [ofA.length, ofB.length] as const]) {
    found.push(...inStages(ofA.slice(fromA, x), ofB.slice(fromB, y), rest, a, b));
    if (x < ofA.length) found.push([ofA[x]!, ofB[y]!]);
    [fromA, fromB] = [x + 1, y + 1];
  }
  return found;
}

function alignNames(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const numbers = new Map<string, number>();
  const number = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  const found: (readonly [number, number])[] = [];
  alignSequences(a.map(number), b.map(number)).forEach((y, x) => {
    if (y >= 0) found.push([x, y]);
  });
  return found;
}

function* matchOps(
  a: Outline,
  inA: number,
  b: Outline,
  inB: number,
  isSame: boolean,
): Generator<readonly [number, number]> {
  const [one, other] = [a.table.functions[inA]!, b.table.functions[inB]!];
  if (isSame && one.endOp - one.firstOp === other.endOp - other.firstOp) {
    for (let i = 0; one.firstOp + i < one.endOp; i++) yield [one.firstOp + i, other.firstOp + i];
    return;
  }
  const [piecesA, piecesB] = [a.pieces(inA), b.pieces(inB)];
  const does = (outline: Outline, ops: readonly number[]) => ops.map((op) => outline.signature(op));
  const anchors = alignNames(
    piecesA.map(({ name }) => name),
    piecesB.map(({ name }) => name),
  );
  let [fromA, fromB] = [0, 0];
  for (const [x, y] of [...anchors, [piecesA.length, piecesB.length] as const]) {
    // statements that were changed: what they do is the same, or there is only one on either side
    const [gapA, gapB] = [piecesA.slice(fromA, x), piecesB.slice(fromB, y)];
    const changed =
      gapA.length === 1 && gapB.length === 1 && gapA[0]!.isStatement === gapB[0]!.isStatement
        ? [[0, 0] as const]
        : alignNames(
            gapA.map(({ ops }) => does(a, ops).join()),
            gapB.map(({ ops }) => does(b, ops).join()),
          );
    const pairs = changed.map(([i, j]) => [gapA[i]!, gapB[j]!] as const);
    if (x < piecesA.length) pairs.push([piecesA[x]!, piecesB[y]!]);
    for (const [pieceA, pieceB] of pairs)
      for (const [i, j] of alignNames(does(a, pieceA.ops), does(b, pieceB.ops))) yield [pieceA.ops[i]!, pieceB.ops[j]!];
    [fromA, fromB] = [x + 1, y + 1];
  }
}
