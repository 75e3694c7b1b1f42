/** What analyses work on, from a session. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { nameOfStream, type StreamOf, type Traced, type Work } from '../../trace-runtime/src/analysis/traced.ts';
import { ParsedSources } from '../../trace-runtime/src/evaluate/parsed-source.ts';
import { StateReader } from '../../trace-runtime/src/query/state.ts';
import { notIndexed, openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import { originalTexts } from '../../trace-runtime/src/query/original-text.ts';
import type { Session } from './session.ts';

/** A stream of the recording by its number from 1, read to its end; the others when something leads there. */
export function trace(session: Session, stream: number): Traced {
  const { streams } = session.recording;
  const opened = new Map<number, Traced>();
  const all = streams.map(({ hello }, index): StreamOf => {
    const number = index + 1;
    const traced = (): Traced => {
      let known = opened.get(number);
      if (!known) opened.set(number, (known = { ...read(session, number), others: { own: all[index]!, all } }));
      return known;
    };
    return { number, name: nameOfStream(hello), pid: hello?.pid ?? 0, threadId: hello?.threadId ?? 0, traced };
  });
  return all[stream - 1]?.traced() ?? read(session, stream);
}

function read(session: Session, stream: number): Traced {
  const { recording } = session;
  if (!recording.streams[stream - 1]) throw usage(`The recording has no stream ${stream}.`);
  const timeline = openTimeline(recording, stream, recording.placed).readAll();
  const { replay, indexFault } = timeline;
  if (indexFault !== undefined) process.stderr.write(`${notIndexed(indexFault)}\n`);
  return {
    timeline,
    reader: new StateReader(replay, recording.types),
    files: replay.files.slice(),
    sources: new ParsedSources(recording.source, originalTexts(recording)),
  };
}

/** Does the work at once. */
export function finished<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
