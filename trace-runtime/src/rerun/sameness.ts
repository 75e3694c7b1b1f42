/** Whether what a rerun shows is what the recording shows, though the sources were edited in between. */
import { isPrinted, type Failure } from '../query/failures.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import { K } from '../query/code.ts';
import { FRAME } from '../query/glimpse.ts';
import { messageShape } from '../query/failures.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import type { Recording } from '../store/recording.ts';
import { linesOf, mapLines } from './line-map.ts';
import { plainText, statementAround } from './observe.ts';
import { statementAt } from './own-check.ts';
import { SourceLines } from './source-lines.ts';

/** Code units of a statement that are looked at. */
const LONG = 500;

/** A statement of the program in the recording. */
export interface Spot {
  readonly path: string;
  readonly functionName: string;
  /** where it threw */
  readonly failed: number;
  /** where a run comes by that may fail here; 0: only the function's caller tells */
  readonly line: number;
  /** by the failing statement itself, and not by one that decides whether it runs */
  readonly isItself: boolean;
  readonly endLine: number;
  /** lines of the function that it stands in */
  readonly functionLines: readonly [number, number];
}

/** Lines of a rerun's sources as lines of the recording's. */
export class Correspondence {
  readonly #maps = new Map<string, readonly number[] | undefined>();
  readonly #kept = new Map<string, ReadonlySet<number>>();
  readonly #lines: SourceLines;
  readonly #linesNow: SourceLines;
  /** paths of sources that differ */
  readonly edited: readonly string[];

  constructor(
    private readonly before: Recording,
    private readonly after: Recording,
    private readonly filesThen: readonly LoadedFile[],
    private readonly filesNow: readonly LoadedFile[],
    /** paths of files whose lines all kept their places, whatever their texts are */
    private readonly inPlace: ReadonlySet<string> = new Set(),
  ) {
    this.#lines = new SourceLines((hash) => before.source(hash));
    this.#linesNow = new SourceLines((hash) => after.source(hash));
    const hashes = new Map(filesNow.map(({ path, hash }) => [path, hash]));
    const differ = filesThen.filter(({ path, hash }) => hashes.has(path) && hashes.get(path) !== hash);
    const gone = filesThen.filter(({ path }) => path !== '' && !hashes.has(path));
    const known = new Set(filesThen.map(({ path }) => path));
    const fresh = filesNow.filter(({ path }) => path !== '' && !known.has(path));
    this.edited = [...new Set([...differ, ...gone, ...fresh].map(({ path }) => path))];
  }

  isEdited(path: string): boolean {
    return this.edited.includes(path);
  }

  /** Of a line of the rerun; 0: a new one. */
  recordedLine(path: string, line: number): number {
    const map = this.#map(path);
    return map ? (map[line - 1] ?? 0) : line;
  }

  /** Whether the rerun's line is new or has another text. */
  isEditedAt(path: string, line: number): boolean {
    if (!this.isEdited(path)) return false;
    const recorded = this.recordedLine(path, line);
    const text = (of: Recording, files: readonly LoadedFile[], at: number): string | undefined => {
      const hash = files.find((file) => file.path === path)?.hash;
      return hash === undefined ? undefined : linesOf(of.source(hash) ?? '')[at - 1];
    };
    return recorded === 0 || text(this.before, this.filesThen, recorded) !== text(this.after, this.filesNow, line);
  }

  /** Where a call of the rerun stands, if that was edited. */
  editedPlace({ file, position }: Activation): { readonly path: string; readonly line: number } | undefined {
    const { path, hash, code } = file;
    const line = this.#linesNow.line(hash, code.start[position]!);
    return this.isEditedAt(path, line) ? { path, line } : undefined;
  }

  /** Whether the recorded line stands in the edited source. */
  isKept(path: string, line: number): boolean {
    const map = this.#map(path);
    if (!map) return this.filesNow.some((file) => file.path === path);
    let kept = this.#kept.get(path);
    if (!kept) this.#kept.set(path, (kept = new Set(map)));
    return kept.has(line);
  }

  /** Whether the recorded line stands there as it was, comments and blanks left out. */
  isSameLine(path: string, line: number): boolean {
    const map = this.#map(path);
    if (!map) return this.filesNow.some((file) => file.path === path);
    const now = map.indexOf(line);
    const text = (of: Recording, files: readonly LoadedFile[], at: number): string => {
      const hash = files.find((file) => file.path === path)?.hash ?? '';
      return plainText(linesOf(of.source(hash) ?? '')[at] ?? '').replaceAll(' ', '');
    };
    return now >= 0 && text(this.before, this.filesThen, line - 1) === text(this.after, this.filesNow, now);
  }

