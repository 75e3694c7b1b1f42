/** `--keep`: drops the oldest segments of each stream beyond a size or an age. What goes is in the ledger. */
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { parseSegmentName } from '../format/segment-layout.ts';
import { appendLedger } from '../store/ledger.ts';
import type { Manifest } from '../store/manifest.ts';
import { recordingPaths } from '../store/recording-paths.ts';

interface SegmentFile {
  readonly stream: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly endedAt: number;
}

/** The last segment of a stream always stays. */
export function tendWindow(recording: string, keep: Manifest['keep']): void {
  if (!keep) return;
  const segments = listSegments(recordingPaths(recording).streams);
  const latest = new Map(segments.map((segment) => [segment.stream, segment]));
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const oldest = keep.milliseconds === undefined ? -Infinity : Date.now() - keep.milliseconds;
  for (const segment of [...segments].sort((a, b) => a.endedAt - b.endedAt)) {
    const tooMuch = keep.bytes !== undefined && bytes > keep.bytes;
    if ((!tooMuch && segment.endedAt >= oldest) || latest.get(segment.stream) === segment) continue;
    unlinkSync(segment.file);
    bytes -= segment.bytes;
    appendLedger(recording, {
      kind: 'dropped',
      stream: segment.stream,
      subject: segment.name,
      reason: 'it was older or larger than --keep allows',
    });
  }
}

function listSegments(streams: string): readonly SegmentFile[] {
  return readdirSync(streams).flatMap((stream) => {
    const folder = path.join(streams, stream);
    const names = readdirSync(folder).filter((name) => parseSegmentName(name) >= 0);
    return names.sort().map((name) => {
      const file = path.join(folder, name);
      const { size, mtimeMs } = statSync(file);
      return { stream, name, file, bytes: size, endedAt: mtimeMs };
    });
  });
}
