/**
 * `node indexer.cjs RECORDING`: makes the indexes of a recording's streams that are long, in the background, so that
 * readers need not read them. What goes wrong is left to the readers.
 */
import os from 'node:os';
import { openRecording } from '../store/recording.ts';
import { indexPlace, openTimeline } from './open-timeline.ts';

os.setPriority(os.constants.priority.PRIORITY_LOW);
const opened = openRecording(process.argv[2] ?? '');
if (opened.ok)
  opened.value.streams.forEach((stream, at) => {
    if (indexPlace(opened.value, stream)) openTimeline(opened.value, at + 1).readAll();
  });
