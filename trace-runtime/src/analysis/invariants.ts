/**
 * What held of the variables wherever a statement began in the passing cases, and does not in the failing one: bounds,
 * constants, never zero, order, equal variables, lengths (likely invariants, Ernst et al. 2001). How sure one is grows with
 * how often it was seen to hold; what few values could have made hold by chance is not told.
 */
import type { Activation, LoadedFile, ScopeInstance } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import type { Traced } from './traced.ts';

/** A property that the failing case breaks. */
export interface Broken {
  readonly file: LoadedFile;
  readonly op: number;
  readonly moment: Moment;
  /** `count was always above 0 here in passing cases, 12 times, and was -1` */
  readonly what: string;
  /** from 0 to 1 */
  readonly confidence: number;
}

interface Named {
  readonly name: string;
  /** a number; of an array or a text its length */
  readonly number: number;
  readonly isLength: boolean;
  /** of an array of numbers; undefined of anything else, and where it is too short to tell */
  readonly sorted: boolean | undefined;
}

/** What is known of one number. */
class Seen {
  count = 0;
  min = Infinity;
  max = -Infinity;
  zeros = 0;
  sortedCount = 0;
  unsorted = false;
  /** different values, as far as they were counted */
  readonly values = new Set<number>();

  add({ number, sorted }: Named): void {
    this.count++;
    this.min = Math.min(this.min, number);
    this.max = Math.max(this.max, number);
    if (number === 0) this.zeros++;
    if (this.values.size < VARIED) this.values.add(number);
    if (sorted === true) this.sortedCount++;
    if (sorted === false) this.unsorted = true;
  }
}

/** How two numbers stood to each other. */
interface Pair {
  count: number;
  isEqual: boolean;
  isBelow: boolean;
  isAtMost: boolean;
  readonly values: Set<number>;
}

interface Site {
  visits: number;
  readonly seen: Map<string, Seen>;
  readonly pairs: Map<string, Pair>;
}

/** Visits of a statement that are looked at; variables; and elements of an array. */
const VISITS = 60;
const VARIABLES = 10;
const ELEMENTS = 50;
/** Different values that show that it was no accident. */
const VARIED = 3;
/** Below, nothing is told. */
const SURE = 0.9;

export class Invariants {
  private readonly sites = new Map<string, Site>();
  private readonly told = new Map<string, Broken>();
  private readonly visits = new Map<string, number>();

  constructor(private readonly traced: Traced) {}

  /** Of passing cases, before a statement runs. */
  readonly learn = (activation: Activation, op: number): void => {
    const site = this.siteOf(activation.file, op);
    if (++site.visits > VISITS) return;
    const named = this.namesIn(activation);
    for (const each of named) {
      let seen = site.seen.get(each.name);
      if (!seen) site.seen.set(each.name, (seen = new Seen()));
      seen.add(each);
    }
    for (const [a, b] of pairsOf(named)) {
      let pair = site.pairs.get(`${a.name} ${b.name}`);
      if (!pair)
        site.pairs.set(
          `${a.name} ${b.name}`,
          (pair = { count: 0, isEqual: true, isBelow: true, isAtMost: true, values: new Set() }),
        );
      pair.count++;
      pair.isEqual &&= a.number === b.number;
      pair.isBelow &&= a.number < b.number;
      pair.isAtMost &&= a.number <= b.number;
      if (pair.values.size < VARIED) pair.values.add(a.number);
    }
  };

  /** Of the failing case, once all passing ones were looked at. */
  readonly check = (activation: Activation, op: number): void => {
    const { file } = activation;
    const key = keyOf(file, op);
    const site = this.sites.get(key);
    const visits = (this.visits.get(key) ?? 0) + 1;
    this.visits.set(key, visits);
    if (!site || visits > VISITS) return;
    const named = this.namesIn(activation);
    for (const each of named) {
      const seen = site.seen.get(each.name);
      if (seen) this.judge(file, op, brokenBy(seen, each));
    }
    for (const [a, b] of pairsOf(named)) {
      const pair = site.pairs.get(`${a.name} ${b.name}`);
      if (pair) this.judge(file, op, brokenPair(pair, a, b));
    }
  };

  /** Of each statement what is surest. */
  get broken(): readonly Broken[] {
    return [...this.told.values()];
  }

  private judge(file: LoadedFile, op: number, found: Pick<Broken, 'what' | 'confidence'> | undefined): void {
    if (!found || found.confidence < SURE) return;
    const key = keyOf(file, op);
    const known = this.told.get(key);
    if (known && known.confidence >= found.confidence) return;
    this.told.set(key, { file, op, moment: this.traced.timeline.replay.moment, ...found });
  }

