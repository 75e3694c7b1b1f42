/** What the developer wrote of a file that was made from other sources: through its source map, text by text. */
import type { LoadedFile } from './activation.ts';
import { LineMap } from './places.ts';
import { originalText, parseMap, type Mapped } from './source-places.ts';
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

const QUOTE = /["'`]/;
/** What TypeScript's code has and JavaScript's has not, inside an expression. */
const CAST = /^(?:as|satisfies)\s+[\w$.]+(?:\[\])*/;
const NOT_NULL = /^!(?!=)/;
const COMMENT = /^(?:\/\/[^\n]*|\/\*[^]*?\*\/)/;
const LAST_COMMA = /^,(?=\s*[)\]}])/;

/** The part of `written` that says what `loaded` says from `skip` on, both from the same place on. */
function sameCode(loaded: string, skip: number, written: string): string | undefined {
  let at = 0;
  let open = 0;
  let began = skip === 0 ? 0 : -1;
  for (let i = 0; i < loaded.length;) {
    if (/\s/.test(loaded[i]!)) {
      i++;
      continue;
    }
    let same: Alike | undefined;
    for (let passed = -1; passed !== at;) {
      passed = at;
      while (/\s/.test(written[at] ?? '')) at++;
      if (i >= skip && began < 0) began = at;
      same = alike(loaded, i, written, at);
      if (same) break;
      const rest = written.slice(at, at + 1000);
      const [extra = ''] = COMMENT.exec(rest) ?? CAST.exec(rest) ?? NOT_NULL.exec(rest) ?? LAST_COMMA.exec(rest) ?? [];
      at += extra.length;
      if (extra !== '') continue;
      if (written[at] === '(') open++;
      else if (written[at] === ')' && open > 0) open--;
      else return undefined;
      at++;
    }
    if (!same) return undefined;
    i += same.loaded;
    at += same.written;
  }
  const [closing = ''] =
    open > 0 ? (/^\s*(?:(?:as|satisfies)\s+[\w$.]+(?:\[\])*\s*)?\)/.exec(written.slice(at)) ?? []) : [];
  if (open > 1 || (open > 0 && closing === '') || began < 0) return undefined;
  return written.slice(began, at + closing.length);
}

/** How many characters of each say the same. */
interface Alike {
  readonly loaded: number;
  readonly written: number;
}

const ONE: Alike = { loaded: 1, written: 1 };

/** undefined where they go on differently */
function alike(loaded: string, i: number, written: string, at: number): Alike | undefined {
  const [a, b] = [loaded[i]!, written[at]];
  if (b === undefined) return undefined;
  const begins = !/[\w$.]/.test(loaded[i - 1] ?? '');
  const imported = begins ? importedName(loaded.slice(i, i + 200), written.slice(at, at + 200)) : undefined;
  if (imported) return imported;
  if (a === b || (QUOTE.test(a) && QUOTE.test(b))) return ONE;
  // minifiers write .5
  const isFraction = begins && a === '.' && b === '0' && /\d/.test(loaded[i + 1] ?? '') && written[at + 1] === '.';
  return isFraction ? { loaded: 1, written: 2 } : undefined;
}

/** What compilers make of a name that a module imports, of which they keep the object: TypeScript, esbuild, Vite. */
const IMPORTED = /^(\(0,\s*)?(?:[\w$]+_\d+|import_[\w$]+|__vi_import_\d+__)\.([\w$]+)(\))?/;

function importedName(loaded: string, written: string): Alike | undefined {
  const [whole = '', wrapped, name, closing = ''] = IMPORTED.exec(loaded) ?? [];
  const [own] = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(written) ?? [];
  if (name === undefined || own === undefined || (name !== 'default' && name !== own)) return undefined;
  if (wrapped !== undefined && closing === '') return undefined;
  const length = wrapped === undefined ? whole.length - closing.length : whole.length;
  return { loaded: length, written: own.length };
}
