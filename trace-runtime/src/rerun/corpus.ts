/**
 * The corpus: failures that are kept with the code. Each has a folder in `.hindcast/corpus`: `failure.json`, to be read and
 * reviewed, and `recording.hindcast`, its input, without secrets. It is committed, and proves in CI that the failure stays
 * mended.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Failure } from '../query/failures.ts';
import { folderEntries, importArchive, writeArchive } from '../store/archive.ts';
import { openRecording, type Recording } from '../store/recording.ts';
import { CORPUS, FACTS, INPUT, VERSION, isKept, readKept, type KeptFailure } from './kept-failure.ts';
import type { VerdictName } from './verdict.ts';

export interface CorpusEntry {
  readonly folder: string;
  readonly facts: KeptFailure;
}

/** The nearest folder at or above `from` that has a corpus; else the project's, which a package or recordings mark; else `from`. */
export function corpusHome(from: string): string {
  const above = foldersFrom(from);
  const has = (...names: readonly string[]) =>
    above.find((folder) => names.some((name) => existsSync(path.join(folder, name))));
  return has(CORPUS) ?? has('package.json', '.hindcast', '.git') ?? from;
}

function foldersFrom(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersFrom(parent)];
}

/** By name. Throws where an entry cannot be read. */
export function listCorpus(home: string): readonly CorpusEntry[] {
  const corpus = path.join(home, CORPUS);
  if (!existsSync(corpus)) return [];
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isKept(path.join(corpus, entry.name)))
    .map(({ name }) => ({ folder: path.join(corpus, name), facts: readKept(path.join(corpus, name)) }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** Keeps the failure; one of the same name is replaced by the caller's wish only. */
export function keepFailure(home: string, recording: Recording, failure: Failure, expected: VerdictName): CorpusEntry {
  const { command, cwd, environment } = recording.manifest;
  const message = failure.message.split('\n', 1)[0] ?? '';
  const name = failure.case?.name ?? [failure.type, message].filter(Boolean).join(': ');
  const facts: KeptFailure = {
    version: VERSION,
    name,
    case: failure.case?.name ?? null,
    type: failure.type,
    message,
    command,
    folder: path.relative(home, cwd).replaceAll('\\', '/'),
    expected,
    node: String(environment['node'] ?? ''),
    keptAt: new Date().toISOString(),
  };
  const folder = freeFolder(path.join(home, CORPUS), name);
  mkdirSync(folder, { recursive: true });
  writeArchive(path.join(folder, INPUT), folderEntries(recording.folder));
  writeFileSync(path.join(folder, FACTS), `${JSON.stringify(facts, undefined, 2)}\n`);
  return { folder, facts };
}

/** The kept recording, unpacked into `store`, its paths where the project lies now. Throws where it cannot be read. */
export function openKept({ folder, facts }: CorpusEntry, home: string, store: string): Recording {
  const imported = importArchive(path.join(folder, INPUT), store);
  if (!imported.ok) throw imported.error;
  const opened = openRecording(imported.value.folder);
  if (!opened.ok) throw opened.error;
  const recording = opened.value;
  const [was, is] = [recording.manifest.cwd, path.join(home, facts.folder)];
  return was === is ? recording : moved(recording, homeOf(was, facts.folder), home, is);
}

/** The recorded folder of the project: `cwd` without what the command ran below it. */
function homeOf(cwd: string, below: string): string {
  return below !== '' && cwd.endsWith(below) ? cwd.slice(0, -below.length - 1) : cwd;
}

function moved(recording: Recording, from: string, to: string, cwd: string): Recording {
  const inside = new RegExp(`${from.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=[/\\\\"\\s:]|$)`, 'g');
  const placed = (text: string): string => text.replaceAll(inside, () => to);
  const { manifest, streams } = recording;
  return {
    ...recording,
    placed,
    manifest: { ...manifest, cwd, command: manifest.command.map(placed) },
    streams: streams.map((stream) => ({
      ...stream,
      hello: stream.hello && { ...stream.hello, argv: stream.hello.argv.map(placed) },
    })),
  };
}

/** A name that a file system and a reviewer can live with. */
function freeFolder(corpus: string, name: string): string {
  const plain =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'failure';
  for (let count = 1; ; count++) {
    const folder = path.join(corpus, count === 1 ? plain : `${plain}-${count}`);
    if (!existsSync(folder)) return folder;
  }
}
