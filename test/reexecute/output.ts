import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';

/** What each thread wrote to its outputs, in order. */
export function outputOf(recording: Recording): readonly string[] {
  return recording.streams.map((stream) => {
    const replay = openStream(openWords(stream.segments), recording.table, recording.source);
    let text = '';
    while (replay.step())
      if (replay.event.code === EventCode.output)
        text += `${String(replay.event.detail)}:${String(replay.event.value)}`;
    return text;
  });
}
