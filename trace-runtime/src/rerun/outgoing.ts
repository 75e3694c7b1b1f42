/** What each thread of a light recording told others, in order: see model/outgoing.ts. */
import { outgoingMark } from '../model/outgoing.ts';
import { EventCode } from '../query/moments.ts';
import { openStream } from '../query/replay.ts';
import type { Recording } from '../store/recording.ts';
import { openWords } from '../store/stream.ts';

export function outgoingOf(recording: Recording): readonly (readonly number[])[] {
  return recording.streams.map((stream) => {
    const replay = openStream(openWords(stream.segments), recording.table, recording.source);
    const marks: number[] = [];
    while (replay.step()) {
      const { code, detail, value } = replay.event;
      const mark =
        code === EventCode.output
          ? outgoingMark('output', `${String(detail)}:${String(value)}`)
          : code === EventCode.boundary
            ? outgoingMark(String(detail), String(value))
            : undefined;
      if (mark !== undefined) marks.push(mark);
    }
    return marks;
  });
}
