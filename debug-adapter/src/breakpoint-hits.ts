/** Where breakpoints on lines and functions are hit, for panels: counted a stretch at a time and remembered. */
import type { Timeline } from '../../trace-runtime/src/query/timeline.ts';
import type { Progress } from './work.ts';

/** Milliseconds that one question may take. */
const PATIENCE = 60;
/** Moments that are remembered. */
const MOST = 2_000_000;

export interface Hits {
  readonly bins: readonly number[];
  /** whether all were counted; bins in which there may be some have 1 */
  readonly isExact: boolean;
}

export class BreakpointHits {
  private sites: ReadonlySet<number> = new Set();
  /** by a stretch's first moment: moments of its hits */
  private readonly known = new Map<number, Uint32Array>();
  private kept = 0;

  constructor(private readonly timeline: Timeline) {}

  /** Of `count` bins from the moment `from` up to `to`; whoever asks stands elsewhere afterwards. */
  *within(sites: ReadonlySet<number>, from: number, to: number, count: number): Progress<Hits> {
    this.use(sites);
    const bins = new Array<number>(count).fill(0);
    const width = (to - from) / count;
    const binOf = (moment: number): number => Math.floor((moment - from) / width);
    const until = performance.now() + PATIENCE;
    let isExact = true;
    for (const stretch of this.timeline.stretches(sites, from, to)) {
      const isFine = stretch.to - stretch.from < width;
      let hits = this.known.get(stretch.from);
      if (hits === undefined && !isFine && performance.now() < until) hits = this.count(stretch.from, stretch.to);
      if (hits !== undefined) {
        for (const moment of hits) if (moment >= from && moment < to) bins[binOf(moment)]!++;
      } else {
        isExact &&= isFine;
        const last = Math.min(count - 1, binOf(stretch.to));
        for (let i = Math.max(0, binOf(stretch.from)); i <= last; i++) bins[i] ||= 1;
      }
      yield stretch.from;
    }
    return { bins, isExact };
  }

  private use(sites: ReadonlySet<number>): void {
    const isSame = sites.size === this.sites.size && [...sites].every((site) => this.sites.has(site));
    if (isSame && this.kept < MOST) return;
    this.sites = sites;
    this.known.clear();
    this.kept = 0;
  }

  private count(from: number, to: number): Uint32Array {
    const found: number[] = [];
    const { timeline, sites } = this;
    timeline.seekMoment(from);
    timeline.replay.onStatement(({ file }, op) => {
      if (sites.has(file.base + op)) found.push(timeline.replay.moment);
    });
    timeline.replay.runTo(to);
    timeline.replay.onStatement(undefined);
    const hits = Uint32Array.from(found);
    this.known.set(from, hits);
    this.kept += hits.length;
    return hits;
  }
}
