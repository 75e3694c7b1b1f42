/** Places in the sources that the developer wrote: through the source map where a file has one. */
import { readFileSync, statSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StateReader } from './state.ts';
import type { LoadedFile } from './activation.ts';
import type { Recording } from '../store/recording.ts';

export interface SourcePlace {
  readonly path: string;
  /** from 1; undefined where the recording lacks the source */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** the text of that line */
  readonly text: string | undefined;
}

export interface Mapped {
  readonly map: SourceMap;
  readonly contents: ReadonlyMap<string, string | undefined>;
}

/** Begins a line of Vite's; its first one is behind what it puts before a module, which it maps to the first line. */
export const VITE_EXPORT = '__vite_ssr_exportName__("';

/** Variables of Vite's: the modules that a module imports, and what it imports and exports them with. */
export function isViteName(name: string): boolean {
  return /^__(?:vite_ssr|vi)_\w+__$/.test(name);
}

/** Whether a column, from 1, of a line of a loaded source lies in a function by which Vite's other modules read an export. */
export function isOfViteExport(line: string, column: number): boolean {
  return line.slice(0, column - 1 + VITE_EXPORT.length).includes(VITE_EXPORT);
}

export class Places {
  readonly #recording: Recording;
  readonly #maps = new Map<string, Mapped | undefined>();
  /** of the file whose lines were asked for last */
  #lines: { readonly hash: string; readonly texts: readonly string[] } | undefined;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  of(reader: StateReader, file: LoadedFile, offset: number): SourcePlace {
    const place = reader.place(file, offset);
    if (!place) return { path: file.path, line: undefined, column: undefined, text: undefined };
    return (
      this.#mapped(file, place.line, place.column) ?? {
        path: file.path,
        line: place.line,
        column: place.column,
        text: this.#lineOf(file, place.line),
      }
    );
  }

  isMapped(file: LoadedFile): boolean {
    return this.#map(file.hash) !== undefined;
  }

  /** Whether the developer wrote what stands there: compilers put in functions by which other modules read what a module exports. */
  isWritten(reader: StateReader, file: LoadedFile, offset: number): boolean {
    const mapped = this.#map(file.hash);
    const place = mapped && reader.place(file, offset);
    if (!mapped || !place) return true;
    const entry = mapped.map.findEntry(place.line - 1, place.column - 1);
    if (!('generatedLine' in entry) || entry.generatedLine !== place.line - 1) return false;
    return !isOfViteExport(this.#lineOf(file, place.line) ?? '', place.column);
  }

  /** Of a line of the loaded source, from 1: where its text begins, unless a column of it is given. */
  ofLine(file: LoadedFile, line: number, given?: number): SourcePlace {
    const text = this.#lineOf(file, line);
    const column = given ?? (text?.search(/\S|$/) ?? 0) + 1;
    return this.#mapped(file, line, column) ?? { path: file.path, line, column, text };
  }

  /** The sources that a loaded file came from, as the developer wrote them, with their texts where these are known. */
  sources(file: LoadedFile): readonly { readonly path: string; readonly text: string | undefined }[] {
    const mapped = this.#map(file.hash);
    if (!mapped) return [{ path: file.path, text: this.#recording.source(file.hash) }];
    return [...mapped.contents.keys()].map((source) => ({
      path: resolveSource(file.path, source),
      text: originalText(this.#recording, mapped, file.path, source),
    }));
  }

  #mapped(file: LoadedFile, line: number, column: number): SourcePlace | undefined {
    const mapped = this.#map(file.hash);
    const entry = mapped?.map.findEntry(line - 1, column - 1);
    if (!mapped || !entry || !('originalSource' in entry) || !entry.originalSource) return undefined;
    const original = entry.originalLine + 1;
    return {
      path: resolveSource(file.path, entry.originalSource),
      line: original,
      column: entry.originalColumn + 1,
      text: lineOf(originalText(this.#recording, mapped, file.path, entry.originalSource), original),
    };
  }

  /** Of the loaded source. */
  #lineOf({ hash }: LoadedFile, line: number): string | undefined {
    if (this.#lines?.hash !== hash) this.#lines = { hash, texts: linesOf(this.#recording.source(hash)) };
    return this.#lines.texts[line - 1];
  }

  #map(hash: string): Mapped | undefined {
    if (!this.#maps.has(hash)) this.#maps.set(hash, parseMap(this.#recording.sourceMap(hash)));
    return this.#maps.get(hash);
  }
}

/** A source map and the originals in it; undefined where it is no source map. */
export function parseMap(text: string | undefined): Mapped | undefined {
  if (text === undefined) return undefined;
  try {
    const payload = JSON.parse(text) as SourceMapPayload;
    const contents = new Map(payload.sources.map((source, index) => [source, payload.sourcesContent?.[index]]));
    return { map: new SourceMap(payload), contents };
  } catch {
    return undefined;
  }
}

/** The original's path: a source map names it relative to the generated file. */
export function resolveSource(generated: string, source: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source);
  return path.resolve(path.dirname(generated), source);
}

/** From the map, or from disk where it has not changed since the run began. */
export function originalText(
  { manifest }: Recording,
  { contents }: Mapped,
  generated: string,
  source: string,
): string | undefined {
  const text = contents.get(source);
  if (text) return text;
  try {
    const file = resolveSource(generated, source);
    return statSync(file).mtimeMs < manifest.startedAt ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function lineOf(text: string | undefined, line: number): string | undefined {
  return linesOf(text, line)[line - 1];
}

/** As many as are asked for. */
function linesOf(text: string | undefined, count?: number): readonly string[] {
  return text?.split(/\r\n|[\n\r\u2028\u2029]/, count) ?? [];
}
