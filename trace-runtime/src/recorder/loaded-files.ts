/** What this thread has loaded instrumented, to map positions and texts back to the original. */
import type { Cache } from './cache.ts';
import type { Offsets } from './loader.ts';
import { OwnMap, splitString } from './primordials.ts';

export interface LoadedFile {
  readonly path: string;
  readonly key: string;
  readonly base: number;
  readonly ops: number;
  readonly offsets: Offsets;
  /** an ES module: Node names its script by a URL */
  readonly module?: boolean | undefined;
  /** that URL, where no file has the text */
  readonly url?: string | undefined;
  /** of code made of text: V8's hash of the text with hooks in it */
  readonly script?: string | undefined;
  /** characters put before the first line, besides the insertions */
  readonly prefix?: number | undefined;
}

export interface LoadedFiles {
  add(file: LoadedFile): void;
  /** the last load of that path */
  byPath(path: string): LoadedFile | undefined;
  /** code made of text, by V8's hash of it */
  byScript(hash: string): LoadedFile | undefined;
  /** whether there is any */
  readonly hasTexts: boolean;
  /** the load that a control id belongs to */
  byControl(control: number): LoadedFile | undefined;
  /** the insertions of a loaded file, by line from 0: column, length … At -1 - line: see `toldPosition`. */
  edits(file: LoadedFile): LineEdits;
  /** the text that was instrumented, in lines; empty where it is not known */
  source(file: LoadedFile): readonly string[];
}

export type LineEdits = ReadonlyMap<number, readonly number[]>;

export function loadedFiles(cache: Cache): LoadedFiles {
  const all: LoadedFile[] = [];
  const paths = new OwnMap<string, LoadedFile>();
  const scripts = new OwnMap<string, LoadedFile>();
  const lines = new OwnMap<string, LineEdits>();
  const sources = new OwnMap<string, readonly string[]>();
  return {
    add(file) {
      const last = all.at(-1);
      all.push(file);
      if (last && last.base > file.base) all.sort((a, b) => a.base - b.base);
      paths.set(file.path, file);
      if (file.script !== undefined) scripts.set(file.script, file);
    },
    byScript: (hash) => scripts.get(hash),
    get hasTexts() {
      return scripts.size > 0;
    },
    byPath: (path) => paths.get(path),
    byControl(control) {
      let low = 0;
      let high = all.length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const file = all[middle]!;
        if (control < file.base) high = middle - 1;
        else if (control >= file.base + file.ops) low = middle + 1;
        else return file;
      }
      return undefined;
    },
    edits(file) {
      let known = lines.get(file.key);
      if (!known) {
        known = byLine(cache.edits(file.key));
        lines.set(file.key, known);
      }
      return known;
    },
    source(file) {
      let known = sources.get(file.key);
      if (!known) sources.set(file.key, (known = linesOf(cache.source(file.key))));
      return known;
    },
  };
}

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : splitString(text, '\n');
}

function byLine(edits: Int32Array): LineEdits {
  const lines = new OwnMap<number, number[]>();
  for (let i = 0; i + 2 < edits.length; i += 3) {
    const line = edits[i]!;
    const list = lines.get(line);
    if (!list) lines.set(line, [edits[i + 1]!, edits[i + 2]!]);
    else {
      list[list.length] = edits[i + 1]!;
      list[list.length] = edits[i + 2]!;
    }
  }
  return lines;
}

/** Original column of a column in instrumented text; both from 0. */
export function originalColumn(edits: LineEdits, line: number, column: number): number {
  const list = edits.get(line);
  if (!list) return column;
  let inserted = 0;
  for (let i = 0; i < list.length; i += 2) {
    const start = list[i]! + inserted;
    if (column < start) break;
    if (column < start + list[i + 1]!) return list[i]!;
    inserted += list[i + 1]!;
  }
  return column - inserted;
}

/** What has failed in a frame: a name was read that is not there, or something was asked for values that has none. */
export type Failed = 'read' | 'asked';

/** Position in the text at which V8 says that this failed; undefined: where it stands. From 0. */
export function toldPosition(edits: LineEdits, line: number, column: number, failed: Failed): number | undefined {
  const list = edits.get(-1 - line);
  if (!list) return undefined;
  for (let i = 0; i < list.length; i += 2) {
    const to = list[i + 1]!;
    if (list[i] === column && to < 0 === (failed === 'asked')) return to < 0 ? -1 - to : to;
  }
  return undefined;
}
