/** What a user sees of a run, tick by tick, and from where on another run shows something else. */
import { createHash } from 'node:crypto';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { scanSegment, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import { eventTexts } from './event-texts.ts';

export interface VisibleStream {
  /** of each tick: a digest of its hashes, its events with their values, and what it printed */
  readonly ticks: readonly string[];
}

/** Of a recording with values. */
export function visibleStream(recording: Recording, stream: RecordedStream | undefined): VisibleStream {
  if (!stream) return { ticks: [] };
  const columns = stream.segments.map((segment) => segment.footer?.ticks ?? scanSegment(segment).ticks);
  const events = eventsByTick(recording, stream);
  return {
    ticks: columns.flatMap(({ tick, hashA, hashB, length }) =>
      Array.from({ length }, (_, i) => `${hashA[i]} ${hashB[i]} ${events.get(tick[i]!) ?? ''}`),
    ),
  };
}

function eventsByTick(recording: Recording, stream: RecordedStream): ReadonlyMap<number, string> {
  const { texts, ticks } = eventTexts(recording, stream);
  const digests = new Map<number, ReturnType<typeof createHash>>();
  texts.forEach((text, i) => {
    let digest = digests.get(ticks[i]!);
    if (!digest) digests.set(ticks[i]!, (digest = createHash('sha1')));
    digest.update(`${text}\n`);
  });
  return new Map([...digests].map(([tick, digest]) => [tick, digest.digest('hex')]));
}

/** The first tick in which they differ; -1: none does. */
export function firstDifference(was: VisibleStream, is: VisibleStream): number {
  let at = 0;
  while (at < was.ticks.length && was.ticks[at] === is.ticks[at]) at++;
  return at === was.ticks.length && at === is.ticks.length ? -1 : at;
}
