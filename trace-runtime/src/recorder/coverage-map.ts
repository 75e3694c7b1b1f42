/** V8's coverage of instrumented text, told in the original's offsets. */
import type { LineEdits, LoadedFile, LoadedFiles } from './loaded-files.ts';
import { filePath } from './loader.ts';
import { CALLER } from './node-test.ts';
import { isOurs } from './stack-traces.ts';
import { max } from './primordials.ts';

export interface CoverageRange {
  startOffset: number;
  endOffset: number;
  count: number;
}
export interface FunctionCoverage {
  functionName: string;
  ranges: CoverageRange[];
  isBlockCoverage: boolean;
}
export interface ScriptCoverage {
  scriptId: string;
  url: string;
  functions: FunctionCoverage[];
}
/** What Node writes beside the coverage of a file with a source map: the length of each line as it was compiled. */
export interface SourceMapEntry {
  lineLengths?: number[];
}

export interface CoverageMap {
  /** Changes the scripts that are instrumented, in place, and takes out our own. */
  scripts(list: ScriptCoverage[]): void;
  sourceMaps(cache: Readonly<Record<string, SourceMapEntry>>): void;
}

export interface CoverageParts {
  readonly files: LoadedFiles;
  /** the instrumented text as it was compiled */
  textOf(file: LoadedFile): string | undefined;
  /** one of our own scripts */
  own(path: string): boolean;
}

export function createCoverageMap({ files, textOf, own }: CoverageParts): CoverageMap {
  const fileOf = (url: string): LoadedFile | undefined => {
    const path = filePath(url);
    return path === undefined ? undefined : files.byPath(path);
  };
  return {
    scripts(list) {
      const hidden = ({ url, functions }: ScriptCoverage): boolean =>
        own(filePath(url) ?? '') || functions.some(({ functionName }) => functionName === CALLER);
      for (let i = list.length - 1; i >= 0; i--) if (hidden(list[i]!)) list.splice(i, 1);
      for (const script of list) {
        const file = fileOf(script.url);
        const text = file && textOf(file);
        if (!file || text === undefined) continue;
        script.functions = mapped(script.functions, offsets(files.edits(file), text, file.prefix ?? 0), text);
      }
    },
    sourceMaps(cache) {
      for (const [url, entry] of Object.entries(cache)) {
        const file = fileOf(url);
        if (!file || !entry.lineLengths) continue;
        const edits = files.edits(file);
        entry.lineLengths = entry.lineLengths.map((length, line) => length - inserted(edits.get(line)));
      }
    },
  };
}

interface Offsets {
  original(offset: number): number;
}

/** Functions and ranges of inserted code are left out, and those that inserted code alone makes differ. */
function mapped(functions: readonly FunctionCoverage[], map: Offsets, text: string): FunctionCoverage[] {
  const out: FunctionCoverage[] = [];
  for (const one of functions) {
    const [outer, ...inner] = one.ranges;
    if (!outer) continue;
    const whole = moved(outer, map);
    if (whole.startOffset >= whole.endOffset && out.length > 0) continue;
    const ranges = [whole];
    for (const range of inner) {
      const { startOffset, endOffset } = moved(range, map);
      // behind a function's last statement stands nothing but its brace
      const empty = endOffset - startOffset <= 1 && /[\s}]/.test(text.charAt(range.endOffset - 1));
      if (startOffset >= endOffset || empty) continue;
      ranges.push({ startOffset, endOffset, count: range.count });
    }
    out.push({ ...one, functionName: isOurs(one.functionName) ? '' : one.functionName, ranges });
  }
  return out;
}

function moved({ startOffset, endOffset, count }: CoverageRange, map: Offsets): CoverageRange {
  return { startOffset: map.original(startOffset), endOffset: map.original(endOffset), count };
}

function offsets(edits: LineEdits, text: string, prefix: number): Offsets {
  /** where insertions begin in the text, and how much was inserted before them */
  const starts: number[] = [];
  const before: number[] = [];
  let total = 0;
  const add = (start: number, length: number): void => {
    starts.push(start);
    before.push(total);
    total += length;
  };
  if (prefix > 0) add(0, prefix);
  let line = 0;
  for (let lineStart = 0; lineStart <= text.length; line++) {
    let inLine = 0;
    const list = edits.get(line) ?? [];
    for (let i = 0; i < list.length; i += 2) {
      add(lineStart + list[i]! + inLine + prefix, list[i + 1]!);
      inLine += list[i + 1]!;
    }
    const end = endOfLine(text, lineStart);
    if (end === lineStart || end >= text.length) break;
    lineStart = end;
  }
  return {
    original(offset) {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (starts[middle]! <= offset) low = middle + 1;
        else high = middle;
      }
      if (low === 0) return offset;
      const at = low - 1;
      const length = (before[low] ?? total) - before[at]!;
      return max(starts[at]!, offset - length) - before[at]!;
    },
  };
}

function inserted(list: readonly number[] | undefined): number {
  let sum = 0;
  for (let i = 1; i < (list?.length ?? 0); i += 2) sum += list![i]!;
  return sum;
}

/** Offset just behind the line's terminator, or the text's end. Lines end as ECMAScript says. */
function endOfLine(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 0x2028 || c === 0x2029) return i + 1;
    if (c === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}
