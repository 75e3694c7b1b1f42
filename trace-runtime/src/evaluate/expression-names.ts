/** What names stand for where an expression stands. */
import { uninitialised } from '../query/values.ts';
import { needsCode, type Item } from './expression-values.ts';

export interface Names {
  /** undefined where there is no variable of that name */
  get(name: string): { readonly value: Item } | undefined;
  /** Gives a variable another value; throws where it is not one that the expression itself has made. */
  set(name: string, value: Item): void;
}

interface Binding {
  value: Item;
  readonly isFixed: boolean;
}

/** Variables that an expression or a function that it calls has made, inside others. */
export class Locals implements Names {
  private readonly own = new Map<string, Binding>();

  constructor(private readonly outer: Names) {}

  declare(name: string, value: Item, isFixed = false): void {
    this.own.set(name, { value, isFixed });
  }

  has(name: string): boolean {
    return this.own.has(name);
  }

  get(name: string): { readonly value: Item } | undefined {
    return this.own.get(name) ?? this.outer.get(name);
  }

  set(name: string, value: Item): void {
    const own = this.own.get(name);
    if (!own) return this.outer.set(name, value);
    if (own.isFixed || own.value === uninitialised) throw needsCode();
    own.value = value;
  }
}
