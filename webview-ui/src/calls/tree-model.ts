/** The call tree: which of it is shown, what of it is known, and which row is chosen. */
import { signal } from '@preact/signals';
import type { CallPathAnswer, CallTreeAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { PAGE, TreeRows, type Branch, type TreeRow } from './tree-rows.ts';

type AskChildren = (parent: number, start: number, count: number) => Promise<CallTreeAnswer>;
type AskPath = (call: number) => Promise<CallPathAnswer>;

export class TreeModel {
  readonly rows = new TreeRows();
  /** changes whenever rows do */
  readonly version = signal(0);
  readonly chosen = signal(0);
  /** a row that is to be scrolled into sight */
  readonly revealed = signal<number | undefined>(undefined);
  private readonly asked = new Map<string, Promise<void>>();
  private epoch = 0;
  private reveals = 0;

  constructor(
    private readonly askChildren: AskChildren,
    private readonly askPath: AskPath,
  ) {}

  clear(): void {
    this.epoch++;
    this.asked.clear();
    this.rows.clear();
    this.chosen.value = 0;
    this.revealed.value = undefined;
    this.version.value = this.version.peek() + 1;
  }

  /** Rows in sight; what of them is not known is asked for. */
  visible(first: number, count: number): TreeRow[] {
    const rows = this.rows.between(first, count);
    for (const { parent, start } of this.rows.missing(rows)) void this.page(parent, start);
    return rows;
  }

  choose(row: number): void {
    const index = Math.min(this.rows.count - 1, Math.max(0, row));
    this.chosen.value = index;
    this.revealed.value = index;
  }

  toggle({ branch, index, isOpen }: TreeRow): void {
    if (isOpen) this.rows.close(branch, index);
    else this.rows.open(branch, index);
    this.version.value = this.version.peek() + 1;
  }

  /** Opens, or goes to the first child of what is open. */
  right(row: TreeRow): void {
    if (row.call?.hasChildren !== true) return;
    if (row.isOpen) this.choose(this.chosen.value + 1);
    else this.toggle(row);
  }

  /** Closes, or goes to the caller. */
  left(row: TreeRow): void {
    if (row.isOpen) return this.toggle(row);
    const { above, call } = row.branch;
    const own = above?.open.find(({ branch }) => branch.call === call);
    const index = above && own && this.rows.indexOf(above, own.index);
    if (index !== undefined) this.choose(index);
  }

  /** Opens the callers of a call and chooses it; its level, undefined where it is not to be found. */
  async reveal(call: number): Promise<number | undefined> {
    const { epoch, rows } = this;
    const reveal = ++this.reveals;
    try {
      const { path } = await this.askPath(call);
      const pages = await Promise.all(
        path.map(({ index }, level) => {
          const parent = path[level - 1]?.call.call ?? 0;
          return rows.knows(parent, index) ? undefined : this.askChildren(parent, index - (index % PAGE), PAGE);
        }),
      );
      if (epoch !== this.epoch || reveal !== this.reveals) return undefined;
      let branch: Branch | undefined = rows.root;
      let row: number | undefined;
      for (const [level, { index }] of path.entries()) {
        if (branch === undefined) return undefined;
        const page = pages[level];
        if (page !== undefined) rows.learn(page);
        if (level === path.length - 1) row = rows.indexOf(branch, index);
        else branch = rows.open(branch, index);
      }
      if (row === undefined) return undefined;
      this.version.value = this.version.peek() + 1;
      this.choose(row);
      return path.length;
    } catch {
      return undefined;
    }
  }

  private page(parent: number, start: number): Promise<void> {
    const key = `${parent} ${start}`;
    const known = this.asked.get(key);
    if (known !== undefined) return known;
    const { epoch } = this;
    const asked = this.askChildren(parent, start, PAGE).then(
      (answer) => {
        if (epoch !== this.epoch) return;
        this.rows.learn(answer);
        this.version.value = this.version.peek() + 1;
      },
      () => undefined,
    );
    this.asked.set(key, asked);
    void asked.finally(() => {
      if (this.asked.get(key) === asked) this.asked.delete(key);
    });
    return asked;
  }
}
