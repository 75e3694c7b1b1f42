/** `hindcast list` */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { findStore, isGrowing, listRecordings, type RecordingEntry } from '../../trace-runtime/src/store/recordings.ts';
import { flag, parse, texts } from './options.ts';
import { formatBytes, formatTime, printJson, printLines, table } from './output.ts';

export function list(args: readonly string[]): number {
  const parsed = parse(args, { json: 'flag', out: 'texts' }, 0);
  const named = texts(parsed, 'out');
  if (named.includes('')) throw usage('--out needs a folder.');
  const stores = named.length > 0 ? named : [findStore(process.cwd()) ?? []].flat();
  const entries = stores
    .flatMap(listRecordings)
    .toSorted((a, b) => b.manifest.startedAt - a.manifest.startedAt || (a.folder < b.folder ? 1 : -1));
  if (flag(parsed, 'json')) printJson({ recordings: entries.map(toJson) });
  else if (entries.length === 0) printLines(['No recordings here. `hindcast record -- COMMAND` makes one.']);
  else printLines(table(entries.map(toRow)));
  return 0;
}

function toJson({ folder, manifest, bytes, pinned, name }: RecordingEntry) {
  const { id, command, startedAt, endedAt, exitCode, signal, rerunOf, imported } = manifest;
  return {
    id,
    path: folder,
    command,
    startedAt,
    endedAt: endedAt ?? null,
    state: stateOf(manifest),
    exitCode: exitCode ?? null,
    signal: signal ?? null,
    bytes,
    pinned,
    name: name ?? null,
    rerunOf: rerunOf ?? null,
    imported: imported === true,
  };
}

function toRow({ manifest, bytes, pinned, name }: RecordingEntry): readonly string[] {
  const { id, startedAt, command } = manifest;
  const ending = endingOf(manifest, 'exit');
  return [id, formatTime(startedAt), ending, formatBytes(bytes), pinned ? 'pinned' : '', name ?? command.join(' ')];
}

/** How the recorded run ended, or how the recording stands. `exit`: said before an exit code. */
export function endingOf(manifest: RecordingEntry['manifest'], exit: string): string {
  const { signal, exitCode, cutOf } = manifest;
  if (typeof signal === 'string') return signal;
  if (typeof exitCode === 'number') return `${exit} ${exitCode}`;
  return cutOf === undefined ? stateOf(manifest) : `cut off ${cutOf}`;
}

/** `abandoned`: the command that made it was killed. */
export function stateOf(manifest: RecordingEntry['manifest']): 'complete' | 'recording' | 'abandoned' {
  if (manifest.state === 'complete') return 'complete';
  return isGrowing(manifest) ? 'recording' : 'abandoned';
}
