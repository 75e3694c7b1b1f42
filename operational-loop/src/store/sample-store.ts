/**
 * Samples on disk: a write-ahead log that is written twice a second, segments of compressed columns made of it, and rollups
 * of ten seconds and a minute. A process killed at any moment loses at most the samples of its last second.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SampleSink, SeriesKey } from '../model/series.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import { levels, type Level } from './block.ts';
import {
  concatColumns,
  cutColumns,
  inOrder,
  noColumns,
  resolutionMs,
  rollUp,
  type Columns,
  type Resolution,
} from './columns.ts';
import { Head } from './head.ts';
import { addBlocks, segmentFile, segmentNames, SegmentSet } from './segment-set.ts';
import { SegmentWriter } from './segment-file.ts';
import { SeriesRegistry, type SeriesInfo, type SeriesMatch } from './series-registry.ts';
import { WriteAhead } from './write-ahead.ts';

export type { Columns, Resolution } from './columns.ts';
export type { SeriesInfo, SeriesMatch } from './series-registry.ts';

/** How long samples are kept; a segment goes when its youngest sample is older. */
export interface Retention {
  readonly raw: Milliseconds;
  readonly s10: Milliseconds;
  readonly m1: Milliseconds;
}

export interface StoreOptions {
  /** made where there is none; its files are private to the user */
  readonly folder: string;
  readonly clock: Clock;
  readonly retention: Retention;
  /** after how long, and at how many samples, a segment is written */
  readonly segment?: { readonly ms: Milliseconds; readonly samples: number };
}

export interface StoreCounts {
  readonly samples: number;
  /** dropped: not later than the series' last sample */
  readonly late: number;
  /** dropped: no finite number, or a time more than ten minutes ahead */
  readonly refused: number;
  /** dropped: the disk took nothing for too long */
  readonly unwritten: number;
  readonly series: number;
}

const FLUSH_MS = 500;
const SEGMENT = { ms: 600_000, samples: 1_000_000 };
const MOST_AHEAD_MS = 600_000;
/** samples that wait for a disk that takes none, at most */
const MOST_WAITING = 500_000;
/** more is no correction: the clock was set back, and times come again */
const SET_BACK_MS = 1000;
/** samples that are told of soon after the clock was set back can have been taken shortly before, as it says now */
const TOLD_WITHIN_MS = 60_000;
/** between two samples; more and nothing was measured, or the clock was set forward, perhaps to be set right again */
const LEAP_MS = 3_600_000;
/** how long work in the background may hold up everything else */
const SLICE_MS = 10;

export class SampleStore implements SampleSink, AsyncDisposable {
  readonly #options: Required<StoreOptions>;
  readonly #registry: SeriesRegistry;
  readonly #segments: SegmentSet;
  readonly #lastTimes: Map<number, number>;
  readonly #problems: string[] = [];
  readonly #counts = { samples: 0, late: 0, refused: 0, unwritten: 0 };
  #head = new Head();
  /** while a segment is made of it; when that failed it is tried again */
  #sealing: Head | undefined;
  #sealingLog: WriteAhead | undefined;
  #sealingNow = false;
  #log: WriteAhead;
  #timer: NodeJS.Timeout | undefined;
  #firstWaiting = 0;
  #segmentBegun: UnixMs;
  /** what the clock said last */
  #now: UnixMs;
  /** nothing is deleted before */
  #keptUntil: UnixMs = -Infinity;
  #background: Promise<void> = Promise.resolve();

  /** Throws where the folder cannot be written, or a newer Hindcast wrote it. What was torn is in `problems`. */
  static async open(options: StoreOptions): Promise<SampleStore> {
    return new SampleStore({ segment: SEGMENT, ...options });
  }

