// TypeScript that Node can run itself: types, generics, interfaces, satisfies, overloads, type-only imports.
import { readFileSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { area, type Shape } from './lib/shapes.mts';

interface Event<Kind extends string, Detail> {
  readonly kind: Kind;
  readonly at: number;
  readonly detail: Detail;
}
type Change = Event<'added', { readonly shape: Shape }> | Event<'removed', { readonly index: number }>;

class Board {
  private readonly shapes: Shape[] = [];
  readonly log: Change[] = [];

  add(shape: Shape): this {
    this.shapes.push(shape);
    this.log.push({ kind: 'added', at: performance.now(), detail: { shape } });
    return this;
  }

  remove(index: number): Shape | undefined {
    this.log.push({ kind: 'removed', at: performance.now(), detail: { index } });
    return this.shapes.splice(index, 1)[0];
  }

  total(): number {
    return this.shapes.reduce((sum, shape) => sum + area(shape), 0);
  }
}

function pick(from: readonly string[]): string;
function pick(from: readonly number[]): number;
function pick(from: readonly unknown[]): unknown {
  return from[Math.floor(Math.random() * from.length)];
}

function describe(change: Change): string {
  switch (change.kind) {
    case 'added':
      return `added ${change.detail.shape.kind}`;
    case 'removed':
      return `removed ${change.detail.index}`;
  }
}

const sizes = { small: 1, large: 10 } satisfies Record<string, number>;
const board = new Board();
board.add({ kind: 'circle', radius: sizes.small }).add({ kind: 'square', side: pick([2, 3, 4]) });
const removed = board.remove(pick([0, 1]));
console.log(board.total().toFixed(2), removed?.kind, board.log.map(describe).join(', '), pick(['a', 'b'] as const));

const about: Stats = await stat(new URL(import.meta.url));
const text = readFileSync(new URL(import.meta.url), 'utf8');
console.log(about.size === text.length, about.isFile(), (board.log[0]!.at as number) > 0);
const later = await Promise.all(([3, 1, 2] as const).map((n) => new Promise<number>((resolve) => setTimeout(resolve, n, n * 2))));
const same = <T,>(x: T): T => x;
console.log(later, same<string>('same'));
