/** Hit conditions: which of a breakpoint's hits are meant, counted from the recording's beginning. */

/** Numbers of hits, from 1: those from the least to the most, of them every so many. */
interface HitCondition {
  readonly least: number;
  readonly most: number;
  readonly every: number;
}

/** `5`, `>5`, `>=5`, `<5`, `<=5`, `%5`; undefined where it is none. */
export function parseHits(text: string): HitCondition | undefined {
  const [, operator, digits] = /^\s*(>=|<=|>|<|={1,3}|%)?\s*(\d+)\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  switch (operator) {
    case '>':
      return { least: number + 1, most: Infinity, every: 1 };
    case '>=':
      return { least: number, most: Infinity, every: 1 };
    case '<':
      return { least: 1, most: number - 1, every: 1 };
    case '<=':
      return { least: 1, most: number, every: 1 };
    case '%':
      return { least: 1, most: number === 0 ? 0 : Infinity, every: number };
    default:
      return { least: number, most: number, every: 1 };
  }
}

/** Places of one thread, ascending, at which a hit is one of those that are meant. */
export interface Meant {
  readonly from: number;
  readonly to: number;
  /** where not all between are */
  readonly only?: readonly number[] | undefined;
}

/** Whether a hit at the place is meant. */
export function isMeant({ from, to, only }: Meant, place: number): boolean {
  if (place < from || place > to) return false;
  if (!only) return true;
  let [low, high] = [0, only.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (only[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return only[low] === place;
}

/** Counts the hits of all threads, one thread after the other. */
export class HitCounter {
  private hits = 0;
  private from = Infinity;
  private to = -Infinity;
  private only: number[] = [];

  constructor(private readonly condition: HitCondition) {}

  /** Whether nothing more has to be counted: none of the hits that follow is meant, or all are. */
  get isDecided(): boolean {
    const { least, most, every } = this.condition;
    return this.hits >= most || (most === Infinity && every === 1 && this.hits >= least);
  }

  /** A hit at a place behind those before. */
  hit(place: number): void {
    const { least, most, every } = this.condition;
    const number = ++this.hits;
    if (number < least || number > most || number % every !== 0) return;
    this.from = Math.min(this.from, place);
    this.to = place;
    if (every > 1) this.only.push(place);
  }

  /** What is meant in the thread whose hits were counted since it was asked last. `whole`: to the thread's end. */
  take(whole: boolean): Meant {
    const { from, to, only, condition } = this;
    const { every, most } = condition;
    this.from = Infinity;
    this.to = -Infinity;
    this.only = [];
    if (every > 1) return { from, to, only };
    // it was not looked further, or not at all, where all that follow are meant
    if (!whole && most === Infinity) return { from: from === Infinity ? -Infinity : from, to: Infinity };
    return { from, to };
  }
}