  private constructor(options: Required<StoreOptions>) {
    this.#options = options;
    const { folder } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#registry = new SeriesRegistry(path.join(folder, 'series.log'));
    const logs = dropSealedLogs(folder);
    this.#segments = new SegmentSet(folder);
    this.#lastTimes = this.#segments.lastTimes();
    const next = Math.max(0, ...logs, ...segmentNames(folder).map(({ last }) => last)) + 1;
    const replayed = logs.map((log) => this.#replay(log));
    this.#log = new WriteAhead(walFile(folder, next), next, logs[0] ?? next);
    this.#problems.push(...this.#registry.problems, ...this.#segments.problems, ...replayed.flat());
    this.#now = this.#segmentBegun = options.clock.now();
    this.#forgetTimesAfter(this.#now);
    if (this.#lastTimes.size > 0)
      this.#noteLeap([...this.#lastTimes.values()].reduce((latest, time) => Math.max(latest, time), -Infinity));
    this.#applyRetention();
  }

  /** What was found torn on opening, and what the disk refused since; sentences. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  get counts(): StoreCounts {
    return { ...this.#counts, series: this.#registry.size };
  }

  append(series: SeriesKey, time: UnixMs, value: number): void {
    const moment = Math.round(time);
    const now = this.#readClock();
    if (!Number.isFinite(value) || !(moment <= now + MOST_AHEAD_MS)) return void this.#counts.refused++;
    const id = this.#registry.idOf(series);
    const last = this.#lastTimes.get(id);
    if (last !== undefined && moment <= last) return void this.#counts.late++;
    if (this.#log.waiting >= MOST_WAITING) return void this.#counts.unwritten++;
    this.#lastTimes.set(id, moment);
    this.#head.append(id, moment, value);
    this.#log.add(id, moment, value);
    this.#counts.samples++;
    this.#flushInTime();
  }

  series(match: SeriesMatch): SeriesInfo[] {
    return this.#registry.find(match);
  }

  /** When the oldest sample of a series is that is still kept, at any resolution. */
  firstTime(series: number): UnixMs | undefined {
    return this.#segments.firstTime(series) ?? this.#sealing?.firstTime(series) ?? this.#head.firstTime(series);
  }

  /** When the series' last sample was. */
  lastTime(series: number): UnixMs | undefined {
    return this.#lastTimes.get(series);
  }

  /** Rows with `from <= time < to`, oldest first. A damaged block is left out. `1s` is made of single samples. */
  read(series: number, from: UnixMs, to: UnixMs, resolution: Resolution): Columns {
    const ms = resolutionMs[resolution];
    const start = ms === 0 ? from : Math.floor(from / ms) * ms;
    const end = ms === 0 ? to : Math.ceil(to / ms) * ms;
    const level: Level = resolution === '10s' ? 's10' : resolution === '1m' ? 'm1' : 'raw';
    const parts = [
      ...this.#segments.read(level, series, start, end),
      this.#sealing?.read(series, start, end) ?? noColumns,
      this.#head.read(series, start, end),
    ].filter(({ times }) => times.length > 0);
    if (parts.length === 0) return noColumns;
    const whole = inOrder(concatColumns(parts));
    return cutColumns(ms === 0 ? whole : rollUp(whole, ms), from, to);
  }

  /** Writes what waits. When it resolves a killed process loses nothing of it. */
  async flush(): Promise<void> {
    this.#flushNow();
  }

  /** Makes a segment of all samples in memory, deletes what is too old, and merges small segments. */
  async seal(): Promise<void> {
    await this.#background;
    this.#flushNow();
    await this.#background;
    this.#beginSeal();
    await this.#background;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#flushNow();
    await this.#background;
    this.#log[Symbol.dispose]();
    this.#segments[Symbol.dispose]();
    this.#registry[Symbol.dispose]();
  }

  #flushInTime(): void {
    if (this.#timer === undefined) {
      this.#firstWaiting = performance.now();
      this.#timer = setTimeout(() => this.#flushNow(), FLUSH_MS);
      this.#timer.unref();
    } else if (performance.now() - this.#firstWaiting >= FLUSH_MS) {
      // Whoever appends without a break keeps timers from coming.
      this.#flushNow();
    }
  }

  #flushNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#registry.flush();
      this.#log.flush();
    } catch (error) {
      this.#complain(`Samples wait for the disk: ${sentence(error)}`);
      return;
    }
    const { segment, clock } = this.#options;
    const age = Math.abs(clock.now() - this.#segmentBegun);
    const due = this.#head.samples >= segment.samples || age >= segment.ms;
    if (due) this.#beginSeal();
  }

