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

const DEEPEST = 0xffff;
/** Rows of a span's or call's column that stand for none. */
export const NONE = 0xffffffff;
/** Moments beyond do not fit the columns: what comes later is left out. */
const LAST_MOMENT = 0xfffffffe;

/** While a stream is read, its spans are written one behind the other: that touches less memory than columns do. */
const BITS = 14;
const MASK = (1 << BITS) - 1;
const Word = { enter: 0, exit: 1, site: 2, serial: 3, parent: 4, depth: 5 } as const;
const WORDS = 6;
/** of the flags in the word that has the depth */
const FLAGS = 16;

/** Empty until the stream was read to its end. */
export class CallLog {
  /** spans */
  count = 0;
  /** calls: their serials are 1 … calls */
  calls = 0;
  /** number of the event by which the span began: the call stands on the stack from the moment after it */
  enter = new Uint32Array(0);
  /** and of the event by which it ended: the last moment at which the call stands on the stack */
  exit = new Uint32Array(0);
  /** calls below it on the stack */
  depth = new Uint16Array(0);
  /** site of the function's first op: a file's base and an op */
  site = new Uint32Array(0);
  serial = new Uint32Array(0);
  /** span of the call below it; NONE where there is none */
  parent = new Uint32Array(0);
  private flags = new Uint8Array(0);
  /** by serial: the first span */
  private first = new Uint32Array(0);
  /** spans that are not a call's first, by serial: made when it is asked for */
  private later: { readonly serials: Uint32Array; readonly spans: Uint32Array } | undefined;
  deepest = 0;

  /** what was written so far */
  private chunks: Uint32Array[] = [];
  private chunk = new Uint32Array(0);
  /** spans that stand on the stack, and their serials */
  private readonly open: number[] = [];
  private readonly openSerials: number[] = [];

  /** The stack is another than when it was told last, by the event that was executed last. */
  follow({ stack, event, moment }: StreamState): void {
    const { open, openSerials } = this;
    const { length } = stack;
    const at = moment > 0 ? moment - 1 : 0;
    if (at > LAST_MOMENT) return;
    if (length === open.length + 1 && (length === 1 || openSerials[length - 2] === stack[length - 2]!.serial)) {
      this.begin(stack[length - 1]!, at);
      return;
    }
    let same = length;
    if (length !== open.length - 1 || (length > 0 && openSerials[length - 1] !== stack[length - 1]!.serial))
      same = sharedBottom(openSerials, stack);
    while (open.length > same) {
      const serial = openSerials.pop()!;
      this.finish(open.pop()!, at, event.activation?.serial === serial ? endingOf(event.code) : Ending.lost);
    }
    for (let i = same; i < length; i++) this.begin(stack[i]!, at);
  }

  /** The stream ends there. */
  end(moment: Moment): void {
    for (const span of this.open) this.finish(span, Math.min(moment, LAST_MOMENT), Ending.running);
    this.open.length = 0;
    this.openSerials.length = 0;
    this.makeColumns();
    this.chunks = [];
    this.chunk = new Uint32Array(0);
  }

  private begin({ serial, file, site, early }: Activation, at: number): void {
    const { open } = this;
    const span = this.count++;
    const row = (span & MASK) * WORDS;
    if (row === 0) this.chunks.push((this.chunk = new Uint32Array(WORDS << BITS)));
    const { chunk } = this;
    const depth = open.length < DEEPEST ? open.length : DEEPEST;
    let flags = early ? EARLY : 0;
    if (serial > this.calls) this.calls = serial;
    else flags |= RESUMED;
    if (depth > this.deepest) this.deepest = depth;
    chunk[row + Word.enter] = at;
    chunk[row + Word.exit] = at;
    chunk[row + Word.site] = file.base + site.firstOp;
    chunk[row + Word.serial] = serial;
    chunk[row + Word.parent] = depth > 0 ? open[open.length - 1]! : NONE;
    chunk[row + Word.depth] = depth | (flags << FLAGS);
    open.push(span);
    this.openSerials.push(serial);
  }

  private finish(span: number, at: number, ending: Ending): void {
    const chunk = this.chunks[span >>> BITS]!;
    const row = (span & MASK) * WORDS;
    chunk[row + Word.exit] = at;
    chunk[row + Word.depth]! |= ending << FLAGS;
  }

  private makeColumns(): void {
    const { count, calls } = this;
    const enter = new Uint32Array(count);
    const exit = new Uint32Array(count);
    const site = new Uint32Array(count);
    const serial = new Uint32Array(count);
    const parent = new Uint32Array(count);
    const depth = new Uint16Array(count);
    const flags = new Uint8Array(count);
    const first = new Uint32Array(calls + 1).fill(NONE);
    let span = 0;
    for (const chunk of this.chunks) {
      for (let row = 0; row < chunk.length && span < count; row += WORDS, span++) {
        const last = chunk[row + Word.depth]!;
        enter[span] = chunk[row + Word.enter]!;
        exit[span] = chunk[row + Word.exit]!;
        site[span] = chunk[row + Word.site]!;
        parent[span] = chunk[row + Word.parent]!;
        depth[span] = last;
        flags[span] = last >>> FLAGS;
        const own = chunk[row + Word.serial]!;
        serial[span] = own;
        if (((last >>> FLAGS) & RESUMED) === 0) first[own] = span;
      }
    }
    Object.assign(this, { enter, exit, site, serial, parent, depth, flags, first });
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
function sharedBottom(open: readonly number[], stack: readonly Activation[]): number {
  const most = Math.min(open.length, stack.length);
  let same = 0;
  while (same < most && open[same] === stack[same]!.serial) same++;
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
