/** What a user sees of a run, tick by tick, and from where on another run shows something else. */
import { createHash } from 'node:crypto';
import type { TickColumns } from '../../trace-runtime/src/format/footer.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { scanSegment, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';
import { eachText } from './event-texts.ts';

export interface VisibleStream {
  /** of each tick: a digest of its hashes, its events with their values, and what it printed */
  readonly ticks: readonly string[];
}

/** Of a recording with values. */
export function visibleStream(recording: Recording, stream: RecordedStream | undefined): VisibleStream {
  if (!stream) return { ticks: [] };
  const rows = stream.segments.flatMap((segment) => rowsOf(segment.footer?.ticks ?? scanSegment(segment).ticks));
  const open = stream.ended ? undefined : openTick(stream);
  if (open && open.tick > (rows.at(-1)?.tick ?? 0)) rows.push(open);
  const events = eventsByTick(recording, stream);
  return { ticks: rows.map(({ tick, hashes }) => `${hashes} ${events.get(tick) ?? ''}`) };
}

interface Row {
  readonly tick: number;
  readonly hashes: string;
}

function rowsOf({ tick, hashA, hashB, length }: TickColumns): Row[] {
  return Array.from({ length }, (_, i) => ({ tick: tick[i]!, hashes: `${hashA[i]} ${hashB[i]}` }));
}

/** What a killed program was doing. */
function openTick({ segments }: RecordedStream): Row | undefined {
  for (const segment of segments.toReversed()) {
    const last = rowsOf(scanSegment(segment, true).ticks).at(-1);
    if (last && last.tick > 0) return last;
  }
  return undefined;
}

function eventsByTick(recording: Recording, stream: RecordedStream): ReadonlyMap<number, string> {
  const digests = new Map<number, ReturnType<typeof createHash>>();
  for (const { text, tick } of eachText(recording, stream)) {
    let digest = digests.get(tick);
    if (!digest) digests.set(tick, (digest = createHash('sha1')));
    digest.update(`${text}\n`);
  }
  return new Map([...digests].map(([tick, digest]) => [tick, digest.digest('hex')]));
}

/** The first tick in which they differ; -1: none does. */
export function firstDifference(was: VisibleStream, is: VisibleStream): number {
  let at = 0;
  while (at < was.ticks.length && was.ticks[at] === is.ticks[at]) at++;
  return at === was.ticks.length && at === is.ticks.length ? -1 : at;
}
