/** What a thread of a light recording told others and was told, tick by tick: see model/outgoing.ts and Runtime.check. */
import { outgoingMark } from '../model/outgoing.ts';
import type { Said, ToldStream } from '../model/recorded-world.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { Overview, type TickLog } from '../query/overview.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import type { Recording } from '../store/recording.ts';
import { openWords, type RecordedStream } from '../store/stream.ts';
import { Activations } from '../wire/words.ts';
import type { WindowPlan } from './window.ts';

interface Marked {
  readonly mark: number;
  readonly moment: Moment;
}

/** `plan`: only a part of it is executed. */
export function toldOf({ table, source }: Recording, stream: RecordedStream, plan?: WindowPlan): ToldStream {
  const replay = openStream(openWords(stream.segments), table, source);
  const overview = new Overview();
  replay.overview = overview;
  const printed: Marked[] = [];
  const said: Marked[] = [];
  const isExecuted = withinOf(plan);
  while (replay.step()) {
    const { moment, code } = replay.event;
    const mark = markOf(replay);
    if (mark === undefined || !isExecuted(moment)) continue;
    (code === EventCode.output ? printed : said).push({ mark, moment });
  }
  const checks = Object.fromEntries([
    ...overview.checks.map(({ tick, check }) => [tick, check]),
    ...(plan?.unchecked ?? []).map((tick) => [tick, null]),
  ]) as ToldStream['checks'];
  const isWhole = stream.ended && plan?.isCut !== true;
  return {
    printed: saidOf(printed, overview.ticks),
    said: saidOf(said, overview.ticks),
    checks,
    activations: activationsOf(overview),
    overflowed: overview.activations.some(({ kind }) => kind !== Activations.ofTick),
    isWhole,
  };
}

function saidOf(all: readonly Marked[], ticks: TickLog): Said {
  const moments = all.map(({ moment }) => moment);
  return { marks: all.map(({ mark }) => mark), ticks: ticksAt(ticks, moments) };
}

function activationsOf({ activations }: Overview): ToldStream['activations'] {
  const placed = activations.filter(({ kind }) => kind !== Activations.unplaced);
  const byTick: Record<number, number[]> = {};
  for (const { tick, count } of placed) (byTick[tick] ??= []).push(count);
  return byTick;
}

/** To be asked in the order of moments. */
function withinOf(plan: WindowPlan | undefined): (moment: Moment) => boolean {
  if (!plan) return () => true;
  const { moments } = plan;
  let at = 0;
  return (moment) => {
    while (at < moments.length && moment >= moments[at]![1]) at++;
    return at < moments.length && moment >= moments[at]![0];
  };
}

function markOf({ event: { code, detail, value } }: StreamReplay): number | undefined {
  if (code === EventCode.output) return outgoingMark('output', `${String(detail)}:${String(value)}`);
  return code === EventCode.boundary ? outgoingMark(String(detail), String(value)) : undefined;
}

/** The tick of each moment; the moments stand in their order. */
export function ticksAt({ count, moment, number }: TickLog, moments: readonly Moment[]): readonly number[] {
  let row = -1;
  return moments.map((each) => {
    while (row + 1 < count && moment[row + 1]! <= each) row++;
    return row < 0 ? 0 : number[row]!;
  });
}
