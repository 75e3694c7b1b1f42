/**
 * A stream in windows, one behind the other, as columns: where each begins, and which sites occur in it. The last one is
 * empty and begins at the stream's end.
 */
import type { ReplayMark } from '../replay.ts';
import { SiteSet } from '../site-set.ts';

export interface WindowColumns {
  readonly moment: Float64Array;
  readonly statements: Float64Array;
  readonly newest: Float64Array;
  readonly activations: Float64Array;
  /** where its mark is kept */
  readonly place: Float64Array;
  /** stretches that it was read in */
  readonly stretches: Uint16Array;
  /** sites of window i: from sitesFrom[i] up to sitesFrom[i + 1] */
  readonly sitesFrom: Float64Array;
  readonly sites: Int32Array;
}

/** Where a window or a stretch begins. */
export interface Facts {
  readonly moment: number;
  readonly statements: number;
  readonly newest: number;
  readonly activations: number;
}

export class Windows {
  /** all sites that occur */
  private all: SiteSet | undefined;
  private readonly narrowed = new WeakMap<ReadonlySet<number>, ReadonlySet<number>>();

  constructor(readonly columns: WindowColumns) {}

  get count(): number {
    return this.columns.moment.length;
  }

  at(window: number): Facts {
    const { moment, statements, newest, activations } = this.columns;
    return {
      moment: moment[window]!,
      statements: statements[window]!,
      newest: newest[window]!,
      activations: activations[window]!,
    };
  }

  /** Where it ends; undefined of the last one, which ends with the stream. */
  endOf(window: number): Facts | undefined {
    return window + 1 < this.count ? this.at(window + 1) : undefined;
  }

  sitesOf(window: number): Int32Array {
    const { sites, sitesFrom } = this.columns;
    return sites.subarray(sitesFrom[window], sitesFrom[window + 1]);
  }

  /** Those of the sites that occur anywhere: of many that a program has, few are executed. */
  occurring(sites: ReadonlySet<number>): ReadonlySet<number> {
    const known = this.narrowed.get(sites);
    if (known) return known;
    const all = (this.all ??= SiteSet.of(this.columns.sites));
    const found = new Set([...sites].filter((site) => all.has(site)));
    this.narrowed.set(sites, found);
    return found;
  }

  /** The last one whose beginning holds the predicate, which holds for none behind one that it does not hold for. */
  last(holds: (facts: Facts) => boolean): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.at(middle))) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The columns while they are made. */
export class WindowRows {
  private readonly rows: (Facts & { readonly place: number })[] = [];
  private readonly stretches: number[] = [];
  private readonly sites: Int32Array[] = [];

  begin(at: ReplayMark, place: number): void {
    const { moment, statements, newest, fields } = at;
    this.rows.push({ moment, statements, newest, activations: fields.activations ?? 0, place });
  }

  end(stretches: number, sites: Int32Array): void {
    this.stretches.push(stretches);
    this.sites.push(sites);
  }

  columns(): WindowColumns {
    const column = (of: (row: Facts & { readonly place: number }) => number) => Float64Array.from(this.rows, of);
    const sitesFrom = new Float64Array(this.sites.length + 1);
    this.sites.forEach((each, i) => (sitesFrom[i + 1] = sitesFrom[i]! + each.length));
    const sites = new Int32Array(sitesFrom[this.sites.length]!);
    this.sites.forEach((each, i) => sites.set(each, sitesFrom[i]));
    return {
      moment: column(({ moment }) => moment),
      statements: column(({ statements }) => statements),
      newest: column(({ newest }) => newest),
      activations: column(({ activations }) => activations),
      place: column(({ place }) => place),
      stretches: Uint16Array.from(this.stretches),
      sitesFrom,
      sites,
    };
  }
}
