/**
 * Writes down when each call of a stream stands on the stack, while the stream is read. Spans are written one behind the
 * other, which touches less memory than columns would; the columns of a call log are made of them when somebody asks.
 */
import type { Activation } from './activation.ts';
import { EARLY, Ending, NONE, RESUMED, type CallColumns } from './call-log.ts';
import { EventCode, type Moment } from './moments.ts';
import type { StreamState } from './stream-state.ts';

const DEEPEST = 0xffff;
/** Moments beyond do not fit the columns: what comes later is left out. */
const LAST_MOMENT = 0xfffffffe;

/** Spans of a chunk, as a power of two; and the words of each. */
const BITS = 14;
const MASK = (1 << BITS) - 1;
const Word = { enter: 0, exit: 1, site: 2, serial: 3, parent: 4, depth: 5 } as const;
const WORDS = 6;
/** of the flags in the word that has the depth */
const FLAGS = 16;

/** Where chunks are kept. */
export interface ChunkStore {
  /** gives the place */
  put(bytes: Uint8Array): number;
  get(place: number, length: number): Uint8Array;
}

/** A recorder's spans as they are kept: its chunks are elsewhere. */
export interface SavedCalls {
  readonly count: number;
  readonly calls: number;
  readonly deepest: number;
  readonly places: readonly number[];
}

export class CallRecorder {
  private count = 0;
  private calls = 0;
  private deepest = 0;
  /** those in memory */
  private readonly chunks = new Map<number, Uint32Array>();
  /** spans of each chunk that stand on the stack */
  private readonly openOf: number[] = [];
  /** of each chunk that is elsewhere */
  private places: number[] = [];
  private store: ChunkStore | undefined;
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
  }

  /** Chunks that nothing is written into any more are kept there from here on. */
  keepIn(store: ChunkStore): void {
    this.store = store;
  }

  private begin({ serial, file, site, early }: Activation, at: number): void {
    const { open } = this;
    const span = this.count++;
    const row = (span & MASK) * WORDS;
    if (row === 0) this.next();
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
    this.openOf[span >>> BITS]!++;
    this.openSerials.push(serial);
  }

  private next(): void {
    const index = this.openOf.push(0) - 1;
    this.chunks.set(index, (this.chunk = new Uint32Array(WORDS << BITS)));
    if (index > 0 && this.openOf[index - 1] === 0) this.putAway(index - 1);
  }

  private finish(span: number, at: number, ending: Ending): void {
    const index = span >>> BITS;
    const chunk = this.chunks.get(index)!;
    const row = (span & MASK) * WORDS;
    chunk[row + Word.exit] = at;
    chunk[row + Word.depth]! |= ending << FLAGS;
    if (--this.openOf[index]! === 0 && index < this.openOf.length - 1) this.putAway(index);
  }

  private putAway(index: number): void {
    const chunk = this.chunks.get(index);
    if (!this.store || !chunk) return;
    // rows are much like those before them: their differences take a small part of the room
    for (let i = chunk.length - 1; i >= WORDS; i--) chunk[i]! -= chunk[i - WORDS]!;
    this.places[index] = this.store.put(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.chunks.delete(index);
  }

  private chunkAt(index: number): Uint32Array {
    const known = this.chunks.get(index);
    if (known !== undefined) return known;
    const bytes = this.store!.get(this.places[index]!, (WORDS << BITS) * Uint32Array.BYTES_PER_ELEMENT).slice();
    const chunk = new Uint32Array(bytes.buffer);
    for (let i = WORDS; i < chunk.length; i++) chunk[i]! += chunk[i - WORDS]!;
    return chunk;
  }

  /** Puts the spans of a stream that was read into the store. */
  save(): SavedCalls {
    const { count, calls, deepest, places } = this;
    for (const index of this.chunks.keys()) this.putAway(index);
    return { count, calls, deepest, places };
  }

  static of({ count, calls, deepest, places }: SavedCalls, store: ChunkStore): CallRecorder {
    const recorder = new CallRecorder();
    Object.assign(recorder, { count, calls, deepest, places, store });
    return recorder;
  }

  columns(): CallColumns {
    const { count, calls, deepest } = this;
    const enter = new Uint32Array(count);
    const exit = new Uint32Array(count);
    const site = new Uint32Array(count);
    const serial = new Uint32Array(count);
    const parent = new Uint32Array(count);
    const depth = new Uint16Array(count);
    const flags = new Uint8Array(count);
    const first = new Uint32Array(calls + 1).fill(NONE);
    let span = 0;
    for (let at = 0; span < count; at++) {
      const chunk = this.chunkAt(at);
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
    return { count, calls, deepest, enter, exit, site, serial, parent, depth, flags, first };
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
