/** What a user sees of a run, tick by tick, and from where on another run shows something else. */
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import { Overview } from '../../trace-runtime/src/query/overview.ts';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords, scanSegment, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';

export interface VisibleStream {
  /** of each tick: its hashes, and what it printed */
  readonly ticks: readonly string[];
}

export function visibleStream(recording: Recording, stream: RecordedStream | undefined): VisibleStream {
  if (!stream) return { ticks: [] };
  const columns = stream.segments.map((segment) => segment.footer?.ticks ?? scanSegment(segment).ticks);
  const numbers = columns.flatMap(({ tick, length }) => [...tick.subarray(0, length)]);
  const hashes = columns.flatMap(({ hashA, hashB, length }) =>
    Array.from({ length }, (_, i) => `${hashA[i]} ${hashB[i]}`),
  );
  const printed = outputs(recording, stream);
  return { ticks: hashes.map((hash, i) => `${hash} ${printed.get(numbers[i]!) ?? ''}`) };
}

/** By number of the tick. */
function outputs(recording: Recording, { segments }: RecordedStream): ReadonlyMap<number, string> {
  const replay = openStream(openWords(segments), recording.table, recording.source);
  const overview = new Overview();
  replay.overview = overview;
  const found: { readonly moment: number; readonly text: string }[] = [];
  while (replay.step()) {
    const { code, detail, value, moment } = replay.event;
    if (code === EventCode.output) found.push({ moment, text: `${String(detail)}:${String(value)}` });
  }
  const { count, moment, number } = overview.ticks;
  const printed = new Map<number, string>();
  let row = 0;
  for (const each of found) {
    while (row + 1 < count && moment[row + 1]! <= each.moment) row++;
    printed.set(number[row]!, (printed.get(number[row]!) ?? '') + each.text);
  }
  return printed;
}

/** The first tick in which they differ; -1: none does. */
export function firstDifference(was: VisibleStream, is: VisibleStream): number {
  let at = 0;
  while (at < was.ticks.length && was.ticks[at] === is.ticks[at]) at++;
  return at === was.ticks.length && at === is.ticks.length ? -1 : at;
}
