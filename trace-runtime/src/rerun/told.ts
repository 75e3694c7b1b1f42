/** What a thread of a light recording told others and was told, tick by tick: see model/outgoing.ts and Runtime.check. */
import { outgoingMark } from '../model/outgoing.ts';
import type { ToldStream } from '../model/recorded-world.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { Overview, type TickLog } from '../query/overview.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import type { Recording } from '../store/recording.ts';
import { openWords, type RecordedStream } from '../store/stream.ts';

export function toldOf({ table, source }: Recording, stream: RecordedStream): ToldStream {
  const replay = openStream(openWords(stream.segments), table, source);
  const overview = new Overview();
  replay.overview = overview;
  const marks: number[] = [];
  const moments: Moment[] = [];
  while (replay.step()) {
    const mark = markOf(replay);
    if (mark === undefined) continue;
    marks.push(mark);
    moments.push(replay.event.moment);
  }
  const checks = Object.fromEntries(overview.checks.map(({ tick, check }) => [tick, check]));
  return { marks, ticks: ticksAt(overview.ticks, moments), checks, isWhole: stream.ended };
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
