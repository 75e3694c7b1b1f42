/** Copies a loaded file's site table, source and map from the instrumenter's cache into the recording, packed. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileEntry } from '../format/footer.ts';
import { PACKED, packFileNow } from '../format/packed-file.ts';
import { entryPath, type EntryPart } from '../model/instrument-cache.ts';
import { FILE_MODE, FOLDER_MODE, recordingPaths } from '../store/recording-paths.ts';

const HASH = /^[0-9a-f]{8,64}$/;

export interface SiteFiles {
  /** undefined, or why the file's table is not in the recording */
  keep(entry: FileEntry): string | undefined;
}

export function siteFiles(recording: string, cache: string): SiteFiles {
  const paths = recordingPaths(recording);
  const kept = new Set<string>();
  for (const folder of [paths.sites, paths.sources]) mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  return {
    keep({ hash, path: file }) {
      if (kept.has(hash) || !hash) return undefined;
      if (!HASH.test(hash)) return `${file} has no valid site table name`;
      kept.add(hash);
      try {
        copy(entryPath(cache, hash, 'sites'), path.join(paths.sites, `${hash}.sites`));
        copy(entryPath(cache, hash, 'source'), path.join(paths.sources, hash));
        copyOptional(cache, hash, 'map', path.join(paths.sources, `${hash}.map`));
        return undefined;
      } catch (error) {
        kept.delete(hash);
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}

function copyOptional(cache: string, hash: string, part: EntryPart, to: string): void {
  const from = entryPath(cache, hash, part);
  if (existsSync(from)) copy(from, to);
}

function copy(from: string, name: string): void {
  const to = name + PACKED;
  if (existsSync(to)) return;
  const draft = `${to}.${process.pid}`;
  writeFileSync(draft, packFileNow(readFileSync(from)), { mode: FILE_MODE });
  chmodSync(draft, FILE_MODE);
  renameSync(draft, to);
}
