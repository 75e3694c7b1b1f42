/** A portable file where a recording is expected: unpacked beside the other recordings first. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { importArchive, readArchiveId } from '../../trace-runtime/src/store/archive.ts';
import { defaultStore, findStore, isFolder, makeStore } from '../../trace-runtime/src/store/recordings.ts';

/** The recording's folder. A file that was unpacked before is not unpacked again. */
export function importIfPortable(file: string, cwd: string): string {
  if (isFolder(file)) return file;
  const id = readArchiveId(file);
  if (!id.ok) throw id.error;
  const store = findStore(cwd) ?? defaultStore(cwd);
  const folder = path.join(store, id.value);
  if (existsSync(folder)) return folder;
  makeStore(store);
  const imported = importArchive(file, store);
  if (!imported.ok) throw imported.error;
  return imported.value;
}
