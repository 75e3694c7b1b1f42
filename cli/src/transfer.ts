/** `hindcast export` and `hindcast import`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { diskFull, HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { folderEntries, importArchive, named, writeArchive } from '../../trace-runtime/src/store/archive.ts';
import { partEntries, type Part } from '../../trace-runtime/src/store/part.ts';
import { defaultStore, findStore, readName } from '../../trace-runtime/src/store/recordings.ts';
import { flag, parse, text, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import { openSession, type Session } from './session.ts';

export async function exportRecording(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { from: 'text', to: 'text', json: 'flag' }, 2);
  const [name, target] = parsed.positionals;
  if (name === undefined || target === undefined) throw usage('Export takes a recording and the file to write.');
  const file = path.resolve(process.cwd(), target);
  if (existsSync(file)) throw usage(`${target} exists already.`);
  const session = await openSession(name, { values: false });
  const part = partOf(session, parsed);
  const entries = part ? partEntries(session.recording, part) : folderEntries(session.recording.folder);
  attempt(file, () => writeArchive(file, named(entries, readName(session.recording.folder))));
  if (flag(parsed, 'json')) printJson({ file, recording: session.recording.folder, part: part ?? null });
  else printLines([`exported: ${file}`]);
  return 0;
}

export function importRecording(args: readonly string[]): number {
  const parsed = parse(args, { out: 'text', json: 'flag' }, 1);
  const [name] = parsed.positionals;
  if (name === undefined) throw usage('Import takes the file to read.');
  const cwd = process.cwd();
  const out = text(parsed, 'out');
  const store = out === undefined ? (findStore(cwd) ?? defaultStore(cwd)) : path.resolve(cwd, out);
  const imported = importArchive(path.resolve(cwd, name), store);
  if (!imported.ok) throw imported.error;
  const { folder, isNew } = imported.value;
  if (flag(parsed, 'json')) printJson({ recording: folder, isNew });
  else printLines([`recording: ${folder}${isNew ? '' : ', which was imported before'}`]);
  return 0;
}

/** What of the recording goes into the file; undefined: all. */
function partOf(session: Session, parsed: Parsed): Part | undefined {
  const from = text(parsed, 'from');
  const to = text(parsed, 'to');
  const inCase = session.caseName === undefined ? undefined : session.case();
  if (from === undefined && to === undefined && !inCase) return undefined;
  const end =
    to === undefined ? inCase && { stream: inCase.stream, moment: inCase.facts.last ?? Infinity } : session.place(to);
  const begin =
    from === undefined ? inCase && { stream: inCase.stream, moment: inCase.facts.first } : session.place(from);
  const stream = end?.stream ?? begin?.stream ?? 1;
  if (begin && end && begin.stream !== end.stream) throw usage('--from and --to are moments of one stream.');
  const words = end === undefined || end.moment === Infinity ? Infinity : session.replayTo(end).cursor.offset;
  return {
    stream: session.recording.streams[stream - 1]?.id ?? '',
    words,
    ...(begin ? { from: begin.moment } : {}),
    ...(end && end.moment !== Infinity ? { to: end.moment } : {}),
    ...(inCase ? { case: inCase.facts.name } : {}),
  };
}

function attempt(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof HindcastError) throw error;
    const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
    throw full ? diskFull(file) : inputOutput(`write ${file}`, error);
  }
}
