/** What analyses work on, from a session. */
import type { Traced, Work } from '../../trace-runtime/src/analysis/traced.ts';
import { ParsedSources } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { Timeline } from '../../trace-runtime/src/query/timeline.ts';
import type { Session } from './session.ts';

/** A stream of the recording by its number from 1, read to its end. */
export function trace(session: Session, stream: number): Traced {
  const { recording } = session;
  const replay = session.open(stream);
  const timeline = new Timeline(replay).readAll();
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