  /** Of the recording: the statement at which the frame stood, from its begin. */
  textThen({ file: { hash }, offset }: ThrowFrame): string {
    return this.before.source(hash)?.slice(offset, offset + LONG) ?? '';
  }

  /** Of the recording: all of the innermost statement that begins where the frame stood; '' where none does. */
  statementThen(frame: ThrowFrame): string {
    const { code } = frame.file;
    const own = statementAt(code, frame.offset);
    return own < 0 ? '' : this.sourceThen(frame).slice(frame.offset, code.end[own]);
  }

  /** Whether a statement of that text, blanks left out, stands in the file as it is now. */
  hasStatement(path: string, text: string): boolean {
    const wanted = text.replaceAll(/\s/g, '');
    return this.filesNow.some(({ path: own, code, hash }) => {
      const source = own === path ? this.after.source(hash) : undefined;
      if (source === undefined) return false;
      for (let op = 0; op < code.count; op++)
        if (
          code.kind[op] === K.statement &&
          source.slice(code.start[op], code.end[op]).replaceAll(/\s/g, '') === wanted
        )
          return true;
      return false;
    });
  }

  /** Of the recording. */
  sourceThen({ file: { hash } }: ThrowFrame): string {
    return this.before.source(hash) ?? '';
  }

  /** Whether the text of the frame's function stands in the file as it is now, comments, logging and blanks left out. */
  isKeptFunction({ file: { path, hash, table, code }, offset }: ThrowFrame): boolean {
    const now = this.filesNow.find((file) => file.path === path)?.hash;
    if (now === undefined || now === hash) return now === hash;
    const site = table.functions[code.owner[statementAt(code, offset)] ?? 0]!;
    const text = plainText((this.before.source(hash) ?? '').slice(site.start, site.end));
    return plainText(this.after.source(now) ?? '')
      .replaceAll(' ', '')
      .includes(text.replaceAll(' ', ''));
  }

  /** Whether the text stands in the file as it is now as often as it did, comments, logging and blanks left out. */
  isKeptText(path: string, text: string): boolean {
    const sources = this.sources(path);
    if (!sources) return true;
    const squeezed = (from: string): string => plainText(from).replaceAll(' ', '');
    const [then, now] = [sources.was, sources.is].map((from) => squeezed(from).split(squeezed(text)).length);
    return now! >= then!;
  }

  /** Of a file that was edited: its texts; undefined where it was not, or one of them is not known. */
  sources(path: string): { readonly was: string; readonly is: string } | undefined {
    const hashOf = (files: readonly LoadedFile[]): string | undefined => files.find((file) => file.path === path)?.hash;
    const [a, b] = [hashOf(this.filesThen), hashOf(this.filesNow)];
    if (a === undefined || b === undefined || a === b) return undefined;
    const [was, is] = [this.before.source(a), this.after.source(b)];
    return was === undefined || is === undefined ? undefined : { was, is };
  }

  /** Whether the frame's text was made from another: its lines and names need not be those that were written. */
  isGenerated({ file: { hash } }: ThrowFrame): boolean {
    return this.before.sourceMap(hash) !== undefined;
  }

  /**
   * Of the recording: where the error was made, by its own stack. Undefined where that names no `new` in the program's code, as
   * where the text is another than was loaded.
   */
  madeAt({ stackText }: Failure): ThrowFrame | undefined {
    for (const [, functionName = '', path, line, column] of stackText.matchAll(FRAME)) {
      const file = this.filesThen.find((each) => each.path === path);
      if (!file || /[\\/]node_modules[\\/]/.test(file.path)) continue;
      const offset = this.#lines.offset(file.hash, Number(line), Number(column));
      const isMade = offset !== undefined && this.before.source(file.hash)?.startsWith('new ', offset) === true;
      return isMade ? { functionName, file, offset } : undefined;
    }
    return undefined;
  }

