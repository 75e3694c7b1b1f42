/** What a segment's footer holds: all that opening a recording needs without decoding its words. MessagePack. */
import { Packr, Unpackr } from 'msgpackr';

export const FOOTER_VERSION = 1;

/** Where a block of words stands. */
export interface BlockEntry {
  /** of its frame, in the segment file */
  readonly offset: number;
  readonly firstWord: number;
  readonly words: number;
  /** number, in the stream, of the first record that begins in it */
  readonly firstRecord: number;
}

/** A source file that the program loaded. */
export interface FileEntry {
  readonly word: number;
  readonly base: number;
  readonly ops: number;
  /** the site table's hash; '' where the stream defined the string too long ago */
  readonly hash: string;
  /** '' likewise: a reader decodes it */
  readonly path: string;
  readonly how: number;
}

/** Ticks as columns, in order. A tick's hashes and counts are known when it ends; the segment in which it ends has it. */
export interface TickColumns {
  readonly length: number;
  /** word at which the tick's record stands */
  readonly word: Float64Array;
  readonly tick: Int32Array;
  readonly cause: Uint8Array;
  readonly causeTick: Int32Array;
  /** site records */
  readonly records: Uint32Array;
  /** the two lanes of the hash over the control-flow records; see WordScanner */
  readonly hashA: Int32Array;
  readonly hashB: Int32Array;
}

/** Something a reader looks for first: an uncaught error, a case, the end. */
export interface LandmarkEntry {
  readonly kind: 'uncaught' | 'caseStart' | 'caseEnd' | 'end';
  readonly word: number;
  readonly record: number;
  /** kind of uncaught, number of the case, exit code */
  readonly detail: number;
}

export interface RecordCounts {
  /** records of sites: entries, exits, writes, branches, throws */
  readonly sites: number;
  /** mutations by code that is not recorded step by step */
  readonly mutations: number;
  readonly boundary: number;
  readonly output: number;
  readonly objects: number;
  readonly strings: number;
  readonly ticks: number;
}

export interface SegmentFooter {
  readonly version: number;
  readonly firstWord: number;
  readonly endWord: number;
  readonly firstRecord: number;
  readonly endRecord: number;
  readonly blocks: readonly BlockEntry[];
  readonly files: readonly FileEntry[];
  readonly ticks: TickColumns;
  readonly landmarks: readonly LandmarkEntry[];
  readonly counts: RecordCounts;
  /** true in the last segment of a stream that ended in good order or whose process is gone */
  readonly last: boolean;
  /** true where all but definitions was dropped to keep a window (`--keep`) */
  readonly dropped?: boolean;
}

export const noCounts: RecordCounts = {
  sites: 0,
  mutations: 0,
  boundary: 0,
  output: 0,
  objects: 0,
  strings: 0,
  ticks: 0,
};

export function addCounts(a: RecordCounts, b: RecordCounts): RecordCounts {
  return {
    sites: a.sites + b.sites,
    mutations: a.mutations + b.mutations,
    boundary: a.boundary + b.boundary,
    output: a.output + b.output,
    objects: a.objects + b.objects,
    strings: a.strings + b.strings,
    ticks: a.ticks + b.ticks,
  };
}

const packr = new Packr({ useRecords: false, mapsAsObjects: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

const tickColumns = ['word', 'tick', 'cause', 'causeTick', 'records', 'hashA', 'hashB'] as const;

export function encodeFooter(footer: SegmentFooter): Uint8Array {
  const ticks: Record<string, unknown> = { length: footer.ticks.length };
  for (const name of tickColumns) {
    const column = footer.ticks[name];
    ticks[name] = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  }
  return packr.pack({ ...footer, ticks });
}

/** Throws where the bytes are no footer. */
export function decodeFooter(bytes: Uint8Array): SegmentFooter {
  const footer = unpackr.unpack(bytes) as SegmentFooter & {
    readonly ticks: Readonly<Record<(typeof tickColumns)[number], Uint8Array>> & { readonly length: number };
  };
  const packed = footer.ticks;
  const ticks: TickColumns = {
    length: packed.length,
    word: new Float64Array(aligned(packed.word)),
    tick: new Int32Array(aligned(packed.tick)),
    cause: new Uint8Array(aligned(packed.cause)),
    causeTick: new Int32Array(aligned(packed.causeTick)),
    records: new Uint32Array(aligned(packed.records)),
    hashA: new Int32Array(aligned(packed.hashA)),
    hashB: new Int32Array(aligned(packed.hashB)),
  };
  const decoded = { ...footer, ticks };
  if (!isFooter(decoded)) throw new Error('These bytes are no footer.');
  return decoded;
}

/** Of version 1; what a later version has, its upgraders know. */
function isFooter({ version, blocks, files, landmarks, counts, ticks }: SegmentFooter): boolean {
  if (version !== FOOTER_VERSION) return true;
  const { length } = ticks;
  return (
    areNumbers(counts, Object.keys(noCounts)) &&
    areAll(blocks, (block) => arePlaces(block, ['offset', 'firstWord', 'words', 'firstRecord'])) &&
    areAll(files, (file) => areNumbers(file, ['word', 'base', 'ops', 'how']) && areTexts(file, ['hash', 'path'])) &&
    areAll(landmarks, (mark) => areNumbers(mark, ['word', 'record', 'detail']) && areTexts(mark, ['kind'])) &&
    Number.isInteger(length) &&
    tickColumns.every((name) => ticks[name].length === length)
  );
}

function areAll<T>(list: readonly T[], check: (item: T) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null && check(item));
}

const fieldsOf = (item: object, names: readonly string[]): unknown[] =>
  names.map((name) => (item as Readonly<Record<string, unknown>>)[name]);

function arePlaces(item: object, names: readonly string[]): boolean {
  return fieldsOf(item, names).every((value) => Number.isSafeInteger(value) && (value as number) >= 0);
}

function areNumbers(item: object, names: readonly string[]): boolean {
  return fieldsOf(item, names).every((value) => typeof value === 'number');
}

function areTexts(item: object, names: readonly string[]): boolean {
  return fieldsOf(item, names).every((value) => typeof value === 'string');
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
