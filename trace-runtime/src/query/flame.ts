/**
 * The spans of a call log as rectangles, at any scale: spans that would be narrower than a pixel are drawn as one with
 * their neighbours of the same depth, inside the same rectangle, a few pixels at a time. That is done once for a few
 * widths, each four times the one before, when somebody first asks; a question is answered from the coarsest of them that
 * is fine enough.
 */
import { NONE, grown, lowerBound, type CallLog } from './call-log.ts';

/** Rectangles in the order in which they begin. */
export interface Rectangles {
  readonly count: number;
  readonly enter: Uint32Array;
  readonly exit: Uint32Array;
  readonly depth: Uint16Array;
  /** row of the rectangle below, NONE where there is none */
  readonly parent: Uint32Array;
  /** the longest span in it; absent where each row is the span of that number */
  readonly span?: Uint32Array;
  /** spans in it; absent where each has one */
  readonly spans?: Uint32Array;
}

/** Width of what is merged first, in events. */
const FIRST_WIDTH = 64;
const STEP = 4;
/** What is merged is not wider than so many of what is narrow, so that one sees what most of it is. */
const WIDEST = 4;
/** Fewer rectangles need no coarser ones. */
const FEW = 4096;

interface Level {
  /** narrower spans are merged */
  readonly width: number;
  readonly rectangles: Rectangles;
}

export class Flame {
  private readonly levels: Level[] = [];

  constructor(private readonly calls: CallLog) {
    const { count, enter, exit, depth, parent } = calls;
    const spans: Rectangles = { count, enter, exit, depth, parent };
    this.levels.push({ width: 0, rectangles: spans });
    let last = spans;
    for (let width = FIRST_WIDTH; last.count > FEW && width < 2 ** 31; width *= STEP) {
      last = this.merged(last, 0xffffffff, 0, 0, last.count, width);
      this.levels.push({ width, rectangles: last });
    }
  }

  /**
   * What stands between the events, `from` included; spans narrower than `width` events are merged. With `deepest`, only
   * down to that depth.
   */
  between(from: number, to: number, width: number, deepest = 0xffff): Rectangles {
    const { rectangles } = this.levels.findLast((level) => level.width <= Math.max(0, width))!;
    const first = lowerBound(rectangles.enter, from, rectangles.count);
    const end = lowerBound(rectangles.enter, to, rectangles.count);
    return this.merged(rectangles, deepest, from, first, end, width);
  }

  /** `from` … `end`: rows; those that began before but last until `since` come first. */
  private merged(
    given: Rectangles,
    deepest: number,
    since: number,
    from: number,
    end: number,
    width: number,
  ): Rectangles {
    const merging = new Merging(this.calls, given, width);
    for (const row of around(given, from, since)) if (given.depth[row]! <= deepest) merging.add(row);
    for (let row = from; row < end; row++) if (given.depth[row]! <= deepest) merging.add(row);
    return merging.done();
  }
}

/** Rows before the given one that last until `since`, outermost first. */
function around({ exit, parent }: Rectangles, row: number, since: number): number[] {
  const found: number[] = [];
  for (let at = row > 0 ? row - 1 : NONE; at !== NONE; at = parent[at]!) if (exit[at]! >= since) found.unshift(at);
  return found;
}

class Merging {
  private count = 0;
  private enter: Uint32Array;
  private exit: Uint32Array;
  private depth: Uint16Array;
  private parent: Uint32Array;
  private span: Uint32Array;
  private spans: Uint32Array;
  /** by depth: the row that was made last */
  private readonly last: Uint32Array;

  constructor(
    private readonly calls: CallLog,
    private readonly given: Rectangles,
    private readonly width: number,
  ) {
    const rows = 1024;
    this.enter = new Uint32Array(rows);
    this.exit = new Uint32Array(rows);
    this.depth = new Uint16Array(rows);
    this.parent = new Uint32Array(rows);
    this.span = new Uint32Array(rows);
    this.spans = new Uint32Array(rows);
    this.last = new Uint32Array(calls.deepest + 2).fill(NONE);
  }

  add(row: number): void {
    const { given, width, last, calls } = this;
    const depth = given.depth[row]!;
    const enter = given.enter[row]!;
    const exit = given.exit[row]!;
    const span = given.span === undefined ? row : given.span[row]!;
    const longest = calls.exit[span]! - calls.enter[span]!;
    const below = depth > 0 ? last[depth - 1]! : NONE;
    const before = last[depth]!;
    if (
      longest < width &&
      before !== NONE &&
      this.parent[before] === below &&
      enter - this.exit[before]! < width &&
      exit - this.enter[before]! < width * WIDEST &&
      this.longestOf(before) < width
    ) {
      if (exit > this.exit[before]!) this.exit[before] = exit;
      this.spans[before]! += given.spans === undefined ? 1 : given.spans[row]!;
      if (longest > this.longestOf(before)) this.span[before] = span;
      return;
    }
    const own = this.count++;
    if (own === this.enter.length) this.grow();
    this.enter[own] = enter;
    this.exit[own] = exit;
    this.depth[own] = depth;
    this.parent[own] = below;
    this.span[own] = span;
    this.spans[own] = given.spans === undefined ? 1 : given.spans[row]!;
    last[depth] = own;
  }

  private longestOf(row: number): number {
    const span = this.span[row]!;
    return this.calls.exit[span]! - this.calls.enter[span]!;
  }

  private grow(): void {
    this.enter = grown(this.enter);
    this.exit = grown(this.exit);
    this.depth = grown(this.depth);
    this.parent = grown(this.parent);
    this.span = grown(this.span);
    this.spans = grown(this.spans);
  }

  done(): Rectangles {
    const { count } = this;
    return {
      count,
      enter: this.enter.slice(0, count),
      exit: this.exit.slice(0, count),
      depth: this.depth.slice(0, count),
      parent: this.parent.slice(0, count),
      span: this.span.slice(0, count),
      spans: this.spans.slice(0, count),
    };
  }
}
