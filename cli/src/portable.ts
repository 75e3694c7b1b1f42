/** A portable file where a recording is expected: unpacked beside the other recordings first. */
import { importArchive } from '../../trace-runtime/src/store/archive.ts';
import { defaultStore, findStore, isFolder } from '../../trace-runtime/src/store/recordings.ts';

/** The recording's folder. A file that was unpacked before is not unpacked again. */
export function importIfPortable(file: string, cwd: string): string {
  if (isFolder(file)) return file;
  const imported = importArchive(file, findStore(cwd) ?? defaultStore(cwd));
  if (!imported.ok) throw imported.error;
  return imported.value.folder;
}
