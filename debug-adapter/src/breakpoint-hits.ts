/** Where breakpoints on lines and functions are hit, for panels: counted a stretch at a time and remembered. */
import { finish, type Position, type Timeline } from '../../trace-runtime/src/query/timeline.ts';
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
  /** by the first statement of a stretch: moments of its hits */
  private readonly known = new Map<number, Uint32Array>();
  private kept = 0;

  constructor(private readonly timeline: Timeline) {}

  /** Of `count` bins from the moment `from` up to `to`; whoever asks stands elsewhere afterwards. */
  *within(sites: ReadonlySet<number>, from: number, to: number, count: number): Progress<Hits> {
    this.use(sites);
    const bins = Array.from({ length: count }, () => 0);
    const width = (to - from) / count;
    const binOf = (moment: number): number => Math.floor((moment - from) / width);
    const until = performance.now() + PATIENCE;
    let isExact = true;
    for (const stretch of this.timeline.stretches(sites, from, to)) {
      const isFine = stretch.to.moment - stretch.from.moment < width;
      let hits = this.known.get(stretch.from.statements);
      if (hits === undefined && !isFine && performance.now() < until) hits = this.count(stretch.from, stretch.to);
      if (hits !== undefined) {
        for (const moment of hits) if (moment >= from && moment < to) bins[binOf(moment)]!++;
      } else {
        isExact &&= isFine;
        const last = Math.min(count - 1, binOf(stretch.to.moment));
        for (let i = Math.max(0, binOf(stretch.from.moment)); i <= last; i++) bins[i] ||= 1;
      }
      yield stretch.from.moment;
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

  private count(from: Position, to: Position): Uint32Array {
    const found: number[] = [];
    const { timeline, sites } = this;
    const { replay } = timeline;
    timeline.seek(from);
    finish(
      timeline.forward({
        statement: ({ file }, op) => {
          if (replay.statements >= to.statements) return true;
          if (sites.has(file.base + op)) found.push(replay.moment);
          return false;
        },
      }),
    );
    const hits = Uint32Array.from(found);
    this.known.set(from.statements, hits);
    this.kept += hits.length;
    return hits;
  }
}
