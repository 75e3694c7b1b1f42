/** Opening a recording: finished, growing, or left behind by a killed command. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ok, type Result } from '../base/result.ts';
import type { HindcastError } from '../base/errors.ts';
import { processLives } from '../base/processes.ts';
import { decodeSiteTable } from '../format/site-table.ts';
import { PACKED, unpackFile } from '../format/packed-file.ts';
import { CODE_FILE, type CodeFile } from '../model/code-file.ts';
import type { SiteTable } from '../model/sites.ts';
import { sidecarLives } from '../wire/sidecar-lock.ts';
import { folderBytes, listEntries } from './folder-size.ts';
import { readLedger, type LedgerLine } from './ledger.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { recordingPaths } from './recording-paths.ts';
import { readStream, type RecordedStream } from './stream.ts';
import { parseTypes, typesFile, type VariableTypes } from './types-file.ts';

export interface Recording {
  readonly folder: string;
  readonly manifest: Manifest;
  /** in the order in which the threads began */
  readonly streams: readonly RecordedStream[];
  readonly ledger: readonly LedgerLine[];
  /** bytes on disk, the spool included */
  readonly bytes: number;
  readonly pinned: boolean;
  table(hash: string): SiteTable | undefined;
  source(hash: string): string | undefined;
  /** what TypeScript knows of the table's variables; undefined where nobody has asked it */
  types(hash: string): VariableTypes | undefined;
  sourceMap(hash: string): string | undefined;
  /** of a light recording */
  codeFiles(): readonly CodeFile[];
  /** Where a path of the recording lies now; absent where it is where it was. */
  placed?(path: string): string;
  /** a content that crossed the boundary, by the SHA-256 that the boundary log names */
  blob(hash: string): Buffer | undefined;
}

export function openRecording(folder: string): Result<Recording, HindcastError> {
  const manifest = readManifest(folder);
  if (!manifest.ok) return manifest;
  const paths = recordingPaths(folder);
  const streams = listFolder(paths.streams).map((name) => readStream(path.join(paths.streams, name)));
  // each reading of a stream asks for all of them; those that somebody still has are not decoded again
  const tables = new Map<string, WeakRef<SiteTable>>();
  const text = (file: string): string | undefined => readIfThere(path.join(paths.sources, file))?.toString('utf8');
  return ok({
    folder,
    manifest: manifest.value,
    streams: streams.sort(byStart),
    ledger: readLedger(folder),
    bytes: folderBytes(folder),
    pinned: existsSync(paths.pin),
    table(hash) {
      const known = tables.get(hash)?.deref();
      if (known) return known;
      const bytes = readIfThere(path.join(paths.sites, `${hash}.sites`));
      const table = bytes && decodeSiteTable(bytes);
      if (table) tables.set(hash, new WeakRef(table));
      return table;
    },
    source: (hash) => text(hash),
    types(hash) {
      const bytes = readIfThere(typesFile(folder, hash));
      return bytes && parseTypes(bytes);
    },
    sourceMap: (hash) => text(`${hash}.map`),
    codeFiles: () =>
      readNames(paths.sources)
        .filter((name) => name.endsWith(CODE_FILE + PACKED))
        .flatMap((name) => parseCodeFile(text(name.slice(0, -PACKED.length)))),
    blob: (hash) => readIfThere(path.join(paths.blobs, path.basename(hash))),
  });
}

/** True where words still lie in the spool and nobody collects them: the command and its sidecar were killed. */
export function isAbandoned(folder: string, manifest: Manifest): boolean {
  if (!existsSync(recordingPaths(folder).spool) || sidecarLives(folder)) return false;
  return manifest.recorder === undefined || !processLives(manifest.recorder);
}

function byStart(a: RecordedStream, b: RecordedStream): number {
  return (a.hello?.startedAt ?? Infinity) - (b.hello?.startedAt ?? Infinity) || (a.id < b.id ? -1 : 1);
}

function listFolder(folder: string): readonly string[] {
  return listEntries(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function readNames(folder: string): readonly string[] {
  return listEntries(folder).map(({ name }) => name);
}

function parseCodeFile(text: string | undefined): readonly CodeFile[] {
  try {
    return text === undefined ? [] : [JSON.parse(text) as CodeFile];
  } catch {
    return [];
  }
}

/** A file's content, packed or not; undefined where it is not there or damaged. */
function readIfThere(file: string): Buffer | undefined {
  const packed = readPlain(file + PACKED);
  return packed ? unpackFile(packed) : readPlain(file);
}

function readPlain(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
