/** What code was loaded from and is not there any more, or is another now, put under its paths into a folder: see native/native-sources.c. */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CodeFile } from '../model/code-file.ts';
import type { Recording } from '../store/recording.ts';
import type { Edits } from './edits.ts';

/** The folder, in `scratch`; undefined where all is as it was, or where nothing can lead to it. */
export function putCodeFiles(recording: Recording, { files, generated }: Edits, scratch: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const folder = path.join(scratch, 'sources');
  const within = (file: string): string => path.join(folder, path.resolve(file));
  const kept = recording.codeFiles();
  let isAny = false;
  const put = (file: string, text: string): void => {
    isAny = true;
    const place = within(file);
    if (existsSync(place)) return;
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(place, text, { mode: 0o600 });
  };
  for (const file of kept) if ('text' in file && textOf(file.path) !== file.text) put(file.path, file.text);
  for (const { path: file, before, after } of files.values())
    if (after === undefined && !generated.has(file)) put(file, before);
  if (!isAny) return undefined;
  for (const file of kept) if ('links' in file) putFolder(file, within);
  return folder;
}

function putFolder(
  { path: folder, links }: Extract<CodeFile, { links: unknown }>,
  within: (file: string) => string,
): void {
  mkdirSync(within(folder), { recursive: true, mode: 0o700 });
  for (const [name, target] of Object.entries(links)) {
    const [link, place] = [path.join(folder, name), within(path.join(folder, name))];
    if (existsSync(link) || isThere(place)) continue;
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
    // relative: what it leads to is in the same folder
    const [from, to] = [path.dirname(link), path.resolve(path.dirname(link), target)];
    symlinkSync(path.relative(from, to), place);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isThere(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false }) !== undefined;
}
