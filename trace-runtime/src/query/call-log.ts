/**
 * When each call of a stream ran, as columns: a row is a span, the time for which a call stood on the stack. Most calls
 * have one span; a call that waits has one more each time that it goes on. Spans are in the order in which they begin, so
 * all that is inside a span stands directly behind it. About 27 bytes a call.
 */
import type { Activation } from './activation.ts';
import { EventCode, type Moment } from './moments.ts';
import type { StreamState } from './stream-state.ts';

/** How a span ended. `lost`: without a record; `running`: the stream ended first. */
export const Ending = { running: 0, returned: 1, threw: 2, waits: 3, lost: 4 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

/** Bits of `flags`, above the ending. */
const ENDING = 7;
const RESUMED = 8;
const EARLY = 16;

const FIRST_ROWS = 1024;
const DEEPEST = 0xffff;
/** Rows of a span's or call's column that stand for none. */
export const NONE = 0xffffffff;
/** Moments beyond do not fit the columns: what comes later is left out. */
const LAST_MOMENT = 0xfffffffe;

export class CallLog {
  /** spans */
  count = 0;
  /** calls: their serials are 1 … calls */
  calls = 0;
  /** number of the event by which the span began: the call stands on the stack from the moment after it */
  enter = new Uint32Array(FIRST_ROWS);
  /** and of the event by which it ended: the last moment at which the call stands on the stack */
  exit = new Uint32Array(FIRST_ROWS);
  /** calls below it on the stack */
  depth = new Uint16Array(FIRST_ROWS);
  /** site of the function's first op: a file's base and an op */
  site = new Uint32Array(FIRST_ROWS);
  serial = new Uint32Array(FIRST_ROWS);
  /** span of the call below it; NONE where there is none */
  parent = new Uint32Array(FIRST_ROWS);
  private flags = new Uint8Array(FIRST_ROWS);
  /** by serial: the first span */
  private first = new Uint32Array(FIRST_ROWS);
  /** spans that stand on the stack */
  private readonly open: number[] = [];
  /** spans that are not a call's first, by serial: made when it is asked for */
  private later: { readonly serials: Uint32Array; readonly spans: Uint32Array } | undefined;
  deepest = 0;

  /** The stack is another than when it was told last, by the event that was executed last. */
  follow({ stack, event, moment }: StreamState): void {
    const { open } = this;
    const { length } = stack;
    const at = moment > 0 ? moment - 1 : 0;
    if (at > LAST_MOMENT) return;
    if (length === open.length + 1 && (length === 1 || this.serial[open[length - 2]!] === stack[length - 2]!.serial)) {
      this.begin(stack[length - 1]!, at);
      return;
    }
    let same = Math.min(length, open.length);
    if (length !== open.length - 1) same = sharedBottom(this.serial, open, stack);
    else if (same > 0 && this.serial[open[same - 1]!] !== stack[same - 1]!.serial)
      same = sharedBottom(this.serial, open, stack);
    while (open.length > same) {
      const span = open.pop()!;
      this.exit[span] = at;
      this.flags[span]! |= event.activation?.serial === this.serial[span] ? endingOf(event.code) : Ending.lost;
    }
    for (let i = same; i < length; i++) this.begin(stack[i]!, at);
  }

  /** The stream ends there. */
  end(moment: Moment): void {
    for (const span of this.open) this.exit[span] = Math.min(moment, LAST_MOMENT);
    this.open.length = 0;
    this.later = undefined;
  }

  private begin({ serial, file, site, early }: Activation, at: number): void {
    const span = this.count++;
    if (span === this.enter.length) this.grow();
    const { open } = this;
    const depth = Math.min(open.length, DEEPEST);
    this.enter[span] = at;
    this.exit[span] = at;
    this.depth[span] = depth;
    this.site[span] = file.base + site.firstOp;
    this.serial[span] = serial;
    this.parent[span] = depth > 0 ? open[open.length - 1]! : NONE;
    if (depth > this.deepest) this.deepest = depth;
    let flags = early ? EARLY : 0;
    if (serial > this.calls) {
      this.calls = serial;
      while (serial >= this.first.length) this.first = grown(this.first);
      this.first[serial] = span;
    } else flags |= RESUMED;
    this.flags[span] = flags;
    open.push(span);
  }

  private grow(): void {
    this.enter = grown(this.enter);
    this.exit = grown(this.exit);
    this.depth = grown(this.depth);
    this.site = grown(this.site);
    this.serial = grown(this.serial);
    this.parent = grown(this.parent);
    this.flags = grown(this.flags);
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
    return Number.isInteger(serial) && serial > 0 && serial <= this.calls ? this.first[serial] : undefined;
  }

  /** All spans of a call, in their order. */
  spansOf(serial: number): number[] {
    const first = this.firstSpan(serial);
    if (first === undefined) return [];
    const { serials, spans } = (this.later ??= this.laterSpans());
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
    return this.callsBefore(to) - this.callsBefore(from);
  }

  /** Calls of which the first span stands before that one. */
  private callsBefore(span: number): number {
    let low = 1;
    let high = this.calls + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.first[middle]! < span) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private laterSpans(): { readonly serials: Uint32Array; readonly spans: Uint32Array } {
    const list: number[] = [];
    for (let span = 0; span < this.count; span++) if (this.isResumed(span)) list.push(span);
    const spans = Uint32Array.from(list).sort((a, b) => this.serial[a]! - this.serial[b]! || a - b);
    return { spans, serials: spans.map((span) => this.serial[span]!) };
  }
}

function endingOf(code: EventCode): Ending {
  if (code === EventCode.exit) return Ending.returned;
  if (code === EventCode.abrupt) return Ending.threw;
  return code === EventCode.suspend ? Ending.waits : Ending.lost;
}

/** How many calls at the bottom are the same. */
function sharedBottom(serials: Uint32Array, open: readonly number[], stack: readonly Activation[]): number {
  const most = Math.min(open.length, stack.length);
  let same = 0;
  while (same < most && serials[open[same]!] === stack[same]!.serial) same++;
  return same;
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
