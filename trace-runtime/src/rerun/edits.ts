/** What was edited since a recording was made: each recorded source beside the file as it is now. */
import { readFileSync, statSync } from 'node:fs';
import type { LoadedFile } from '../query/activation.ts';
import { parseMap, resolveSource } from '../query/source-places.ts';
import type { Recording } from '../store/recording.ts';
import { mapLines } from './line-map.ts';
import { isOfNoFile } from '../wire/loaded-as.ts';

export interface EditedFile {
  readonly path: string;
  /** the recorded source; undefined where the recording lacks it */
  readonly before: string;
  /** undefined: it is not there any more */
  readonly after: string | undefined;
  /** for each line now, from 0, the recorded one, from 1; 0: new */
  readonly lines: readonly number[];
}

export interface Edits {
  /** by path: files whose text is another now */
  readonly files: ReadonlyMap<string, EditedFile>;
  /** paths of files that were loaded as another text than stands on disk */
  readonly generated: ReadonlySet<string>;
  /** whether the recorded line stands somewhere in the edited file */
  isKept(path: string, line: number): boolean;
}

/** `files`: what was loaded, of all streams. */
export function findEdits(recording: Recording, files: readonly LoadedFile[]): Edits {
  const edited = new Map<string, EditedFile>();
  const generated = new Set<string>();
  const kept = new Map<string, ReadonlySet<number>>();
  const seen = new Set<string>();
  for (const { path, hash } of files) {
    if (seen.has(path) || path === '' || isOfNoFile(path)) continue;
    seen.add(path);
    const before = recording.source(hash);
    if (before === undefined) continue;
    if (recording.sourceMap(hash) !== undefined) generated.add(path);
    const after = read(path);
    if (after === before || (generated.has(path) && !isEdited(recording, path, hash))) continue;
    const lines = generated.has(path) || after === undefined ? [] : mapLines(before, after);
    edited.set(path, { path, before, after, lines });
    kept.set(path, new Set(lines));
  }
  return {
    files: edited,
    generated,
    isKept: (path, line) => kept.get(path)?.has(line) ?? true,
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whether the file that a loaded text was made from is another now. */
function isEdited(recording: Recording, path: string, hash: string): boolean {
  const mapped = parseMap(recording.sourceMap(hash));
  if (mapped === undefined) return true;
  for (const source of mapped.contents.keys()) {
    const file = resolveSource(path, source);
    const before = mapped.contents.get(source);
    if (before ? before !== read(file) : (modified(file) ?? Infinity) > recording.manifest.startedAt) return true;
  }
  return false;
}

function modified(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}
