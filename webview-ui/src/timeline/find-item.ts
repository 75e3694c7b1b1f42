/** What of the timeline is under the pointer. */
import { counted, formatCount } from '../base/format.ts';
import { toMoment } from '../base/range.ts';
import { pixelsOf } from './bars.ts';
import { CAUSES, itemsIn, oneLine, shortTime } from './draw-items.ts';
import { CASE_ROW, type Lane } from './lanes.ts';
import { xOf, type Scene } from './scene.ts';

/** Where one is with a pointer. `thread`: of another thread, which one can go over to. */
export type Region = 'minimap' | 'ruler' | 'playhead' | 'lane' | 'thread' | 'names';

export interface Found {
  readonly region: Region;
  /** of the pointer */
  readonly moment: number;
  /** that a click goes to */
  readonly target: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** what a double click zooms to */
  readonly extent?: { readonly from: number; readonly to: number };
  readonly threadId?: number;
}

/** Pixels that a pointer may be away from an item. */
const NEAR = 6;

export function findAt(scene: Scene, x: number, y: number): Found {
  const { lanes, whole, view, place } = scene;
  const { gutter, plot, minimap, ruler } = lanes;
  const isMinimap = y < minimap.y + minimap.height;
  const share = Math.min(plot, Math.max(0, x - gutter));
  const moment = toMoment(share, isMinimap ? whole : view, plot);
  const at = { moment, target: Math.min(whole.to - 1, Math.max(0, Math.round(moment))) };
  const title = `Moment ${formatCount(at.target)}`;
  const plain = { ...at, title, lines: [] };
  const lane = lanes.list.find((each) => y >= each.y && y < each.y + each.height);
  if (lane?.thread !== undefined)
    return {
      ...plain,
      region: 'thread',
      title: lane.label,
      lines: ['Click to look at this thread.'],
      threadId: lane.thread.id,
    };
  if (x < gutter) return { ...plain, region: 'names' };
  if (isMinimap) return { ...plain, region: 'minimap' };
  if (place !== undefined && Math.abs(xOf(scene, place) - x) <= NEAR && y < ruler.y + ruler.height)
    return {
      ...plain,
      region: 'playhead',
      title: `The debugger stands at moment ${formatCount(place)}.`,
      lines: ['Drag to move it.'],
    };
  if (y < ruler.y + ruler.height) return { ...plain, region: 'ruler', lines: ['Click or drag to move the debugger.'] };
  const found = lane && inLane(scene, lane, x, y);
  const tick = tickAt(scene, at.target);
  const lines = tick === undefined ? [] : [tick];
  return found === undefined
    ? { ...plain, region: 'lane', lines: [...depthAt(scene, x), ...lines] }
    : { ...at, region: 'lane', ...found };
}

type Item = Pick<Found, 'title' | 'lines' | 'target'> & Partial<Pick<Found, 'extent'>>;

function inLane(scene: Scene, lane: Lane, x: number, y: number): Item | undefined {
  const nearest = <T extends { readonly moment: number }>(items: readonly T[] | undefined): T | undefined => {
    let best: T | undefined;
    for (const item of items ?? []) {
      const away = Math.abs(xOf(scene, item.moment) - x);
      if (away <= NEAR && (best === undefined || away < Math.abs(xOf(scene, best.moment) - x))) best = item;
    }
    return best;
  };
  const atMoment = (moment: number): string => `at moment ${formatCount(moment)}`;
  switch (lane.kind) {
    case 'cases':
      return caseAt(scene, lane, x, y);
    case 'throws': {
      const failure = nearest(scene.failures);
      if (failure !== undefined) {
        const { type, message, moment, case: failed } = failure;
        const what = failed === null ? 'Left the program' : `Failed “${failed}”`;
        return { title: `${type}: ${message}`, lines: [`${what}; began ${atMoment(moment)}`], target: moment };
      }
      const item = nearest(itemsIn(scene, ({ throws }) => throws));
      if (item === undefined) return undefined;
      const what = { thrown: 'Thrown', caught: 'Caught', uncaught: 'Left the program' }[item.kind];
      return { title: item.text, lines: [`${what} ${atMoment(item.moment)}`], target: item.moment };
    }
    case 'outputs': {
      const item = nearest(itemsIn(scene, ({ outputs }) => outputs));
      if (item === undefined) return undefined;
      const name = item.descriptor === 2 ? 'standard error' : 'standard output';
      return {
        title: oneLine(item.text) || '(nothing)',
        lines: [`On ${name} ${atMoment(item.moment)}`],
        target: item.moment,
      };
    }
    case 'ticks': {
      const item = itemsIn(scene, ({ ticks }) => ticks)?.findLast(({ moment }) => xOf(scene, moment) <= x);
      if (item === undefined) return undefined;
      const { number, cause, milliseconds, moment, causeTick } = item;
      const asked = causeTick > 0 && causeTick !== number ? [`Asked for in turn ${formatCount(causeTick)}`] : [];
      const lines = [
        `${CAUSES[cause] ?? cause}, ${shortTime(milliseconds)} after the start, ${atMoment(moment)}`,
        ...asked,
      ];
      return { title: `Turn ${formatCount(number)} of the event loop`, lines, target: moment };
    }
    default:
      return undefined;
  }
}

function caseAt(scene: Scene, lane: Lane, x: number, y: number): Item | undefined {
  const row = Math.floor((y - lane.y - 2) / CASE_ROW);
  const inside = scene.cases.findLast(
    (each) => each.row === row && xOf(scene, each.facts.first) <= x + 1 && xOf(scene, each.facts.last) >= x - 1,
  );
  if (inside === undefined) return undefined;
  const { name, outcome, first, last, file, line } = inside.facts;
  const outcomes = {
    passed: 'Passed',
    failed: 'Failed',
    skipped: 'Skipped',
    timedOut: 'Timed out',
    unfinished: 'Not finished',
  };
  const place = file === '' ? [] : [`${file}${line > 0 ? `:${line}` : ''}`];
  return {
    title: name,
    lines: [`${outcomes[outcome]}; moments ${formatCount(first)} to ${formatCount(last)}`, ...place],
    target: first,
    extent: { from: first, to: last + 1 },
  };
}

function tickAt({ parts }: Scene, moment: number): string | undefined {
  const part = parts.find(({ from, to }) => moment >= Math.floor(from) && moment <= to);
  const tick = part?.answer.ticks?.findLast((each) => each.moment <= moment);
  return tick && `${shortTime(tick.milliseconds)} after the start, or later in its turn`;
}

function depthAt({ lanes, view, parts }: Scene, x: number): string[] {
  const at = Math.floor(x - lanes.gutter);
  const value = (values: Float64Array): number => values[Math.min(Math.max(0, at), values.length - 1)] ?? -1;
  const most = value(pixelsOf(parts, view, lanes.plot, ({ bins }) => bins.most));
  const least = value(pixelsOf(parts, view, lanes.plot, ({ bins }) => bins.least, 'least'));
  if (most < 0) return [];
  return [
    least === most || least < 0
      ? `${counted(most, 'call')} deep`
      : `${formatCount(least)} to ${counted(most, 'call')} deep`,
  ];
}
