/**
 * What a recording says of its failure before it was read: the error that left the program, or the first failed test, and
 * the calls that it left. The words before its record are looked through for definitions; of site tables only the places
 * are used, so nothing that the program computed is known.
 */
import { basename } from 'node:path';
import { FIRST_SITE, ObjectKind, Outcome, Runtime, Special, Tag } from '../wire/words.ts';
import type { LoadedFile } from './activation.ts';
import type { LandmarkEntry } from '../format/footer.ts';
import type { Recording } from '../store/recording.ts';
import { openWords, type RecordedStream } from '../store/stream.ts';
import { messageOf, typeOfThrown } from './failures.ts';
import { LooseStack } from './loose-stack.ts';
import { openStream, type StreamReplay } from './replay.ts';
import { Places } from './source-places.ts';
import { StateReader } from './state.ts';
import { ObjectValue, type Value } from './values.ts';

export interface Glimpse {
  /** number of the stream, from 1 */
  readonly stream: number;
  readonly type: string;
  readonly message: string;
  /** as the program's engine wrote it; '' where the recording does not tell it there */
  readonly stackText: string;
  readonly isTest: boolean;
  /** innermost first; of the outer ones some may not be known. Not empty */
  readonly frames: readonly GlimpsedFrame[];
}

export interface GlimpsedFrame {
  /** '' where anonymous; a file's name of its body */
  readonly functionName: string;
  readonly file: LoadedFile;
  /** of the source that the developer wrote */
  readonly path: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

/** Words that are looked through before a record: few at first; the most take about a fifth of a second. */
const WORDS = [100_000, 1_500_000] as const;
/** And behind it, where an error's stack may get its text. */
const WORDS_BEHIND = 20_000;
/** Ends of cases that are looked at. */
const CASES = 200;
/** Stands in the place of texts that were defined before. */
const GAP = '\u0000';

/** undefined where there is no failure, or what it was is not told so near to it */
export function glimpseFailure(recording: Recording): Glimpse | undefined {
  for (const kind of ['uncaught', 'caseEnd'] as const)
    for (const [index, stream] of recording.streams.entries()) {
      const own = stream.segments.flatMap(({ footer }) => footer?.landmarks ?? []).filter((each) => each.kind === kind);
      for (const landmark of own.slice(0, kind === 'caseEnd' ? CASES : 1)) {
        if (kind === 'caseEnd' && !hasFailed(recording, stream, landmark)) continue;
        for (const words of WORDS) {
          const found = look(recording, stream, landmark, words);
          if (found) return { ...found, stream: index + 1, isTest: kind === 'caseEnd' };
        }
      }
    }
  return undefined;
}

function hasFailed(recording: Recording, stream: RecordedStream, { word }: LandmarkEntry): boolean {
  const scan = Scan.from(recording, stream, word);
  const outcome = scan?.payload(word, Runtime.caseEnd, 2)?.[1];
  return outcome === Outcome.failed || outcome === Outcome.timedOut;
}

function look(recording: Recording, stream: RecordedStream, { word, kind }: LandmarkEntry, words: number) {
  const scan = Scan.from(recording, stream, Math.max(0, word - words));
  const isUncaught = kind === 'uncaught';
  const items = scan?.payload(word, isUncaught ? Runtime.uncaught : Runtime.caseEnd, isUncaught ? 2 : 3);
  const value = items?.at(-1);
  if (!scan || !(value instanceof ObjectValue)) return undefined;
  const left = scan.stack.left;
  scan.pass(word + WORDS_BEHIND);
  const { heap } = scan.replay;
  const error = heap.get(value);
  if (error?.kind !== ObjectKind.error) return undefined;
  const stackText = typeof error.inner === 'string' && !error.inner.includes(GAP) ? error.inner : '';
  const [type, message] = [typeOfThrown(heap, value), messageOf(heap, value)];
  const frames = isUncaught && left.length > 0 ? framesOf(recording, scan, left) : framesIn(recording, scan, stackText);
  return frames.length === 0 || message.includes(GAP) ? undefined : { type, message, stackText, frames };
}

function framesOf(recording: Recording, { replay }: Scan, left: LooseStack['left']): GlimpsedFrame[] {
  const places = new Places(recording);
  const reader = new StateReader(replay);
  return left.flatMap(({ file, functionIndex, op }): GlimpsedFrame[] => {
    const { path, line, column } = places.of(reader, file, file.code.start[op] ?? -1);
    const functionName = functionIndex === 0 ? basename(path) : (file.table.functions[functionIndex]?.name ?? '');
    return line === undefined || column === undefined ? [] : [{ functionName, file, path, line, column }];
  });
}

/** A line of a stack's text: function, path, line, column. */
export const FRAME = /^ {4}at (?:(?:async )?(.*?) \()?(?:file:\/\/)?(\/.*|[A-Za-z]:[\\/].*):(\d+):(\d+)\)?$/gm;

/** Those of recorded files. */
function framesIn(recording: Recording, { replay }: Scan, stackText: string): GlimpsedFrame[] {
  const places = new Places(recording);
  return [...stackText.matchAll(FRAME)].flatMap(([, functionName = '', path = '', line, column]) => {
    const file = replay.files.find((each) => places.sources(each).some((source) => source.path === path));
    return file ? [{ functionName, file, path, line: Number(line), column: Number(column) }] : [];
  });
}

/** A stream from some place on, of which nothing before is known. */
class Scan {
  readonly stack: LooseStack;

