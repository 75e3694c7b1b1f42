// node --import tsx
// Enums, namespaces, parameter properties and the like, as esbuild lowers them.
enum Color { Red, Green = 5, Blue, Text = 'text' }
const enum Flag { A = 1 << 0, B = 1 << 1, AB = A | B }
namespace Geometry {
  export const unit = 2;
  let made = 0;
  export interface Shape { area(): number }
  export function count(): number { return made; }
  export class Square implements Shape {
    constructor(public side: number, private readonly label: string = 'square', protected color: Color = Color.Green) {
      made += 1;
      this.side = side * unit;
    }
    area(): number { const squared = this.side ** 2; return squared; }
    describe(): string { const text = `${this.label} ${Color[this.color]} ${this.area()}`; return text; }
  }
  export namespace Deep { export const factor = 3; export const times = (n: number): number => n * factor; }
}
namespace Geometry { export function make(n: number) { const s = new Geometry.Square(n); return s; } }
import Deep = Geometry.Deep;
abstract class Base<T> {
  protected items: T[] = [];
  declare kept: string;
  static created = 0;
  constructor(protected readonly name: string) { Base.created++; }
  abstract show(item: T): string;
  add(...more: T[]): this { this.items.push(...more); return this; }
  all(): string[] { const shown = this.items.map((item) => this.show(item)); return shown; }
}
class Numbers extends Base<number> {
  #total = 0;
  override show(item: number): string { this.#total += item; return `${this.name}${item}`; }
  get total(): number { return this.#total; }
  accessor = 1;
}
function assertIs(value: unknown): asserts value is number { if (typeof value !== 'number') throw new TypeError('no number'); }
function over(a: string): string;
function over(a: number): number;
function over(a: any): any { const twice = a + a; return twice; }
const squares = [1, 2, 3].map((n) => Geometry.make(n));
let sum = 0;
for (const square of squares) { const area = square.area(); sum += area; console.log(square.describe(), area!); }
const numbers = new Numbers('n').add(1, 2, 3);
const all = numbers.all() satisfies string[];
console.log(all, numbers.total, Base.created, Geometry.count(), Deep.times(4), Flag.AB, Color.Red, Color.Text);
try { assertIs('x' as unknown); } catch (error) { console.log((error as Error).message); }
