/**
 * What is executed of a light recording whose middle was dropped (`--keep`), or that is too long to be executed whole: the
 * start-up, and then what came shortly before a request until shortly after it. What only makes sense with what lies between, such as a
 * timer that was set there, is left out with all that it led to. Connections that were accepted there are made anew.
 */
import { arrivalOf } from '../model/recorded-world.ts';
import type { WindowJump, WindowMark } from '../model/window-mark.ts';
import type { Moment } from '../query/moments.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';

export interface WindowPlan {
  /** what is executed */
  readonly entries: readonly BoundaryEntry[];
  /** numbers of the ticks that are */
  readonly ticks: ReadonlySet<number>;
  /** ticks whose data cannot be compared */
  readonly unchecked: readonly number[];
  /** last tick of the start-up, and the one behind which the rest begins */
  readonly startup: number;
  readonly from: number;
  /** [first, end) */
  readonly moments: readonly (readonly [Moment, Moment])[];
  /** arrivals that were left out: they belong to what was dropped */
  readonly left: number;
  /** the recorded run goes on behind what is executed */
  readonly isCut: boolean;
  /** ticks that have to be proven for the request that it is about; undefined where there is none */
  readonly needed: number | undefined;
}

/** A recording with more arrivals than this behind its start-up is not executed whole. */
const MOST_ARRIVALS = 20_000;
/** What came before the request so long is executed too: it may have left something in memory. */
const BEFORE_MS = 1000;
const AFTER_MS = 500;
const FAILED = 500;

/** Undefined where all is there and is executed. `near`: of what lies behind the start-up only the request is executed. */
export function planWindow(stream: ReadStream, near: boolean): WindowPlan | undefined {
  const marks = stream.entries.filter(({ kind }) => kind === 'window');
  const [first] = marks;
  if (!first) return undefined;
  const gap = marks.findLastIndex((mark, at) => at > 0 && markOf(mark).n !== markOf(marks[at - 1]!).n + 1);
  if (gap < 0 && stream.entries.filter(isArrival).length <= MOST_ARRIVALS) return undefined;
  const begin = gap < 0 ? 0 : marks.findIndex((mark, at) => at >= gap && markOf(mark).fresh);
  if (begin < 0) return partOf(stream, first, undefined, undefined);
  const readable = stream.entries.slice(stream.entries.indexOf(marks[begin]!));
  const timeOf = timesOf(stream);
  const request = requestOf(readable, timeOf);
  const begun = near ? request?.from : request?.since;
  const until = timeOf(begun ?? Infinity) - (near && request ? 0 : BEFORE_MS);
  const from = marks
    .slice(begin)
    .findLast(({ moment }) => timeOf(moment) <= until && !(begun !== undefined && moment > begun));
  const end = request && timeOf(request.to) + AFTER_MS;
  const last =
    end === undefined ? undefined : readable.find((entry) => isArrival(entry) && timeOf(entry.moment) > end)?.moment;
  return partOf(stream, first, from ?? marks[begin]!, last, request, near);
}

function partOf(
  stream: ReadStream,
  first: BoundaryEntry,
  from: BoundaryEntry | undefined,
  end: Moment = Infinity,
  request?: Asked,
  isAlone = false,
): WindowPlan {
  const start = markOf(first);
  const given = from ? markOf(from) : start;
  const jump = (to: Partial<WindowJump>): BoundaryEntry => made(first, 'jump', { after: start.tick, ...to });
  const before = stream.entries.filter(({ moment }) => moment < first.moment);
  const rest = from ? stream.entries.filter(({ moment }) => moment > from.moment && moment < end) : [];
  const { groups, left, reopened } = whole(rest, end, {
    start,
    from: given,
    known: acceptedIn(stream),
    only: isAlone ? request?.from : undefined,
  });
  const again = reopened.flatMap(({ socket, by }) => [
    jump({ objects: { accepted: socket - 1 } }),
    made(first, 'socket.accepted', { socket, event: 'connection', ...by }),
  ]);
  const over = from ? [jump({ ids: given.ids, objects: given.objects, tick: given.tick })] : [];
  const lastTick = lastTickOf(stream);
  const jumped: number[] = [start.tick, given.tick];
  const kept = groups.flatMap(({ entries, from: moment, behind }) => {
    const own = entries.filter(({ kind }) => kind !== 'window');
    if (!behind) return own;
    const tick = lastTick(moment);
    jumped.push(tick);
    return [jump({ ids: behind[0], objects: { '': behind[1] }, tick }), ...own];
  });
  const moments = joined([[0, first.moment], ...groups.map(({ from: a, to }): [Moment, Moment] => [a, to])]);
  const ticks = ticksIn(stream, moments, start.tick);
  return {
    entries: [...before, ...again, ...over, ...kept],
    ticks,
    unchecked: [...jumped, ...uncovered(stream, moments)],
    startup: start.tick,
    from: given.tick,
    moments,
    left,
    isCut: end !== Infinity || !from,
    needed: request && neededFor(stream, ticks, request.to),
  };
}

function made(like: BoundaryEntry, kind: string, detail: object): BoundaryEntry {
  return { ...like, kind, numbers: [], at: undefined, detail: { ...detail } };
}

