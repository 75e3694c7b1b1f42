/** What the developer wrote of a file that was made from other sources: through its source map, text by text. */
import type { LoadedFile } from './activation.ts';
import { LineMap } from './places.ts';
import { sameCode } from './same-code.ts';
import { isOfViteExport, VITE_EXPORT, originalText, parseMap, type Mapped } from './source-places.ts';
import type { Recording } from '../store/recording.ts';

export interface OriginalLine {
  /** as the source map names it */
  readonly source: string;
  /** from 1 */
  readonly line: number;
  readonly text: string;
}

interface Source {
  readonly text: string;
  readonly lines: LineMap;
}

/** undefined of files that were loaded as they were written */
export function originalTexts(recording: Recording): (file: LoadedFile) => OriginalText | undefined {
  return (file) => {
    const mapped = parseMap(recording.sourceMap(file.hash));
    const loaded = recording.source(file.hash);
    if (!mapped || loaded === undefined) return undefined;
    return new OriginalText(loaded, mapped.map, (source) => originalText(recording, mapped, file.path, source));
  };
}

export class OriginalText {
  readonly #loaded: Source;
  readonly #sources = new Map<string, Source | undefined>();

  /** `original`: the text of a source by its name in the map */
  constructor(
    loaded: string,
    private readonly map: Mapped['map'],
    private readonly original: (source: string) => string | undefined,
  ) {
    this.#loaded = { text: loaded, lines: new LineMap(loaded) };
  }

  /** The line that an offset of the loaded text came from; undefined of what the compiler put in. */
  line(offset: number): OriginalLine | undefined {
    const from = this.#entry(offset);
    const found = from && this.#source(from.source);
    if (!found) return undefined;
    const { column } = this.#loaded.lines.place(offset);
    if (isOfViteExport(this.#loaded.text.slice(offset - column + 1, offset + VITE_EXPORT.length), column))
      return undefined;
    const start = found.lines.offset(from.line, 1);
    return { source: from.source, line: from.line, text: /^.*/.exec(found.text.slice(start))![0].trim() };
  }

  /** The same code as it was written; undefined where that is not the same but for spaces, comments, casts and quotes. */
  text(start: number, end: number): string | undefined {
    // esbuild maps but the name in `(0,module.name)`
    const [unbound = ''] = /^\(0,\s*/.exec(this.#loaded.text.slice(start, start + 10)) ?? [];
    const from = this.#entry(start + unbound.length);
    const found = from && this.#source(from.source);
    if (!found) return undefined;
    const at = found.lines.offset(from.line, from.column);
    const first = unbound === '' ? from.offset : start;
    return sameCode(this.#loaded.text.slice(first, end), start - first, found.text.slice(at));
  }

  /** The mapping that the offset falls under: where that begins in the loaded text, and where it came from, from 1. */
  #entry(at: number): { source: string; line: number; column: number; offset: number } | undefined {
    const place = this.#loaded.lines.place(at);
    const entry = this.map.findEntry(place.line - 1, place.column - 1);
    if (!('originalSource' in entry) || !entry.originalSource || entry.generatedLine !== place.line - 1)
      return undefined;
    return {
      source: entry.originalSource,
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      offset: at - (place.column - 1 - entry.generatedColumn),
    };
  }

  #source(name: string): Source | undefined {
    if (!this.#sources.has(name)) {
      const text = this.original(name);
      this.#sources.set(name, text === undefined ? undefined : { text, lines: new LineMap(text) });
    }
    return this.#sources.get(name);
  }
}
