/**
 * A store's segments. Their names say what they hold: `LEVEL-FIRST-LAST.seg`, where the numbers are those of the
 * write-ahead logs that they replace.
 */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { BLOCK_ROWS, encodeBlock, levels, type Level } from './block.ts';
import { concatColumns, inOrder, mapColumns, rollUp, type Columns } from './columns.ts';
import { Segment, SegmentWriter } from './segment-file.ts';

const NAME = /^(raw|s10|m1)-(\d+)-(\d+)\.seg$/;
/** as many segments of a size become one of the next size */
const MERGED = 8;
/** logs in the largest segments: what is kept for long is in few files, what is kept shortly goes soon */
const LARGEST: Readonly<Record<Level, number>> = { raw: 64, s10: 64, m1: 512 };

export interface SegmentName {
  readonly level: Level;
  readonly first: number;
  readonly last: number;
}

export function segmentFile(folder: string, { level, first, last }: SegmentName): string {
  return path.join(folder, `${level}-${first}-${last}.seg`);
}

/** All segments' names in a folder, oldest first. */
export function segmentNames(folder: string): SegmentName[] {
  const names = readdirSync(folder).flatMap((file) => {
    const [, level, first, last] = NAME.exec(file) ?? [];
    return level === undefined ? [] : [{ level: level as Level, first: Number(first), last: Number(last) }];
  });
  return names.toSorted((one, other) => one.first - other.first || other.last - one.last);
}

interface Held extends SegmentName {
  readonly segment: Segment;
}

export class SegmentSet implements Disposable {
  readonly #folder: string;
  readonly #held = new Map<Level, Held[]>(levels.map((level) => [level, []]));
  readonly #problems: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    for (const file of readdirSync(folder)) if (file.endsWith('.tmp')) rmSync(path.join(folder, file));
    for (const name of segmentNames(folder)) this.#open(name);
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Takes in a segment that was just written. */
  add(name: SegmentName): void {
    const before = this.#problems.length;
    this.#open(name);
    const failed = this.#problems.length > before;
    if (failed) throw new Error(this.#problems.at(-1));
  }

  read(level: Level, series: number, from: number, to: number): Columns[] {
    const found: Columns[] = [];
    for (const { segment } of this.#held.get(level) ?? []) {
      const columns = segment.read(series, from, to);
      if (columns.times.length > 0) found.push(columns);
    }
    return found;
  }

  /** When the oldest sample of a series is that a segment of any level still has. */
  firstTime(series: number): number | undefined {
    const all = [...this.#held.values()].flat().map(({ segment }) => segment.firstTime(series) ?? Infinity);
    const first = Math.min(...all);
    return first < Infinity ? first : undefined;
  }

  /** The last sample's time of each series that is in one of the newest segments. */
  lastTimes(): Map<number, number> {
    const times = new Map<number, number>();
    for (const { segment } of this.#held.get('raw')?.slice(-MERGED) ?? []) {
      for (const [series, last] of segment.lastTimes()) times.set(series, Math.max(last, times.get(series) ?? 0));
    }
    return times;
  }

  /** Deletes segments of which nothing is as young as `oldest`. */
  deleteBefore(level: Level, oldest: number): void {
    const held = this.#held.get(level) ?? [];
    const kept = held.filter(({ segment }) => segment.last >= oldest);
    for (const old of held) if (!kept.includes(old)) this.#remove(old);
    this.#held.set(level, kept);
  }

  /** Makes one segment of several small ones, as long as there are enough; `pause` is awaited between series. */
  async merge(pause: () => Promise<void>): Promise<void> {
    for (const level of levels) {
      for (let run = this.#mergeable(level); run; run = this.#mergeable(level)) await this.#mergeRun(level, run, pause);
    }
  }

  [Symbol.dispose](): void {
    for (const held of this.#held.values()) for (const { segment } of held) segment[Symbol.dispose]();
  }

  #open(name: SegmentName): void {
    const held = this.#held.get(name.level) ?? [];
    const file = segmentFile(this.#folder, name);
    // A merge that ended before it had deleted what it merged.
    if (held.some(({ first, last }) => first <= name.first && last >= name.last)) return rmSync(file);
    try {
      const segment = new Segment(file);
      this.#problems.push(...segment.problems);
      held.push({ ...name, segment });
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
  }

  #mergeable(level: Level): readonly Held[] | undefined {
    const held = this.#held.get(level) ?? [];
    for (let size = 1; size < LARGEST[level]; size *= MERGED) {
      const ofSize = (one: Held): boolean => width(one) >= size && width(one) < size * MERGED;
      const start = held.findIndex(ofSize);
      const run = held.slice(start, start + MERGED);
      if (start >= 0 && run.length === MERGED && run.every(ofSize)) return run;
    }
    return undefined;
  }

  async #mergeRun(level: Level, run: readonly Held[], pause: () => Promise<void>): Promise<void> {
    const name = { level, first: (run[0] as Held).first, last: (run.at(-1) as Held).last };
    const writer = new SegmentWriter(segmentFile(this.#folder, name), level);
    const series = new Set(run.flatMap(({ segment }) => [...segment.lastTimes()].map(([id]) => id)));
    for (const id of [...series].toSorted((one, other) => one - other)) {
      const parts = run.map(({ segment }) => segment.read(id, -Infinity, Infinity));
      const whole = parts.filter(({ times }) => times.length > 0);
      if (whole.length > 0) addBlocks(writer, level, id, inOrder(concatColumns(whole)));
      await pause();
    }
    writer.finish();
    const held = this.#held.get(level) ?? [];
    const at = held.indexOf(run[0] as Held);
    held.splice(at, run.length, { ...name, segment: new Segment(segmentFile(this.#folder, name)) });
    for (const old of run) this.#remove(old);
  }

  #remove(held: Held): void {
    held.segment[Symbol.dispose]();
    rmSync(segmentFile(this.#folder, held), { force: true });
  }
}

/** how many write-ahead logs it replaced */
function width({ first, last }: SegmentName): number {
  return last - first + 1;
}

const rowMs: Readonly<Record<Level, number>> = { raw: 0, s10: 10_000, m1: 60_000 };

/** The blocks of one series, rolled up for their level. */
export function addBlocks(writer: SegmentWriter, level: Level, series: number, columns: Columns): void {
  const rows = level === 'raw' ? columns : rollUp(columns, rowMs[level]);
  for (let at = 0; at < rows.times.length; at += BLOCK_ROWS) {
    const part = mapColumns((name) => rows[name].subarray(at, at + BLOCK_ROWS));
    writer.add(encodeBlock(series, level, part));
  }
}
