/**
 * `node indexer.cjs RECORDING`: makes the indexes of a recording's streams that are long, in the background, so that
 * readers need not read them. What goes wrong is left to the readers. Afterwards it makes the segments smaller; one with
 * which that does not go stays as it was.
 */
import '../base/own-process.ts';
import os from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { packSegment } from '../format/pack-segment.ts';
import { openRecording, type Recording } from '../store/recording.ts';
import { indexPlace, openTimeline } from './open-timeline.ts';

const TURN = 200;

os.setPriority(os.constants.priority.PRIORITY_LOW);
const opened = openRecording(process.argv[2] ?? '');
if (opened.ok) void index(opened.value).finally(() => pack(opened.value));

async function index(recording: Recording): Promise<void> {
  for (const [at, stream] of recording.streams.entries()) {
    if (!indexPlace(recording, stream)) continue;
    let since = performance.now();
    const timeline = openTimeline(recording, at + 1);
    for (const _ of timeline.read()) {
      if (timeline.indexFault !== undefined) break;
      if (performance.now() - since < TURN) continue;
      // what is referred to weakly can only go between turns
      await setImmediate();
      since = performance.now();
    }
  }
}

async function pack({ streams }: Recording): Promise<void> {
  for (const { path: file } of streams.flatMap(({ segments }) => segments))
    await packSegment(file).catch(() => undefined);
}
