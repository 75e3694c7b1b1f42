/** Writes entries of the cache (model/instrument-cache.ts): each part whole or not at all, the `.js` file last. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pack } from 'msgpackr';
import { entryHeader, entryPath, keyText, type EntryPart, type InstrumentRequest } from '../model/instrument-cache.ts';
import type { SiteTable } from '../model/sites.ts';

export interface InstrumentedText {
  readonly code: string;
  readonly edits: readonly number[];
  readonly light: { readonly code: string; readonly edits: readonly number[] };
  readonly table: SiteTable;
}

export class CacheWriter {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  has(key: string): boolean {
    return existsSync(entryPath(this.#folder, key, 'js')) || existsSync(entryPath(this.#folder, key, 'failed'));
  }

  write({ key, source, fileName }: InstrumentRequest, { code, edits, light, table }: InstrumentedText): void {
    const plain = edits.length === 0;
    const map = plain ? undefined : sourceMapOf(source, fileName);
    if (map !== undefined) this.#put(key, 'map', map);
    if (!plain) {
      this.#put(key, 'source', source);
      this.#put(key, 'edits', Buffer.from(Int32Array.from(edits).buffer));
      this.#put(key, 'sites', pack({ ...table, hash: key }));
    }
    const header = entryHeader(plain ? 0 : table.ops.length);
    this.#put(key, 'light-edits', Buffer.from(Int32Array.from(light.edits).buffer));
    this.#put(key, 'light', header + (plain || light.code === source ? '' : light.code));
    this.#put(key, 'js', header + (plain ? '' : code));
  }

  fail(key: string, reason: string): void {
    this.#put(key, 'failed', reason);
  }

  #put(key: string, part: EntryPart, content: string | Uint8Array): void {
    const file = entryPath(this.#folder, key, part);
    const temporary = `${file}.${process.pid}-${(this.#count += 1)}`;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, file);
  }
}

export function requestKey(version: string, request: Omit<InstrumentRequest, 'key'>): string {
  return createHash('sha256').update(keyText(version, request)).digest('hex');
}

const MAP_COMMENT = /^[ \t]*\/\/[#@][ \t]*sourceMappingURL=(\S+)[ \t]*$/gm;
const DATA = /^data:application\/json[^,]*?(;base64)?,/;

/** The source map that a text names: inline, or a file beside it. */
export function sourceMapOf(source: string, fileName: string): string | undefined {
  if (!source.includes('sourceMappingURL=')) return undefined;
  const url = [...source.matchAll(MAP_COMMENT)].at(-1)?.[1];
  if (!url) return undefined;
  try {
    const data = DATA.exec(url);
    if (data) {
      const text = url.slice(data[0].length);
      return data[1] ? Buffer.from(text, 'base64').toString('utf8') : decodeURIComponent(text);
    }
    return /^[a-z]+:/i.test(url) ? undefined : readFileSync(path.resolve(path.dirname(fileName), url), 'utf8');
  } catch {
    return undefined;
  }
}