  /** Of the recording. `throws`: what is called there only throws. */
  spot(frame: ThrowFrame, throws = false): Spot {
    return spotOf(frame, this.#lines, this.before.source(frame.file.hash), throws);
  }

  /** Of the recording, the innermost first. */
  spots(frames: readonly ThrowFrame[]): readonly Spot[] {
    let throws = false;
    const spots = frames.map((frame, index) => {
      const spot = this.spot(frame, throws);
      throws = spot.line === 0 && (throws || index === 0);
      return spot;
    });
    const last = frames.at(-1);
    const given = last && throws ? givenAt(last, this.before.source(last.file.hash)) : undefined;
    return given ? [...spots, this.spot(given)] : spots;
  }

  /** Of the rerun. */
  spotNow(frame: ThrowFrame): Spot {
    return spotOf(frame, this.#linesNow, this.after.source(frame.file.hash));
  }

  /** Column of the rerun's source at which the frame failed, from 1. */
  columnNow({ file, offset }: ThrowFrame): number {
    return this.#linesNow.column(file.hash, offset);
  }

  #map(path: string): readonly number[] | undefined {
    if (this.#maps.has(path)) return this.#maps.get(path);
    const [a, b] = [this.filesThen, this.filesNow].map((list) => list.find((file) => file.path === path)?.hash);
    let map: readonly number[] | undefined;
    if (a !== undefined && b !== undefined && a !== b && !this.inPlace.has(path))
      map = mapLines(this.before.source(a) ?? '', this.after.source(b) ?? '');
    this.#maps.set(path, map);
    return map;
  }
}

/**
 * Where a run must come by to show that it no longer fails: of a statement that only throws, or gives an exit code, the one
 * that decides.
 */
function spotOf(
  { file, functionName, offset }: ThrowFrame,
  lines: SourceLines,
  source: string | undefined,
  throws = false,
): Spot {
  const { code, table, path, hash } = file;
  const op = opAt(file, offset);
  const site = table.functions[code.owner[op] ?? 0] ?? table.functions[0]!;
  const line = (at: number): number => lines.line(hash, at);
  const end = /^(?:throw\b|process\.exit(?:Code)?\b)/.exec(source?.slice(offset, offset + 20) ?? '')?.[0];
  // that gives an exit code, and the run goes on: by itself it is come by again
  const isEnd = end !== undefined || throws;
  const start = !isEnd ? offset : (around(file, op) ?? (throws || end === 'process.exitCode' ? offset : undefined));
  return {
    path,
    functionName,
    failed: line(offset),
    line: start === undefined ? 0 : line(start),
    isItself: start === offset,
    endLine: Math.max(line(offset), line(code.end[op] ?? offset)),
    functionLines: [line(site.start), line(site.end)],
  };
}

/** Of a function that only throws and has no caller: where it was given to whoever called it, as to a promise's `catch`. */
function givenAt({ file, offset }: ThrowFrame, source = ''): ThrowFrame | undefined {
  const { functions } = file.table;
  const index = file.code.owner[opAt(file, offset)] ?? 0;
  const { start, parent } = functions[index] ?? functions[0]!;
  if (parent < 0 || !/[(,]\s*$/.test(source.slice(0, start))) return undefined;
  return { functionName: functions[parent]!.name, file, offset: statementAround(file, index) };
}

/** The first op that begins at the offset; 0 where there is none. */
function opAt({ code }: LoadedFile, offset: number): number {
  for (let at = 0; at < code.count; at++) if (code.start[at] === offset && code.end[at]! > offset) return at;
  return 0;
}

/** Start of the innermost statement around the op's own. */
function around({ code }: LoadedFile, op: number): number | undefined {
  let best: number | undefined;
  for (let at = 0; at < code.count; at++) {
    if (code.kind[at] !== K.statement || code.owner[at] !== code.owner[op] || code.start[at]! >= code.start[op]!)
      continue;
    if (code.end[at]! >= code.end[op]! && (best === undefined || code.start[at]! > best)) best = code.start[at]!;
  }
  return best;
}

/** The innermost frames of the program's own code; all where there is none. */
export function ownFrames({ frames }: Failure): readonly ThrowFrame[] {
  const own = frames.filter(({ file }) => !/[\\/]node_modules[\\/]/.test(file.path));
  return own.length > 0 ? own : frames;
}

/** Whether both are one failure: of the same case and type, with a message of the same shape or at the same statement. */
export function isSameFailure(recorded: Failure, found: Failure, correspondence: Correspondence): boolean {
  if (recorded.identity === found.identity) return true;
  if (recorded.case?.name !== found.case?.name || recorded.type !== found.type) return false;
  const [a] = ownFrames(recorded);
  const [b] = ownFrames(found);
  const isSameShape = messageShape(recorded.message) === messageShape(found.message);
  if (!a || !b) return isSameShape;
  if (a.file.path !== b.file.path) return false;
  if (isSameShape && (a.functionName === b.functionName || a.functionName === '')) return true;
  const [was, is] = [correspondence.spot(a), correspondence.spotNow(b)];
  const isSamePlace = correspondence.recordedLine(is.path, is.failed) === was.failed;
  return isSamePlace && (isSameShape || isAssertion(recorded));
}

/** An error by which a test says that something is not as it should be; also one that only a test runner's output tells of. */
export function isAssertion(failure: Failure): boolean {
  const { type, stackText, message } = failure;
  return (
    isPrinted(failure) ||
    /Assert|Expect/i.test(type) ||
    /^(?:Assertion|expect\()/.test(message) ||
    /\n\s+at (?:new )?(?:Object\.|Function\.|Proxy\.)?(?:assert|expect)\b/.test(stackText)
  );
}
