/** What native code found in the recorded run, as files of the scratch folder to which a rerun leads it. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileFacts, NativeFiles } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

/** Of the boundary log. */
export const NATIVE_FILE = 'native.file';
/** As the native helper knows it. */
const GONE = '.hindcast-gone';

export interface FoundNatively extends Omit<NativeFiles, 'found'> {
  /** of what nothing else tells */
  readonly facts: Readonly<Record<string, FileFacts>>;
}

/** undefined: there was no such code. `sources`: loaded as code, which is always the present one. */
export function nativeFiles(
  streams: readonly ReadStream[],
  contents: Contents,
  scratch: string,
  sources: ReadonlySet<string>,
): FoundNatively | undefined {
  const found = firstFound(streams.flatMap(({ entries }) => entries.filter(({ kind }) => kind === NATIVE_FILE)));
  for (const file of found.keys()) if (sources.has(file)) found.delete(file);
  if (found.size === 0) return undefined;
  const folder = path.join(scratch, 'native');
  const facts: Record<string, FileFacts> = {};
  for (const [file, detail] of found) {
    const bytes = contents.bytes(detail['content']);
    const place = path.join(folder, 'recorded', file);
    if (bytes) {
      putFile(place, bytes, detail);
      facts[file] = { answers: { readFile: [{ content: place }] }, changed: false, before: undefined };
    } else if (detail['was'] === 'folder') mkdirSync(place, { recursive: true, mode: 0o700 });
    else if (detail['was'] !== 'file' && detail['was'] !== 'large') {
      mark(path.join(folder, 'absent', file));
      if (detail['was'] === 'nowhere') mark(path.join(folder, 'absent', path.dirname(file)));
      facts[file] = { answers: {}, changed: false, before: false };
    }
  }
  return { folder, paths: [...found.keys()], facts };
}

/**
 * The first content of each; where there was none at first, and native code did not make it, one that somebody else made:
 * the program, whose rerun makes it again, or a process that is not executed.
 */
function firstFound(entries: readonly BoundaryEntry[]): Map<string, BoundaryEntry['detail']> {
  const found = new Map<string, BoundaryEntry['detail']>();
  const made = new Set<string>();
  for (const { detail } of [...entries].sort((a, b) => Number(a.detail['at']) - Number(b.detail['at']))) {
    const file = String(detail['path']);
    const was = found.get(file)?.['was'];
    if (detail['was'] === 'made') made.add(file);
    else if (was === undefined || (isNothing(was) && !isNothing(detail['was']) && !made.has(file)))
      found.set(file, detail);
  }
  return found;
}

function isNothing(was: unknown): boolean {
  return was === 'absent' || was === 'nowhere';
}

function putFile(place: string, bytes: Buffer, { changed, permissions }: BoundaryEntry['detail']): void {
  mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  writeFileSync(place, bytes, { mode: Number(permissions) | 0o600 });
  utimesSync(place, Number(changed) / 1000, Number(changed) / 1000);
}

function mark(place: string): void {
  mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
  writeFileSync(place + GONE, '');
}
