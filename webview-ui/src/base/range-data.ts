/**
 * What is known of ranges of a thread, at different scales. Whoever draws takes what there is, and says what they would
 * like to have; it is asked for when the last question was answered.
 */
import { signal } from '@preact/signals';
import { widthOf, type Range } from './range.ts';

interface Answer extends Range {
  readonly threadId: number;
}

export type Ask<A extends Answer> = (threadId: number, range: Range, pixels: number) => Promise<A>;

/** A part of a range, and what is known of it. */
export interface Known<A> extends Range {
  readonly answer: A;
}

interface Entry<A> {
  readonly answer: A;
  /** moments a pixel */
  readonly scale: number;
}

/** A range that somebody draws, so many pixels wide. */
export interface Wish {
  readonly range: Range;
  readonly pixels: number;
}

interface Wanted {
  readonly threadId: number;
  /** the most urgent first */
  readonly wishes: readonly Wish[];
  readonly whole: Range;
}

/** Answers that are kept, besides the one about the whole. */
const KEPT = 6;
/** Milliseconds without another wish, before one is asked for. */
const QUIET = 30;
/** An answer may be so much coarser or finer than it should be. */
const COARSE = 1.3;
const FINE = 6;
/** Shares of a range's width that are asked for on either side of it. */
const MARGIN = 0.3;

export class RangeData<A extends Answer> {
  /** changes whenever more is known */
  readonly version = signal(0);
  /** the last question was not answered: why */
  readonly fault = signal<string | undefined>(undefined);
  private entries: Entry<A>[] = [];
  private wanted: Wanted | undefined;
  private isAsking = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private epoch = 0;

  constructor(private readonly ask: Ask<A>) {}

  clear(): void {
    this.epoch++;
    this.entries = [];
    this.wanted = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.version.value = this.version.peek() + 1;
  }

  /** What is known is true no longer, but better than nothing until it is asked for again. */
  outdate(): void {
    this.epoch++;
    this.entries = this.entries.map(({ answer }) => ({ answer, scale: Infinity }));
    this.version.value = this.version.peek() + 1;
  }

  /** The most urgent wish first. */
  want(threadId: number, wishes: readonly Wish[], whole: Range): void {
    this.wanted = { threadId, wishes, whole };
    if (this.nextWish(this.wanted) !== undefined) this.schedule();
  }

  /** The parts of the range, from its beginning to its end, with what is known best of each. */
  parts(threadId: number, range: Range, pixels: number): Known<A>[] {
    const least = widthOf(range) / pixels / FINE;
    const sorted = this.entries
      .filter(({ answer }) => answer.threadId === threadId)
      // too fine is too much to draw; better than nothing all the same
      .sort((a, b) => Number(a.scale >= least) - Number(b.scale >= least) || b.scale - a.scale);
    let parts: Known<A>[] = [];
    for (const { answer } of sorted) parts = overlaid(parts, clipped(answer, range));
    return parts;
  }

  private nextWish({ threadId, wishes }: Wanted): Wish | undefined {
    return wishes.find((wish) => wish.pixels >= 1 && widthOf(wish.range) > 0 && !this.isKnown(threadId, wish));
  }

  private isKnown(threadId: number, { range, pixels }: Wish): boolean {
    const scale = widthOf(range) / pixels;
    return this.entries.some(
      ({ answer, scale: own }) =>
        answer.threadId === threadId &&
        answer.from <= range.from &&
        answer.to >= range.to &&
        own <= scale * COARSE &&
        own >= scale / FINE,
    );
  }

  private schedule(): void {
    if (this.isAsking) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.next(), QUIET);
  }

  private async next(): Promise<void> {
    const { wanted, epoch } = this;
    this.timer = undefined;
    const wish = wanted && this.nextWish(wanted);
    if (wanted === undefined || wish === undefined) return;
    this.isAsking = true;
    try {
      const { range, pixels } = around(wish, wanted.whole);
      const answer = await this.ask(wanted.threadId, range, pixels);
      if (epoch === this.epoch) this.keep({ answer, scale: widthOf(range) / pixels }, wanted.whole);
      this.fault.value = undefined;
    } catch (error) {
      this.fault.value = error instanceof Error ? error.message : String(error);
      if (this.wanted === wanted) this.wanted = undefined;
    } finally {
      this.isAsking = false;
    }
    if (this.wanted !== undefined && this.nextWish(this.wanted) !== undefined) this.schedule();
  }

  private keep(entry: Entry<A>, whole: Range): void {
    const isWhole = ({ answer }: Entry<A>): boolean => answer.from <= whole.from && answer.to >= whole.to;
    const others = this.entries.filter((each) => each.scale !== Infinity || isWhole(each));
    const [wholes, parts] = [others.filter(isWhole), others.filter((each) => !isWhole(each))];
    const same = wholes.filter(({ answer }) => answer.threadId !== entry.answer.threadId);
    this.entries = isWhole(entry) ? [...same, entry, ...parts] : [...wholes, ...parts.slice(1 - KEPT), entry];
    this.version.value = this.version.peek() + 1;
  }
}

/** The range with what lies around it, so that panning a little shows nothing unknown. */
function around({ range, pixels }: Wish, whole: Range): Wish {
  const margin = widthOf(range) * MARGIN;
  const from = Math.max(whole.from, Math.floor(range.from - margin));
  const to = Math.min(whole.to, Math.ceil(range.to + margin));
  return { range: { from, to }, pixels: Math.max(1, Math.round((pixels * (to - from)) / widthOf(range))) };
}

function clipped<A extends Answer>(answer: A, range: Range): Known<A> | undefined {
  const from = Math.max(answer.from, range.from);
  const to = Math.min(answer.to, range.to);
  return from < to ? { from, to, answer } : undefined;
}

/** The parts, with another one in front of them. */
function overlaid<A>(parts: readonly Known<A>[], upper: Known<A> | undefined): Known<A>[] {
  if (upper === undefined) return [...parts];
  const left = parts
    .filter(({ from }) => from < upper.from)
    .map((part) => ({ ...part, to: Math.min(part.to, upper.from) }));
  const right = parts
    .filter(({ to }) => to > upper.to)
    .map((part) => ({ ...part, from: Math.max(part.from, upper.to) }));
  return [...left, upper, ...right];
}
