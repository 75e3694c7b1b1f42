import { openStream } from '../../trace-runtime/src/query/replay.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';

export interface RecordingSize {
  /** everything that replay can stop at, stored or derived */
  readonly events: number;
  /** bytes of the folder, sources and site tables included */
  readonly bytes: number;
  readonly words: number;
  readonly problems: number;
}

/** Beyond this a replay takes minutes, and the records stored are counted instead: fewer than the events. */
const MOST_WORDS = 400_000_000;

/** Counts a recording's events by replaying it. */
export function sizeOfRecording(folder: string): RecordingSize {
  const opened = openRecording(folder);
  if (!opened.ok) throw opened.error;
  const recording = opened.value;
  let events = 0;
  let words = 0;
  let problems = 0;
  for (const stream of recording.streams) {
    words += stream.words;
    if (stream.words > MOST_WORDS) {
      const { sites, mutations, boundary, output } = stream.counts;
      events += sites + mutations + boundary + output;
      continue;
    }
    const replay = openStream(
      openWords(stream.segments),
      (hash) => recording.table(hash),
      (hash) => recording.source(hash),
    );
    replay.runToEnd();
    events += replay.moment;
    problems += replay.problems.count;
  }
  return { events, bytes: recording.bytes, words, problems };
}
