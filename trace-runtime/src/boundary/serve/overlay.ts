/**
 * The scratch overlay: what the program writes lies there under the path that it gave, what it removes is marked there,
 * and it reads both back. All processes and threads of a rerun share it. The real files stay as they are.
 */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../base/whole-files.ts';

const { lstatSync, mkdirSync, rmSync, copyFileSync, cpSync, readdirSync, unlinkSync } = fs;
const { dirname, join } = path;
const GONE = '.hindcast-gone';

export interface Overlay {
  /** where the path lies in the overlay, whether or not there is anything */
  at(file: string): string;
  /** `folder`: made there, but what the real folder holds is in it, too */
  look(file: string): 'file' | 'folder' | 'gone' | undefined;
  /** The place to write to: its folders are made, and it is no longer gone. */
  toWrite(file: string): string;
  /** As `toWrite`, with the present content of `from` where the overlay has none yet. */
  toChange(file: string, from: string | undefined): string;
  makeFolder(folder: string): void;
  remove(file: string): void;
  /** What was made, and what was removed, in a folder. */
  changes(folder: string): { readonly made: readonly string[]; readonly gone: readonly string[] };
  /** Names of the overlay in a text, as the program knows them. */
  named<T>(value: T): T;
}

export function createOverlay(scratch: string): Overlay {
  const root = join(scratch, 'overlay');
  const marks = join(scratch, 'gone');
  const at = (file: string): string => join(root, inside(file));
  const mark = (file: string): string => join(marks, inside(file)) + GONE;

  function isThere(file: string): fs.Stats | undefined {
    try {
      // an error that is thrown takes a stack, far longer than the call
      return lstatSync(file, { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  }

  function isGone(file: string): boolean {
    if (!isThere(marks)) return false;
    for (let each = file; ; each = dirname(each)) {
      if (isThere(mark(each))) return true;
      if (dirname(each) === each) return false;
    }
  }

  function toWrite(file: string): string {
    const place = at(file);
    mkdirSync(dirname(place), { recursive: true });
    if (isThere(mark(file))) unlinkSync(mark(file));
    return place;
  }

  return {
    at,
    toWrite,
    look(file) {
      const found = isThere(at(file));
      if (found) return found.isDirectory() ? 'folder' : 'file';
      return isGone(file) ? 'gone' : undefined;
    },
    toChange(file, from) {
      const gone = isGone(file);
      const place = toWrite(file);
      if (isThere(place) || gone || from === undefined) return place;
      const found = isThere(from);
      if (found?.isDirectory()) cpSync(from, place, { recursive: true });
      else if (found) copyFileSync(from, place);
      return place;
    },
    makeFolder: (folder) => void mkdirSync(toWrite(folder), { recursive: true }),
    remove(file) {
      rmSync(at(file), { recursive: true, force: true });
      mkdirSync(dirname(mark(file)), { recursive: true });
      writeWhole(mark(file), '');
    },
    changes: (folder) => ({
      made: namesIn(at(folder)),
      gone: namesIn(join(marks, inside(folder)))
        .filter((name) => name.endsWith(GONE))
        .map((name) => name.slice(0, -GONE.length)),
    }),
    named: <T>(value: T): T => (typeof value === 'string' ? (value.replaceAll(root, '') as T & string) : value),
  };
}

/** A drive's colon cannot stand inside a path. */
function inside(file: string): string {
  return file.replace(/^([a-z]):/i, '$1');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
