/** What analyses work on, from a session. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import type { Traced, Work } from '../../trace-runtime/src/analysis/traced.ts';
import { ParsedSources } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import type { Session } from './session.ts';

/** A stream of the recording by its number from 1, read to its end. */
export function trace(session: Session, stream: number): Traced {
  const { recording } = session;
  if (!recording.streams[stream - 1]) throw usage(`The recording has no stream ${stream}.`);
  const timeline = openTimeline(recording, stream, recording.placed).readAll();
  const { replay } = timeline;
  return {
    timeline,
    reader: new StateReader(replay, recording.types),
    files: replay.files.slice(),
    sources: new ParsedSources(recording.source),
  };
}

/** Does the work at once. */
export function finished<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