  #beginSeal(): void {
    if (this.#sealingNow) return;
    const head = this.#sealing ?? this.#swapHead();
    if (head === undefined || this.#sealingLog === undefined) return;
    this.#sealingNow = true;
    this.#background = this.#seal(head, this.#sealingLog)
      .catch((error: unknown) => this.#complain(`Samples stay in their log for now: ${sentence(error)}`))
      .finally(() => (this.#sealingNow = false));
  }

  /** Begins a new head and log; returns the old head, whose log holds all of it. */
  #swapHead(): Head | undefined {
    if (this.#head.samples === 0) return undefined;
    const { folder, clock } = this.#options;
    const sealed = this.#log;
    this.#sealing = this.#head;
    this.#sealingLog = sealed;
    this.#head = new Head();
    this.#log = new WriteAhead(walFile(folder, sealed.number + 1), sealed.number + 1, sealed.number + 1);
    this.#segmentBegun = clock.now();
    return this.#sealing;
  }

  async #seal(head: Head, log: WriteAhead): Promise<void> {
    const { folder } = this.#options;
    const pause = slices(SLICE_MS);
    const names = levels.map((level) => ({ level, first: log.first, last: log.number })).toReversed();
    // The samples' own segment comes last: once it is there the log is not needed.
    for (const name of names) {
      const writer = new SegmentWriter(segmentFile(folder, name), name.level);
      for (const id of head.ids()) {
        addBlocks(writer, name.level, id, head.read(id, -Infinity, Infinity));
        await pause();
      }
      writer.finish();
    }
    for (const name of names) this.#segments.add(name);
    this.#sealing = undefined;
    this.#sealingLog = undefined;
    log[Symbol.dispose]();
    for (let number = log.first; number <= log.number; number++) rmSync(walFile(folder, number), { force: true });
    this.#applyRetention();
    await this.#segments.merge(pause);
  }

  #readClock(): UnixMs {
    const before = this.#now;
    this.#now = this.#options.clock.now();
    if (this.#now < before - SET_BACK_MS) this.#goBack();
    else this.#noteLeap(before);
    return this.#now;
  }

  #goBack(): void {
    this.#forgetTimesAfter(this.#now);
    this.#keptUntil = Math.min(this.#keptUntil, this.#now + LEAP_MS);
  }

  /** Times later than the clock's were taken before it was set back: samples that come now are not late. */
  #forgetTimesAfter(now: UnixMs): void {
    for (const [id, last] of this.#lastTimes) if (last > now) this.#lastTimes.set(id, now - TOLD_WITHIN_MS);
  }

  #noteLeap(before: UnixMs): void {
    if (this.#now - before > LEAP_MS) this.#keptUntil = this.#now + LEAP_MS;
  }

  #applyRetention(): void {
    const now = this.#options.clock.now();
    if (now < this.#keptUntil) return;
    for (const level of levels) this.#segments.deleteBefore(level, now - this.#options.retention[level]);
  }

  /** Puts a log's samples into memory; returns what was wrong with it. */
  #replay(number: number): readonly string[] {
    let unknown = 0;
    const problems = WriteAhead.read(walFile(this.#options.folder, number), (id, time, value) => {
      if (this.#registry.get(id) === undefined) return void unknown++;
      this.#lastTimes.set(id, time);
      this.#head.append(id, time, value);
      this.#counts.samples++;
    });
    return unknown === 0 ? problems : [...problems, `${unknown} samples are of series that are not known.`];
  }

  #complain(problem: string): void {
    if (this.#problems.at(-1) !== problem) this.#problems.push(problem);
    if (this.#problems.length > 100) this.#problems.shift();
  }
}

/** The numbers of the logs that no segment has replaced, ascending. Removes the others, and segments that are not complete. */
function dropSealedLogs(folder: string): number[] {
  const numbers = readdirSync(folder).flatMap((file) => /^wal-(\d+)\.log$/.exec(file)?.[1] ?? []);
  const logs = numbers.map(Number).toSorted((one, other) => one - other);
  const names = segmentNames(folder);
  const sealed = names.filter(({ level }) => level === 'raw');
  const isSealed = (log: number): boolean => sealed.some(({ first, last }) => first <= log && log <= last);
  const open = logs.filter((log) => !isSealed(log));
  for (const log of logs) if (isSealed(log)) rmSync(walFile(folder, log));
  const partly = names.filter(({ first, last }) => open.some((log) => first <= log && log <= last));
  for (const name of partly) rmSync(segmentFile(folder, name));
  return open;
}

function walFile(folder: string, number: number): string {
  return path.join(folder, `wal-${number}.log`);
}

/** What, awaited often, lets others run each `ms` milliseconds. */
function slices(ms: number): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < ms) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    begun = performance.now();
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
