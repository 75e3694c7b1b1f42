/**
 * The rows of a call tree of which only a part is known: children come in pages, when they come into sight. What is open
 * is kept in order, so that a row is found without going over all others.
 */
import type { CallAnswer, CallTreeAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';

export const PAGE = 100;

/** Somebody's children, where they are shown. */
export class Branch {
  /** undefined until the first page is known */
  total: number | undefined;
  readonly pages = new Map<number, readonly CallAnswer[]>();
  /** children whose own children are shown, by their place among them */
  readonly open: { readonly index: number; readonly branch: Branch }[] = [];

  constructor(
    /** 0: whom nobody called */
    readonly call: number,
    readonly above: Branch | undefined,
  ) {}

  /** Rows of its children and of what is open below them; one while it is not known. */
  get rows(): number {
    return this.open.reduce((sum, { branch }) => sum + branch.rows, this.total ?? 1);
  }

  child(index: number): CallAnswer | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  opened(index: number): Branch | undefined {
    return this.open.find((each) => each.index === index)?.branch;
  }
}

/** A row: a child of somebody's. */
export interface TreeRow {
  readonly branch: Branch;
  readonly index: number;
  /** from 1 */
  readonly level: number;
  /** undefined until it is known */
  readonly call: CallAnswer | undefined;
  readonly isOpen: boolean;
}

export class TreeRows {
  root = new Branch(0, undefined);
  private readonly branches = new Map<number, Branch>([[0, this.root]]);

  get count(): number {
    return this.root.rows;
  }

  clear(): void {
    this.root = new Branch(0, undefined);
    this.branches.clear();
    this.branches.set(0, this.root);
  }

  /** Rows from one on; those that are there. */
  between(first: number, count: number): TreeRow[] {
    const found: TreeRow[] = [];
    collect(this.root, 1, Math.max(0, first), count, found);
    return found;
  }

  row(index: number): TreeRow | undefined {
    return this.between(index, 1)[0];
  }

  /** Number of the row that shows a branch's child; undefined where the branch is not shown. */
  indexOf(branch: Branch, index: number): number | undefined {
    let at = index;
    for (const each of branch.open) if (each.index < index) at += each.branch.rows;
    if (branch.above === undefined) return branch === this.root ? at : undefined;
    const own = branch.above.open.find((each) => each.branch === branch);
    const above = own && this.indexOf(branch.above, own.index);
    return above === undefined ? undefined : above + 1 + at;
  }

  /** Shows the children of a branch's child; undefined where it is not known, or has none. */
  open(branch: Branch, index: number): Branch | undefined {
    const known = branch.opened(index);
    if (known !== undefined) return known;
    const call = branch.child(index);
    if (call === undefined || !call.hasChildren) return undefined;
    const own = new Branch(call.call, branch);
    branch.open.push({ index, branch: own });
    branch.open.sort((a, b) => a.index - b.index);
    this.branches.set(call.call, own);
    return own;
  }

  close(branch: Branch, index: number): void {
    const at = branch.open.findIndex((each) => each.index === index);
    if (at < 0) return;
    const [closed] = branch.open.splice(at, 1);
    this.forget(closed!.branch);
  }

  private forget(branch: Branch): void {
    this.branches.delete(branch.call);
    for (const each of branch.open) this.forget(each.branch);
  }

  /** Whether somebody's children are shown, and the one at the place is known. */
  knows(parent: number, index: number): boolean {
    return this.branches.get(parent)?.child(index) !== undefined;
  }

  /** A page of somebody's children, which may have been closed since it was asked for. */
  learn({ parent, total, start, calls }: CallTreeAnswer): void {
    const branch = this.branches.get(parent);
    if (branch === undefined) return;
    branch.total = total;
    branch.pages.set(Math.floor(start / PAGE), calls);
  }

  /** Pages that the rows lack. */
  missing(rows: readonly TreeRow[]): { readonly parent: number; readonly start: number }[] {
    const wanted = new Map<string, { readonly parent: number; readonly start: number }>();
    for (const { branch, index, call } of rows) {
      if (call !== undefined) continue;
      const start = Math.floor(index / PAGE) * PAGE;
      wanted.set(`${branch.call} ${start}`, { parent: branch.call, start });
    }
    return [...wanted.values()];
  }
}

/** `first`: among the rows of the branch. */
function collect(branch: Branch, level: number, first: number, count: number, found: TreeRow[]): void {
  const total = branch.total ?? 1;
  let row = 0;
  let child = 0;
  for (const next of [...branch.open, undefined]) {
    const end = next === undefined ? total : next.index + 1;
    for (let i = Math.max(child, child + first - row); i < end; i++) {
      if (found.length >= count) return;
      found.push({ branch, index: i, level, call: branch.child(i), isOpen: i === next?.index });
    }
    row += end - child;
    child = end;
    if (next === undefined) return;
    const { rows } = next.branch;
    if (first < row + rows && found.length < count)
      collect(next.branch, level + 1, Math.max(0, first - row), count, found);
    row += rows;
    if (found.length >= count) return;
  }
}