/** An arrival with all until the next. */
interface Group {
  readonly entries: BoundaryEntry[];
  readonly from: Moment;
  to: Moment;
  /** what comes before it is left out: ids of calls and of objects that were given by then */
  behind?: readonly [number, number];
}

interface Reopened {
  readonly socket: number;
  /** server and ends */
  readonly by: object;
}

interface Passing {
  readonly start: WindowMark;
  readonly from: WindowMark;
  /** accepted connections, as far as anything says whose they are */
  readonly known: ReadonlyMap<unknown, object>;
  /** of a request: only what it led to is executed */
  readonly only: Moment | undefined;
}

interface Whole {
  readonly groups: readonly Group[];
  readonly reopened: readonly Reopened[];
  readonly left: number;
}

function acceptedIn({ entries }: ReadStream): ReadonlyMap<unknown, object> {
  const known = new Map<unknown, object>();
  for (const { kind, detail } of entries) {
    const { socket, accepted } = detail;
    if (kind === 'http.request' && typeof accepted === 'object' && accepted !== null) known.set(socket, accepted);
  }
  return known;
}

/** Arrivals that need nothing of what was dropped or of what is left out. */
function whole(entries: readonly BoundaryEntry[], end: Moment, { start, from, known, only }: Passing): Whole {
  const calls = new Ranges(start.ids, from.ids);
  const sockets = new Ranges(start.objects[''] ?? 0, from.objects[''] ?? 0);
  const isDropped = (family: string, id: unknown): boolean =>
    Number(id) > (start.objects[family] ?? 0) && Number(id) <= (from.objects[family] ?? 0);
  const reopened = new Map<unknown, Reopened>();
  const groups: Group[] = [];
  const own = { calls: new Ranges(0, 0), sockets: new Ranges(0, 0) };
  let ownSocket: unknown;
  let left = 0;
  /** ids given where the latest arrival that is left out began */
  let out: readonly [number, number] | undefined;
  /** and where the latest one began that is executed */
  let inside: readonly [number, number] | undefined;
  for (const group of grouped(entries, end)) {
    const [arrival] = group.entries;
    const given = givenBefore(arrival!);
    if (out) {
      calls.add(out[0], given[0]);
      sockets.add(out[1], given[1]);
    } else if (inside) {
      own.calls.add(inside[0], given[0]);
      own.sockets.add(inside[1], given[1]);
    }
    if (isOther(group)) {
      left++;
      [out, inside] = [given, undefined];
      continue;
    }
    reopen(group);
    if (needsDropped(arrival!)) {
      left++;
      [out, inside] = [given, undefined];
    } else {
      groups.push(out ? { ...group, behind: given } : group);
      [out, inside] = [undefined, given];
    }
  }
  return { groups, left, reopened: [...reopened.values()].sort((a, b) => a.socket - b.socket) };

  /** Where one request alone is executed: it is none of what that led to. */
  function isOther({ entries: [arrival], from: a, to }: Group): boolean {
    if (only === undefined || a > only) return only !== undefined && !isOwn(arrival!.detail);
    if (to <= only) return true;
    ownSocket = arrival!.detail['socket'];
    return false;
  }

  function isOwn({ id, socket, of }: BoundaryEntry['detail']): boolean {
    const met = socket ?? (typeof of === 'number' ? of : undefined);
    return met === undefined ? own.calls.has(id) : met === ownSocket || own.sockets.has(met);
  }

  /** A request begins on a connection that was accepted in what was dropped. */
  function reopen({ entries: [arrival, ...more] }: Group): void {
    const { socket } = arrival!.detail;
    const by = known.get(socket);
    if (typeof socket !== 'number' || !by || reopened.has(socket) || !isDropped('accepted', socket)) return;
    if (more.some(({ kind, detail }) => kind === 'http.request' && detail['socket'] === socket))
      reopened.set(socket, { socket, by });
  }

  function needsDropped({ kind, detail }: BoundaryEntry): boolean {
    const { id, socket, of, port, child, worker } = detail;
    if (kind === 'socket.accepted') return false;
    const met = socket ?? (typeof of === 'number' ? of : undefined);
    if (met !== undefined) return !reopened.has(met) && (isDropped('accepted', met) || sockets.has(met));
    if (typeof id === 'number') return calls.has(id);
    return isDropped('port', port) || isDropped('child', child) || isDropped('worker', worker);
  }
}

function grouped(entries: readonly BoundaryEntry[], end: Moment): readonly Group[] {
  const groups: Group[] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    if (!isArrival(entry)) group?.entries.push(entry);
    else {
      if (group) group.to = entry.moment;
      groups.push({ entries: [entry], from: entry.moment, to: end });
    }
  }
  return groups;
}

/** Ids that were given to what is not executed: ranges (after, until]. */
class Ranges {
  readonly #after: number[] = [];
  readonly #until: number[] = [];

  constructor(after: number, until: number) {
    this.add(after, until);
  }

  add(after: number, until: number): void {
    if (until <= after) return;
    this.#after.push(after);
    this.#until.push(until);
  }

