/** Copies a loaded file's site table, source and map from the instrumenter's cache into the recording, packed. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileEntry } from '../format/footer.ts';
import { PACKED, packFileNow } from '../format/packed-file.ts';
import { entryPath, type EntryPart } from '../model/instrument-cache.ts';
import { FILE_MODE, FOLDER_MODE, recordingPaths } from '../store/recording-paths.ts';
import { PLAIN_FILE } from '../wire/spool.ts';
import { codeFiles } from './code-files.ts';

const HASH = /^[0-9a-f]{8,64}$/;

export interface SiteFiles {
  /** undefined, or why the file's table is not in the recording */
  keep(entry: FileEntry): string | undefined;
  /** of a light recording: what lies around files that have nothing to record in them, and they themselves */
  keepPlain(): void;
}

/** `isLight`: what lies around each file is kept, too. */
export function siteFiles(recording: string, cache: string, isLight: boolean): SiteFiles {
  const paths = recordingPaths(recording);
  const keepAround = codeFiles((name, content) => put(Buffer.from(content), path.join(paths.sources, name)));
  const kept = new Set<string>();
  for (const folder of [paths.sites, paths.sources]) mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const plain = path.join(paths.spool, PLAIN_FILE);
  let taken = 0;
  return {
    keepPlain() {
      if (!isLight || !existsSync(plain)) return;
      const text = readFileSync(plain, 'utf8');
      const end = text.lastIndexOf('\n') + 1;
      for (const file of text.slice(taken, end).split('\n')) if (file !== '') keepAround(file);
      taken = end;
    },
    keep({ hash, path: file }) {
      if (kept.has(hash) || !hash) return undefined;
      if (!HASH.test(hash)) return `${file} has no valid site table name`;
      kept.add(hash);
      try {
        copy(entryPath(cache, hash, 'sites'), path.join(paths.sites, `${hash}.sites`));
        copy(entryPath(cache, hash, 'source'), path.join(paths.sources, hash));
        copyOptional(cache, hash, 'map', path.join(paths.sources, `${hash}.map`));
        if (isLight) keepAround(file, readFileSync(entryPath(cache, hash, 'source'), 'utf8'));
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
  if (!existsSync(name + PACKED)) put(readFileSync(from), name);
}

function put(content: Buffer, name: string): void {
  const to = name + PACKED;
  const draft = `${to}.${process.pid}`;
  writeFileSync(draft, packFileNow(content), { mode: FILE_MODE });
  chmodSync(draft, FILE_MODE);
  renameSync(draft, to);
}