  /** Begins with the block that has the word. */
  static from({ table, source }: Recording, stream: RecordedStream, word: number): Scan | undefined {
    const blocks = stream.segments.flatMap(({ blocks: own }) => own);
    const chunk = blocks.findLastIndex(({ firstWord }) => firstWord <= word);
    const before = blocks[chunk]?.firstWord;
    if (before === undefined) return undefined;
    const replay = openStream(openWords(stream.segments), table, source);
    replay.decoder.absent = () => GAP;
    for (const { footer } of stream.segments)
      for (const { base, ops, hash, path, how } of footer?.files ?? []) replay.loadFile(base, ops, hash, path, how);
    replay.cursor.goTo({ chunk, position: 0, before, pushedBack: false, last: 0, ended: false });
    return new Scan(replay);
  }

  private constructor(readonly replay: StreamReplay) {
    this.stack = new LooseStack(replay);
  }

  /** Goes on to the word, and takes in the definitions on the way. */
  pass(word: number): void {
    const { cursor, decoder } = this.replay;
    while (cursor.offset < word && !cursor.ended) {
      const next = cursor.next();
      if ((next & 7) === Tag.special && next >>> 3 === Special.double) cursor.nextDouble();
      if ((next & 7) !== Tag.control) continue;
      const id = next >>> 4;
      if (id >= FIRST_SITE) this.stack.site(id);
      else if (!decoder.definition(id)) this.record(id);
    }
  }

  private record(id: number): void {
    const { cursor, decoder, heap } = this.replay;
    if (id === Runtime.abrupt) this.stack.leave(decoder.int());
    else if (id === Runtime.bytes) {
      for (let i = 0; i < 3; i++) decoder.value();
      cursor.skipBytes(decoder.int());
    } else if (id === Runtime.set) {
      const [, object, key, value] = decoder.values(4);
      const error = key === 'stack' && object instanceof ObjectValue ? heap.get(object) : undefined;
      if (error?.kind === ObjectKind.error) error.inner = value;
    }
  }

  /** The first values of the record that begins at the word; undefined where none of that kind does. */
  payload(word: number, kind: number, count: number): Value[] | undefined {
    const { cursor, decoder } = this.replay;
    this.pass(word);
    if (cursor.offset !== word) return undefined;
    const head = cursor.next();
    return (head & 7) === Tag.control && head >>> 4 === kind ? decoder.values(count) : undefined;
  }
}