  has(id: unknown): boolean {
    if (typeof id !== 'number') return false;
    let [low, high] = [0, this.#after.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#until[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low < this.#after.length && id > this.#after[low]!;
  }
}

/** Ids of calls and of objects that had been given before the arrival. */
function givenBefore({ detail }: BoundaryEntry): readonly [number, number] {
  const [calls = 0, objects = 0] = (detail['given'] ?? []) as readonly number[];
  return [calls, objects];
}

/** Ranges that touch made one. */
function joined(moments: readonly (readonly [Moment, Moment])[]): readonly (readonly [Moment, Moment])[] {
  const out: [Moment, Moment][] = [];
  for (const [a, b] of moments) {
    const last = out.at(-1);
    if (last && last[1] === a) last[1] = b;
    else out.push([a, b]);
  }
  return out;
}

/** Ticks in which, or behind which, something came that is not executed. */
function uncovered({ ticks }: ReadStream, moments: readonly (readonly [Moment, Moment])[]): readonly number[] {
  const found: number[] = [];
  let at = 0;
  for (let row = 0; row < ticks.count; row++) {
    const [from, to] = [ticks.moment[row]!, row + 1 < ticks.count ? ticks.moment[row + 1]! : Infinity];
    while (at < moments.length && moments[at]![1] < to) at++;
    if (!(at < moments.length && moments[at]![0] <= from)) found.push(ticks.number[row]!);
  }
  return found;
}

/** Number of the last tick that begins before a moment. */
function lastTickOf({ ticks }: ReadStream): (moment: Moment) => number {
  return (moment) => {
    const row = rowOf(ticks, moment);
    return row < 0 ? 0 : ticks.number[row]!;
  };
}

/** The last row that begins at the moment or before; -1 where there is none. */
function rowOf({ moment: moments, count }: ReadStream['ticks'], moment: Moment): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function isArrival({ kind, detail }: BoundaryEntry): boolean {
  return arrivalOf(kind, detail) !== undefined;
}

function markOf({ detail }: BoundaryEntry): WindowMark {
  const { n, tick, ids, objects, fresh } = detail as Partial<WindowMark>;
  return { n: n ?? 0, tick: tick ?? 0, ids: ids ?? 0, objects: objects ?? {}, ...(fresh && { fresh }) };
}

/** A request, from where it came in to its last answer. */
interface Asked {
  readonly from: Moment;
  /** infinite where it was not answered any more */
  readonly to: Moment;
  /** at most `from` */
  readonly since: Moment;
  readonly failed: boolean;
}

/**
 * From the first mark on, the last request that failed; else the last one. Then those are looked at, too, that were answered
 * shortly before the end: `since`. Which of them was the last, or the one that matters, only its client knows.
 */
function requestOf(entries: readonly BoundaryEntry[], timeOf: (moment: Moment) => number): Asked | undefined {
  const open = new Map<unknown, { readonly from: Moment; status: number }>();
  const answered: Asked[] = [];
  let last: Moment | undefined;
  for (const { kind, detail, moment } of entries) {
    const { id } = detail;
    if (kind === 'http.request') {
      open.set(id, { from: moment, status: 0 });
      last = moment;
    }
    const request = kind === 'http.send' ? open.get(id) : undefined;
    if (!request) continue;
    const { head } = detail;
    if (typeof head === 'string') request.status = Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0);
    if (detail['last'] !== true || request.status < 200) continue;
    open.delete(id);
    const { from, status } = request;
    answered.push({ from, to: moment, since: from, failed: status >= FAILED });
  }
  const failed = answered.findLast((each) => each.failed);
  if (failed || last === undefined) return failed;
  const latest = timeOf(entries.at(-1)!.moment) - BEFORE_MS;
  const since = answered
    .filter(({ to }, at) => at === answered.length - 1 || timeOf(to) >= latest)
    .reduce((least, { from }) => Math.min(least, from), last);
  const isAnswered = answered.some(({ from }) => from === last);
  return { from: last, to: isAnswered ? answered.at(-1)!.to : Infinity, since: since as Moment, failed: false };
}

/** The thread's milliseconds at a moment, by its ticks. */
function timesOf({ ticks }: ReadStream): (moment: Moment) => number {
  return (moment) => {
    const row = rowOf(ticks, moment);
    return row < 0 ? 0 : ticks.milliseconds[row]!;
  };
}

function neededFor({ ticks: all }: ReadStream, ticks: ReadonlySet<number>, end: Moment): number {
  let needed = 0;
  for (let row = 0; row < all.count; row++) if (ticks.has(all.number[row]!) && all.moment[row]! <= end) needed++;
  return needed;
}

/** A tick begins behind the arrival that led to it, and not behind the next one. */
function ticksIn(
  { ticks }: ReadStream,
  moments: readonly (readonly [Moment, Moment])[],
  startup: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  let at = 0;
  for (let row = 0; row < ticks.count; row++) {
    const [number, moment] = [ticks.number[row]!, ticks.moment[row]!];
    while (at < moments.length && moment > moments[at]![1]) at++;
    const range = moments[at];
    if (number <= startup || (range && moment > range[0])) found.add(number);
  }
  return found;
}