  private siteOf(file: LoadedFile, op: number): Site {
    const key = keyOf(file, op);
    let site = this.sites.get(key);
    if (!site) this.sites.set(key, (site = { visits: 0, seen: new Map(), pairs: new Map() }));
    return site;
  }

  /** Numbers that the call's own variables hold. */
  private namesIn({ scope, functionScope, functionIndex }: Activation): readonly Named[] {
    const found: Named[] = [];
    if (functionIndex === 0) return found;
    for (let at: ScopeInstance | undefined = scope; at && found.length < VARIABLES; at = at.parent) {
      const { scopes, variables } = at.file.table;
      scopes[at.scope]!.variables.forEach((variable, slot) => {
        const named = this.named(variables[variable]!.name, at!.values[slot] as Value);
        if (named && found.length < VARIABLES) found.push(named);
      });
      if (at === functionScope) break;
    }
    return found;
  }

  private named(name: string, value: Value): Named | undefined {
    if (typeof value === 'number') return { name, number: value, isLength: false, sorted: undefined };
    const length = `${name}.length`;
    if (typeof value === 'string') return { name: length, number: value.length, isLength: true, sorted: undefined };
    const elements = value instanceof ObjectValue ? this.traced.timeline.replay.heap.get(value)?.elements : undefined;
    return elements && { name: length, number: elements.length, isLength: true, sorted: isSorted(elements) };
  }
}

function keyOf(file: LoadedFile, op: number): string {
  return `${file.hash} ${op}`;
}

function isSorted(elements: readonly Value[]): boolean | undefined {
  if (elements.length < 2) return undefined;
  const end = Math.min(elements.length, ELEMENTS);
  for (let i = 0; i < end; i++) if (typeof elements[i] !== 'number') return undefined;
  for (let i = 1; i < end; i++) if ((elements[i] as number) < (elements[i - 1] as number)) return false;
  return true;
}

/** A number with a length, or two numbers, or two lengths. */
function* pairsOf(named: readonly Named[]): Generator<readonly [Named, Named], void> {
  for (const [i, a] of named.entries())
    for (const b of named.slice(i + 1)) yield a.isLength && !b.isLength ? [b, a] : [a, b];
}

/** Each time that it held halves the chance that it held by accident. */
function sureness(count: number, least: number): number {
  return count < least ? 0 : 1 - 0.5 ** (count - least + 3);
}

function brokenBy(seen: Seen, { name, number, sorted }: Named): Pick<Broken, 'what' | 'confidence'> | undefined {
  const { count, min, max, zeros, values, sortedCount, unsorted } = seen;
  const told = (was: string, is: string, confidence: number): Pick<Broken, 'what' | 'confidence'> => ({
    what: `${name} was ${was} here in passing cases, ${count} times, and was ${is} in the failing one`,
    confidence,
  });
  const list = name.replace(/\.length$/, '');
  if (sorted === false && !unsorted && sortedCount > 0)
    return {
      what: `${list} was in order here in passing cases, ${sortedCount} times, and was not in the failing one`,
      confidence: sureness(sortedCount, 4),
    };
  if (Number.isNaN(number) && !Number.isNaN(min)) return told('a number', 'NaN', sureness(count, 2));
  if (values.size === 1 && number !== min) return told(`always ${min}`, String(number), sureness(count, 6));
  if (number === 0 && zeros === 0) return told('never 0', '0', values.size < VARIED ? 0 : sureness(count, 5));
  if (number < 0 && min >= 0)
    return told('never below 0', String(number), values.size < VARIED ? 0 : sureness(count, 4));
  if (number > 0 && max <= 0)
    return told('never above 0', String(number), values.size < VARIED ? 0 : sureness(count, 4));
  return undefined;
}

function brokenPair(
  { count, isEqual, isBelow, isAtMost, values }: Pair,
  a: Named,
  b: Named,
): Pick<Broken, 'what' | 'confidence'> | undefined {
  if (values.size < VARIED) return undefined;
  const told = (was: string, least: number): Pick<Broken, 'what' | 'confidence'> => ({
    what: `${a.name} was ${was} ${b.name} here in passing cases, ${count} times, and was ${a.number} beside ${b.number} in the failing one`,
    confidence: sureness(count, least),
  });
  if (isEqual && a.number !== b.number) return told('equal to', 4);
  // of two lengths, or two numbers, which is the greater is often an accident
  if (a.isLength === b.isLength) return undefined;
  if (isBelow && a.number >= b.number) return told('below', 6);
  return isAtMost && a.number > b.number ? told('at most', 6) : undefined;
}
