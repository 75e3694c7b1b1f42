/**
 * The recorded answers of calls, handed out again: by the statement that asks, its arguments and its turn. The statement
 * is found although lines have moved; where it was edited away, its answers go to whoever asks the same in its place.
 */
import type { AnswerSeries, RecordedWorld, WorldJson } from '../../model/recorded-world.ts';
import type { CallPlace } from './callers.ts';

export interface Answer {
  readonly value: WorldJson;
  /** its place among all answers of its thread */
  readonly order: number;
}

export interface Answers {
  /** undefined where nothing recorded matches */
  take(kind: string, args: string, place: CallPlace | undefined): Answer | undefined;
  /** As `take`, for what goes on being so: the last answer is given again and again. */
  keep(kind: string, args: string): Answer | undefined;
  /** The next of the kind in this thread, whoever asks. */
  next(kind: string): Answer | undefined;
  /** The one of the kind in this thread that was given first after that order, whether or not it was handed out again. */
  following(kind: string, order: number): Answer | undefined;
  /** whether the recorded sources have the line */
  isKnown(place: CallPlace): boolean;
  /** whether the recording has any answer of the kind */
  knows(kind: string): boolean;
}

interface Turn {
  readonly series: AnswerSeries;
  next: number;
}

/** After so many calls of a kind only their order counts: looking for who asks would take too long. */
export const LOOKED_AT = 20_000;

/** `stream`: the thread's own number in the recording; its answers come before those of others. */
export function createAnswers(world: RecordedWorld, stream: number): Answers {
  const turns = new Map<string, Turn[]>();
  const asked = new Map<string, number>();
  const generated = new Set(world.generated);
  for (const series of world.series) {
    const list = turns.get(series.kind);
    if (list) list.push({ series, next: 0 });
    else turns.set(series.kind, [{ series, next: 0 }]);
  }
  for (const list of turns.values()) {
    const rank = ({ series }: Turn): number => (series.stream === stream ? -1 : series.stream);
    list.sort((a, b) => rank(a) - rank(b));
  }

  function recordedPlace({ file, line }: CallPlace): { file: string; line: number } | undefined {
    const lines = world.lines[file];
    if (!lines) return { file, line };
    const found = lines[line - 1] ?? 0;
    if (found === 0) return undefined;
    if (typeof found === 'number') return { file, line: found };
    const at = found.lastIndexOf(':');
    return { file: found.slice(0, at), line: Number(found.slice(at + 1)) };
  }

  function find(open: readonly Turn[], place: CallPlace | undefined): Turn | undefined {
    const siteOf = ({ series: { site } }: Turn) => world.sites[site];
    if (!place) return first(open.filter(({ series }) => series.site < 0)) ?? first(open.filter(isGone));
    if (generated.has(place.file)) {
      const inFile = open.filter((turn) => siteOf(turn)?.file === place.file);
      return first(inFile.filter((turn) => siteOf(turn)?.function === place.function)) ?? first(inFile);
    }
    const was = recordedPlace(place);
    if (was) {
      const around = open.filter((turn) => {
        const site = siteOf(turn);
        return site?.file === was.file && site.line <= was.line && was.line <= site.endLine;
      });
      const lines = (turn: Turn): number => siteOf(turn)!.endLine - siteOf(turn)!.line;
      const least = Math.min(...around.map(lines));
      const found = nearest(around.filter((turn) => lines(turn) === least));
      if (found) return found;
    }
    const gone = open.filter(isGone);
    return first(gone.filter((turn) => siteOf(turn)?.function === place.function)) ?? first(gone);

    function nearest(list: readonly Turn[]): Turn | undefined {
      const before = list.filter((turn) => siteOf(turn)!.column <= place!.column);
      const column = Math.max(...before.map((turn) => siteOf(turn)!.column));
      return first(before.filter((turn) => siteOf(turn)!.column === column)) ?? first(list);
    }
  }

  function isGone({ series: { site } }: Turn): boolean {
    return world.sites[site]?.gone === true;
  }

  function hand(turn: Turn): Answer {
    const at = turn.next++;
    return { value: turn.series.values[at]!, order: turn.series.order[at]! };
  }

  const inOrder = new Map<string, Answer[]>();

  /** Of this thread, the first one last, so that it is taken off cheaply. */
  function listOf(kind: string): Answer[] {
    let list = inOrder.get(kind);
    if (!list) {
      const own = (turns.get(kind) ?? []).filter(({ series }) => series.stream === stream);
      list = own.flatMap(({ series: { values, order } }) => values.map((value, i) => ({ value, order: order[i]! })));
      inOrder.set(
        kind,
        list.sort((a, b) => b.order - a.order),
      );
    }
    return list;
  }

  /** Never used with `next` of the same kind. */
  function following(kind: string, order: number): Answer | undefined {
    const list = listOf(kind);
    while (list.length > 0 && list.at(-1)!.order <= order) list.pop();
    return list.at(-1);
  }

  return {
    next: (kind) => listOf(kind).pop(),
    following,
    isKnown: (place) => generated.has(place.file) || recordedPlace(place) !== undefined,
    knows: (kind) => turns.has(kind),
    take(kind, args, place) {
      const open = turns
        .get(kind)
        ?.filter((turn) => turn.series.args === args && turn.next < turn.series.values.length);
      if (!open?.length) return undefined;
      const count = (asked.get(kind) ?? 0) + 1;
      asked.set(kind, count);
      const found = count > LOOKED_AT ? first(open) : find(open, place);
      return found && hand(found);
    },
    keep(kind, args) {
      const own = turns.get(kind)?.filter(({ series }) => series.args === args) ?? [];
      const open = first(own.filter(({ series, next }) => next < series.values.length));
      if (open) return hand(open);
      const last = own.at(-1);
      return last && { value: last.series.values.at(-1)!, order: last.series.order.at(-1)! };
    },
  };
}

/** The one whose next answer was given first, among those of the first thread. */
function first(turns: readonly Turn[]): Turn | undefined {
  let best: Turn | undefined;
  for (const turn of turns) {
    if (best && turn.series.stream !== best.series.stream) continue;
    if (!best || turn.series.order[turn.next]! < best.series.order[best.next]!) best = turn;
  }
  return best;
}
