/** One stream of a recording: who wrote it, its segments, its words. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { addCounts, noCounts, type RecordCounts, type SegmentFooter } from '../format/footer.ts';
import { parseSegmentName } from '../format/segment-layout.ts';
import {
  isReadable,
  readBlock,
  readSegmentIndex,
  type SegmentIndex,
  type SegmentProblem,
} from '../format/segment-reader.ts';
import { WordScanner } from '../format/word-scanner.ts';

/** hello.json: what a thread said of itself when it began. */
export interface Hello {
  readonly stream: string;
  readonly pid: number;
  readonly threadId: number;
  readonly parent: string | null;
  readonly node: string;
  readonly argv: readonly string[];
  readonly execArgv?: readonly string[];
  readonly cwd: string;
  readonly startedAt: number;
}

/** Chunks in order; undefined at the end. The reader's (query) WordSource. */
export interface WordChunks {
  next(): Int32Array | undefined;
  /** number of the chunk that `next` gave last */
  tell(): number;
  /** That chunk comes next. */
  seek(chunk: number): void;
  /** Passes over whole chunks of together fewer words than that, never over the last one; gives how many words they had. */
  pass(words: number): number;
}

/** Chunks that are kept after they were given: going back a little costs nothing. */
const KEPT_CHUNKS = 4;

export interface RecordedStream {
  readonly id: string;
  /** undefined where hello.json is missing or torn */
  readonly hello: Hello | undefined;
  readonly segments: readonly SegmentIndex[];
  readonly bytes: number;
  readonly words: number;
  readonly counts: RecordCounts;
  /** true where the thread's own `end` record is there */
  readonly ended: boolean;
  readonly problems: readonly SegmentProblem[];
  /** the light stream of which this one is an exact run */
  readonly light?: RecordedStream;
}

/** Reads footers only, and scans the words of segments that have none. */
export function readStream(folder: string): RecordedStream {
  const id = path.basename(folder);
  const segments = segmentFiles(folder).map(readSegmentIndex);
  const footers = segments.map((segment) => segment.footer ?? scanSegment(segment));
  return {
    id,
    hello: readHello(folder),
    segments,
    bytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
    words: segments.reduce((sum, segment) => sum + segment.blocks.reduce((inner, block) => inner + block.words, 0), 0),
    counts: footers.reduce((sum, footer) => addCounts(sum, footer.counts), noCounts),
    ended: footers.some((footer) => footer.landmarks.some((landmark) => landmark.kind === 'end')),
    problems: segments.flatMap((segment, i) => segment.problems.filter((each) => !isWrittenAgain(each, segments, i))),
  };
}

/**
 * Segments up to the last in which a tick begins, or anything comes in, goes out, is loaded, fails or ends. What a thread that
 * was killed ran behind it, it ran without any of that: a loop that never ends, in most cases. Clocks and random numbers do not
 * count.
 */
export function eventfulSegments({ segments }: Pick<RecordedStream, 'segments'>): readonly SegmentIndex[] {
  return segments.slice(0, segments.findLastIndex(isEventful) + 1);
}

function isEventful({ footer }: SegmentIndex): boolean {
  if (footer === undefined) return true;
  const { counts, landmarks, files, ticks, firstWord } = footer;
  // a tick is in the footer of the segment in which it ends
  const begins = ticks.word.some((word) => word >= firstWord);
  return begins || counts.boundary > 0 || counts.output > 0 || landmarks.length > 0 || files.length > 0;
}

/**
 * A collector that was killed left a torn block, or a file without a header, and the next one wrote its words into a
 * segment of its own.
 */
function isWrittenAgain({ kind }: SegmentProblem, segments: readonly SegmentIndex[], at: number): boolean {
  return kind === 'torn' && segments[at + 1]?.blocks[0]?.firstWord === endOf(segments, at);
}

/** The word behind the last that a segment and those before it hold. */
function endOf(segments: readonly SegmentIndex[], at: number): number {
  const segment = segments[at];
  if (segment === undefined) return 0;
  const last = segment.blocks.at(-1);
  return last ? last.firstWord + last.words : (segment.header?.firstWord ?? endOf(segments, at - 1));
}

/** The stream's words from the first; damaged blocks are left out and told to `onProblem`. */
export function openWords(
  segments: readonly SegmentIndex[],
  onProblem: (problem: SegmentProblem) => void = () => undefined,
): WordChunks {
  const blocks = segments.flatMap((segment) => segment.blocks.map((block) => ({ path: segment.path, block })));
  const kept = new Map<number, Int32Array>();
  /** of those that were passed over or read: whether `next` gives them */
  const readable = new Map<number, boolean>();
  let at = 0;

  function isGiven(index: number): boolean {
    const { path: file, block } = blocks[index]!;
    const known = readable.get(index) ?? isReadable(file, block);
    readable.set(index, known);
    return known;
  }

  function read(index: number): Int32Array | undefined {
    const { path: file, block } = blocks[index]!;
    const words = kept.get(index) ?? trimmed(readBlock(file, block), block.words);
    if (!(words instanceof Int32Array)) return void onProblem(words);
    kept.delete(index);
    kept.set(index, words);
    for (const oldest of kept.keys()) if (kept.size > KEPT_CHUNKS) kept.delete(oldest);
    return words;
  }

  return {
    next() {
      while (at < blocks.length) {
        const words = read(at++);
        if (words !== undefined) return words;
      }
      return undefined;
    },
    tell: () => at - 1,
    seek: (chunk) => void (at = Math.max(chunk, 0)),
    pass(words) {
      let passed = 0;
      for (; at < blocks.length - 1; at++) {
        const count = blocks[at]!.block.words;
        if (passed + count >= words || !isGiven(at)) break;
        passed += count;
      }
      return passed;
    },
  };
}

/** What lies behind the words that the index names is not shown. */
function trimmed(words: Int32Array | SegmentProblem, length: number): Int32Array | SegmentProblem {
  return words instanceof Int32Array && words.length > length ? words.subarray(0, length) : words;
}

function segmentFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && parseSegmentName(entry.name) >= 0)
    .map(({ name }) => name);
  return names.sort((a, b) => parseSegmentName(a) - parseSegmentName(b)).map((name) => path.join(folder, name));
}

/** What a footer would say, for a segment that grows or whose writer died. `isLast`: the tick at its end ends there. */
export function scanSegment(
  segment: SegmentIndex,
  isLast = false,
): Pick<SegmentFooter, 'counts' | 'ticks' | 'files' | 'landmarks'> {
  const scanner = new WordScanner();
  for (const block of segment.blocks) {
    const words = readBlock(segment.path, block);
    if (!(words instanceof Int32Array)) continue;
    scanner.word = block.firstWord;
    scanner.scan(words, 0, words.length);
  }
  if (isLast) scanner.finish();
  return scanner.take();
}

function readHello(folder: string): Hello | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(folder, 'hello.json'), 'utf8'));
    return isHello(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHello(value: unknown): value is Hello {
  if (typeof value !== 'object' || value === null) return false;
  const hello = value as Partial<Hello>;
  const { pid, threadId, startedAt, argv } = hello;
  const areNumbers = [pid, threadId, startedAt].every((each) => typeof each === 'number');
  return areNumbers && Array.isArray(argv) && argv.every((each) => typeof each === 'string');
}

/** Of a thread's end: of its process, where it is the main one; undefined where it was cut off. */
export function exitCodeOf({ segments }: RecordedStream): number | undefined {
  const landmarks = segments.flatMap((segment) => (segment.footer ?? scanSegment(segment)).landmarks);
  return landmarks.find(({ kind }) => kind === 'end')?.detail;
}
