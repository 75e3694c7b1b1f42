/**
 * When each call of a stream ran, as columns: a row is a span, the time for which a call stood on the stack. Most calls
 * have one span; a call that waits has one more each time that it goes on. Spans are in the order in which they begin, so
 * all that is inside a span stands directly behind it. About 27 bytes a call.
 */
import type { Moment } from './moments.ts';

/** How a span ended. `lost`: without a record; `running`: the stream ended first. */
export const Ending = { running: 0, returned: 1, threw: 2, waits: 3, lost: 4 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

/** Bits of `flags`, above the ending: the call had begun before; it ran a function's initialisers. */
const ENDING = 7;
export const RESUMED = 8;
export const EARLY = 16;

/** Rows of a span's or call's column that stand for none. */
export const NONE = 0xffffffff;

export interface CallColumns {
  /** spans */
  readonly count: number;
  /** the greatest serial: those of calls are from 1 */
  readonly calls: number;
  /** the greatest depth */
  readonly deepest: number;
  /** number of the event by which the span began: the call stands on the stack from the moment after it */
  readonly enter: Uint32Array;
  /** and of the event by which it ended: the last moment at which the call stands on the stack */
  readonly exit: Uint32Array;
  /** calls below it on the stack */
  readonly depth: Uint16Array;
  /** site of the function's first op: a file's base and an op */
  readonly site: Uint32Array;
  readonly serial: Uint32Array;
  /** span of the call below it; NONE where there is none */
  readonly parent: Uint32Array;
  /** an Ending, and bits */
  readonly flags: Uint8Array;
  /** by serial: the first span; NONE where there is no such call */
  readonly first: Uint32Array;
}

/** In their order; and by serial. */
interface LaterSpans {
  readonly ordered: Uint32Array;
  readonly serials: Uint32Array;
  readonly spans: Uint32Array;
}

export class CallLog {
  readonly count: number;
  readonly calls: number;
  readonly deepest: number;
  readonly enter: Uint32Array;
  readonly exit: Uint32Array;
  readonly depth: Uint16Array;
  readonly site: Uint32Array;
  readonly serial: Uint32Array;
  readonly parent: Uint32Array;
  readonly flags: Uint8Array;
  private readonly first: Uint32Array;
  /** spans that are not a call's first: made when they are asked for */
  private later: LaterSpans | undefined;

  constructor(columns: CallColumns) {
    this.count = columns.count;
    this.calls = columns.calls;
    this.deepest = columns.deepest;
    this.enter = columns.enter;
    this.exit = columns.exit;
    this.depth = columns.depth;
    this.site = columns.site;
    this.serial = columns.serial;
    this.parent = columns.parent;
    this.flags = columns.flags;
    this.first = columns.first;
  }

  endingOf(span: number): Ending {
    return (this.flags[span]! & ENDING) as Ending;
  }

  /** The call went on there: it had begun before. */
  isResumed(span: number): boolean {
    return (this.flags[span]! & RESUMED) !== 0;
  }

  /** It ran a function's initialisers, before the function itself. */
  isEarly(span: number): boolean {
    return (this.flags[span]! & EARLY) !== 0;
  }

  /** The call's first span; undefined where there is no such call. */
  firstSpan(serial: number): number | undefined {
    const first = Number.isInteger(serial) && serial > 0 ? this.first[serial] : undefined;
    return first === NONE ? undefined : first;
  }

  /** All spans of a call, in their order. */
  spansOf(serial: number): number[] {
    const first = this.firstSpan(serial);
    if (first === undefined) return [];
    const { serials, spans } = this.laterSpans();
    const list = [first];
    for (let i = lowerBound(serials, serial, serials.length); serials[i] === serial; i++) list.push(spans[i]!);
    return list;
  }

  /** The first span that begins by that event or a later one; `count` where there is none. */
  spanFrom(event: number): number {
    return lowerBound(this.enter, event, this.count);
  }

  /** One past the last span inside the span. */
  endOf(span: number): number {
    const exit = this.exit[span]!;
    const depth = this.depth[span]!;
    const { count } = this;
    // most spans hold few others
    let low = span + 1;
    let high = low;
    for (let step = 1; high < count && this.isInside(high, exit, depth); step *= 2) {
      low = high + 1;
      high += step;
    }
    high = Math.min(high, count);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isInside(middle, exit, depth)) low = middle + 1;
      else high = middle;
    }
    return high;
  }

  /** Of a span behind one: what begins by the event that ended it is inside it only if it is deeper. */
  private isInside(span: number, exit: number, depth: number): boolean {
    const enter = this.enter[span]!;
    return enter < exit || (enter === exit && this.depth[span]! > depth);
  }

  /** The innermost span at the moment; undefined where no call is on the stack. */
  spanAt(moment: Moment): number | undefined {
    let span = this.spanFrom(moment) - 1;
    while (span >= 0 && this.exit[span]! < moment) span = this.parentOf(span);
    return span < 0 ? undefined : span;
  }

  /** -1 where there is none */
  parentOf(span: number): number {
    const parent = this.parent[span]!;
    return parent === NONE ? -1 : parent;
  }

  /** Calls that began in the spans from `from` up to `to`. */
  callsBegun(from: number, to: number): number {
    const { ordered } = this.laterSpans();
    const laterBefore = (span: number): number => lowerBound(ordered, span, ordered.length);
    return to - from - (laterBefore(to) - laterBefore(from));
  }

  private laterSpans(): LaterSpans {
    if (this.later) return this.later;
    const list: number[] = [];
    for (let span = 0; span < this.count; span++) if (this.isResumed(span)) list.push(span);
    const ordered = Uint32Array.from(list);
    const spans = ordered.slice().sort((a, b) => this.serial[a]! - this.serial[b]! || a - b);
    return (this.later = { ordered, spans, serials: spans.map((span) => this.serial[span]!) });
  }
}

/** Twice as long, with the same beginning. */
export function grown<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(column: T): T {
  const longer = new (column.constructor as new (length: number) => T)(column.length * 2);
  longer.set(column);
  return longer;
}

/** The first of the column's rows that is no less; `count` where there is none. */
export function lowerBound(column: Uint32Array, value: number, count: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
