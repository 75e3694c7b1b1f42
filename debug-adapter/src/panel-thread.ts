/** What the panels ask about one thread: made when they first ask, and kept. */
import type {
  NextItemArguments,
  OutputItem,
  ThrowItem,
  TickItem,
  TimelineAnswer,
} from '../../trace-runtime/src/model/panel-answers.ts';
import { lowerBound } from '../../trace-runtime/src/query/call-log.ts';
import { CallTree } from '../../trace-runtime/src/query/call-tree.ts';
import { depthBins } from '../../trace-runtime/src/query/depth-bins.ts';
import { Flame } from '../../trace-runtime/src/query/flame.ts';
import { Throw } from '../../trace-runtime/src/query/overview.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import { Cause } from '../../trace-runtime/src/wire/words.ts';
import { BreakpointHits } from './breakpoint-hits.ts';
import { Functions } from './functions.ts';
import { outputText } from './output-text.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** Items of a kind that are given one by one. */
const FEW = 500;

const KINDS: Readonly<Record<Throw, ThrowItem['kind']>> = {
  [Throw.thrown]: 'thrown',
  [Throw.caught]: 'caught',
  [Throw.uncaught]: 'uncaught',
};
const CAUSES = new Map(Object.entries(Cause).map(([name, code]) => [code as number, name]));

export class PanelThread {
  readonly functions: Functions;
  readonly tree: CallTree;
  readonly hits: BreakpointHits;
  private drawn: Flame | undefined;
  private found: { readonly text: string; readonly serials: Uint32Array } | undefined;

  constructor(
    places: Places,
    readonly thread: RecordedThread,
  ) {
    this.functions = new Functions(places, thread);
    this.tree = new CallTree(thread.calls);
    this.hits = new BreakpointHits(thread.timeline);
  }

  get flame(): Flame {
    return (this.drawn ??= new Flame(this.thread.calls));
  }

  /** Serials of the calls of functions that the text names, ascending. */
  matching(text: string): Uint32Array {
    if (this.found?.text === text) return this.found.serials;
    const { calls } = this.thread;
    const sites = this.functions.matching(text);
    const serials = new Uint32Array(sites.size === 0 ? 0 : calls.calls);
    let count = 0;
    for (let serial = 1; sites.size > 0 && serial <= calls.calls; serial++) {
      const span = calls.firstSpan(serial);
      if (span !== undefined && sites.has(calls.site[span]!)) serials[count++] = serial;
    }
    this.found = { text, serials: serials.slice(0, count) };
    return this.found.serials;
  }

  /** Moment of the nearest one behind the moment, or before it. */
  nextItem({ item, moment, direction }: NextItemArguments): number | undefined {
    const { throws, outputs, ticks } = this.thread.timeline.overview;
    const { moment: moments, count } = { throw: throws, output: outputs, tick: ticks }[item];
    if (direction === 'previous') return moments[lowerBound(moments, moment, count) - 1];
    const next = lowerBound(moments, moment + 1, count);
    return next < count ? moments[next] : undefined;
  }

  /** All but the hits of breakpoints. */
  timeline(from: number, to: number, count: number): TimelineAnswer {
    const { calls } = this.thread;
    const { throws, outputs, ticks } = this.thread.timeline.overview;
    const { most, least, begun } = depthBins(calls, this.flame, from, to, count);
    const binned = (moments: Uint32Array, rows: number): number[] => binMoments(moments, rows, from, to, count);
    return {
      threadId: this.thread.id,
      from,
      to,
      bins: {
        most: Array.from(most),
        least: Array.from(least),
        calls: Array.from(begun),
        throws: binned(throws.moment, throws.count),
        outputs: binned(outputs.moment, outputs.count),
        ticks: binned(ticks.moment, ticks.count),
        hits: null,
      },
      hitsAreExact: true,
      throws: itemsOf(throws, from, to, (row): ThrowItem => ({
        moment: throws.moment[row]!,
        kind: KINDS[throws.kind[row]! as Throw],
        text: throws.texts[row] ?? '',
      })),
      outputs: itemsOf(outputs, from, to, (row): OutputItem => ({
        moment: outputs.moment[row]!,
        descriptor: outputs.descriptor[row]!,
        text: outputText(outputs.texts[row]),
      })),
      ticks: itemsOf(ticks, from, to, (row): TickItem => ({
        moment: ticks.moment[row]!,
        number: ticks.number[row]!,
        cause: CAUSES.get(ticks.cause[row]!) ?? '',
        causeTick: ticks.causeTick[row]!,
        milliseconds: ticks.milliseconds[row]!,
      })),
    };
  }
}

function binMoments(moments: Uint32Array, rows: number, from: number, to: number, count: number): number[] {
  const bins = Array.from({ length: count }, () => 0);
  const width = (to - from) / count;
  for (let row = lowerBound(moments, from, rows); row < rows && moments[row]! < to; row++)
    bins[Math.min(count - 1, Math.floor((moments[row]! - from) / width))]!++;
  return bins;
}

function itemsOf<T>(
  { moment, count }: { readonly moment: Uint32Array; readonly count: number },
  from: number,
  to: number,
  item: (row: number) => T,
): T[] | null {
  const first = lowerBound(moment, from, count);
  const end = lowerBound(moment, to, count);
  return end - first > FEW ? null : Array.from({ length: end - first }, (_, i) => item(first + i));
}
