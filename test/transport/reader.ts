/** Checks a recording that a feeder made, on a Node that can read it: `node reader.cjs RECORDING` prints a Check[] as JSON. */
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { openWords, type RecordedStream } from '../../trace-runtime/src/store/stream.ts';

export interface Check {
  readonly id: string;
  /** how many of the words 0, 2, 4, … the stream holds from its beginning */
  readonly words: number;
  /** what is wrong with the word after them, or with a block; '' where nothing is */
  readonly wrong: string;
  readonly segments: number;
  readonly footers: number;
  readonly bytes: number;
  readonly problems: readonly string[];
}

const opened = openRecording(process.argv[2] ?? '');
if (!opened.ok) throw opened.error;
process.stdout.write(JSON.stringify(opened.value.streams.map(check)));

function check(stream: RecordedStream): Check {
  let wrong = '';
  let words = 0;
  const source = openWords(stream.segments, (problem) => (wrong ||= problem.reason));
  for (let chunk = source.next(); chunk && !wrong; chunk = source.next()) {
    for (const word of chunk) {
      if (word !== ((words << 1) & 0x7ffffffe)) {
        wrong = `word ${words} is ${word}`;
        break;
      }
      words++;
    }
  }
  const { id, segments, bytes } = stream;
  const problems = stream.problems.map(({ kind }) => kind);
  const footers = segments.filter(({ footer }) => footer).length;
  return { id, words, wrong, segments: segments.length, footers, bytes, problems };
}
