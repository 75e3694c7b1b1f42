/**
 * Two recordings, or two cases of recordings, side by side: where the runs first go different ways, where they first have
 * different values, what came into them differently, and how many calls differ. Streams stand for each other by their
 * place and their program, files by their path, functions and statements as `diff/code-keys.ts` says.
 *
 * Each stream is read twice at most: its words as hashes of its calls, which tell what is equal; and replayed beside the
 * other from the last place before which everything is.
 */
import { ParsedSources } from '../evaluate/parsed-source.ts';
import type { Activation } from '../query/activation.ts';
import { openStream, type StreamReplay } from '../query/replay.ts';
import { Places, type SourcePlace } from '../query/source-places.ts';
import { StateReader } from '../query/state.ts';
import type { Recording } from '../store/recording.ts';
import { openWords, scanSegment, type RecordedStream } from '../store/stream.ts';
import { alignCalls, type CallAlignment, type CallCounts } from './diff/call-alignment.ts';
import { Call, equalCheckpoints } from './diff/call-columns.ts';
import { CallDigest } from './diff/call-digest.ts';
import { CodeKeys, type NamedFile } from './diff/code-keys.ts';
import { Views, type ControlView, type ValueView } from './diff/difference-view.ts';
import { InputLog, type InputDifference } from './diff/input-log.ts';
import { Lockstep } from './diff/lockstep.ts';
import { Reads } from './diff/reads.ts';
import { RunTexts } from './diff/texts.ts';
import type { Item } from './diff/walker.ts';

/** What is compared of a recording: all of it, or a case. */
export interface DiffTarget {
  readonly recording: Recording;
  readonly case?: {
    /** number of its stream, from 1 */
    readonly stream: number;
    readonly id: number;
    /** undefined where it did not end */
    readonly last: number | undefined;
  };
}

/** A statement that was edited between the runs, where it first ran; a side without it has no such statement. */
export interface Edit {
  readonly a: EditPlace | undefined;
  readonly b: EditPlace | undefined;
}

export interface EditPlace {
  readonly stream: number;
  readonly moment: number;
  readonly functionName: string;
  readonly place: SourcePlace;
}

export interface StreamDiff {
  /** numbers of the streams, from 1 */
  readonly a: number;
  readonly b: number;
  readonly calls: CallCounts;
  readonly control: ControlView | undefined;
  readonly value: ValueView | undefined;
  readonly edits: readonly Edit[];
  readonly inputs: readonly InputDifference[];
  /** values that differ by inputs that differ between any two runs */
  readonly explained: number;
  /** undefined where the thread did not end in good order */
  readonly exitCodes: readonly [number | undefined, number | undefined];
  /** texts that were printed; what is printed of a clock differs always */
  readonly printsDiffer: boolean;
}

export interface RecordingDiff {
  readonly isAlike: boolean;
  /** the recordings have no source file in common */
  readonly isUnrelated: boolean;
  readonly streams: readonly StreamDiff[];
  /** numbers of streams that have no partner */
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
  /** paths of files of which the sources differ */
  readonly editedFiles: readonly string[];
}

interface Side {
  readonly recording: Recording;
  readonly stream: RecordedStream;
  readonly number: number;
  readonly texts: RunTexts;
  readonly places: Places;
  readonly case: DiffTarget['case'];
}

const EDITS = 10;

/** Gives the share that is done, from 0 to 1. Can be given up at any time. */
export function* diffRecordings(a: DiffTarget, b: DiffTarget): Generator<number, RecordingDiff> {
  const { pairs, onlyA, onlyB } = pairStreams(sidesOf(a), sidesOf(b));
  const files = [a, b].map(filesOf) as [NamedFile[], NamedFile[]];
  const keys = new CodeKeys([a.recording, b.recording], files);
  const streams: StreamDiff[] = [];
  for (const [index, [one, other]] of pairs.entries()) {
    streams.push(yield* shared(diffStreams(one, other, keys), index, pairs.length));
  }
  const isUnrelated = !files[0].some(({ path, hash }) =>
    files[1].some((other) => other.hash === hash || (other.path === path && path !== '')),
  );
  const isAlike = !isUnrelated && onlyA.length === 0 && onlyB.length === 0 && streams.every(isStreamAlike);
  return { isAlike, isUnrelated, streams, onlyA, onlyB, editedFiles: keys.editedFiles };
}

function isStreamAlike({ control, value, edits, exitCodes, calls }: StreamDiff): boolean {
  const ends = exitCodes[0] === exitCodes[1] && calls.onlyA === 0 && calls.onlyB === 0;
  return control === undefined && value === undefined && edits.length === 0 && ends;
}

function sidesOf({ recording, case: only }: DiffTarget): Side[] {
  const places = new Places(recording);
  return recording.streams.flatMap((stream, index) =>
    only !== undefined && only.stream !== index + 1
      ? []
      : [{ recording, stream, number: index + 1, texts: new RunTexts(stream.hello?.cwd), places, case: only }],
  );
}

function filesOf({ recording }: DiffTarget): NamedFile[] {
  return recording.streams.flatMap(({ segments, hello }) => {
    const texts = new RunTexts(hello?.cwd);
    return segments.flatMap((segment) =>
      (segment.footer ?? scanSegment(segment)).files.map(({ hash, path }) => ({ hash, path: texts.plain(path) })),
    );
  });
}

/** In their order: those of the same program and kind of thread, then what is left of the same kind. */
function pairStreams(a: readonly Side[], b: readonly Side[]) {
  const pairs: (readonly [Side, Side])[] = [];
  const [left, right] = [new Set(a), new Set(b)];
  const kind = ({ stream: { hello } }: Side): string => ((hello?.threadId ?? 0) === 0 ? 'process' : 'worker');
  const program = (side: Side): string => `${kind(side)} ${side.texts.plain(side.stream.hello?.argv[1] ?? '')}`;
  const one = a.length === 1 && b.length === 1;
  for (const name of [program, one ? () => '' : kind]) {
    for (const side of left) {
      const partner = [...right].find((each) => name(each) === name(side));
      if (partner === undefined) continue;
      left.delete(side);
      right.delete(partner);
      pairs.push([side, partner]);
    }
  }
  const numbers = (sides: Iterable<Side>) => Array.from(sides, ({ number }) => number);
  return { pairs: pairs.sort(([x], [y]) => x.number - y.number), onlyA: numbers(left), onlyB: numbers(right) };
}

interface Aligned {
  readonly digests: readonly [CallDigest, CallDigest];
  readonly alignment: CallAlignment;
}

/** Which call of a stream stands for which of the other. Gives the share that is done. */
function* alignStreams(a: Side, b: Side, keys: CodeKeys): Generator<number, Aligned> {
  const words = a.stream.words + b.stream.words || 1;
  const digests: CallDigest[] = [];
  for (const [index, side] of [a, b].entries()) {
    const { stream, texts } = side;
    const digest = new CallDigest(openWords(stream.segments), {
      keys,
      side: index as 0 | 1,
      texts,
      case: side.case?.id,
    });
    const before = index === 0 ? 0 : a.stream.words;
    for (const read of digest.read()) yield (0.8 * (before + read)) / words;
    digests.push(digest);
  }
  const [digestA, digestB] = digests as [CallDigest, CallDigest];
  const aligning = alignCalls(digestA, digestB, a.case !== undefined || b.case !== undefined);
  for (;;) {
    const step = aligning.next();
    if (step.done === true) return { digests: [digestA, digestB], alignment: step.value };
    yield 0.8 + (0.2 * step.value) / (digestA.calls + 1);
  }
}

/** Two streams, call by call. */
export interface StreamAlignment {
  /** numbers of the streams, from 1 */
  readonly a: number;
  readonly b: number;
  /** by call of the first: the other's; 0 where there is none */
  readonly ofA: Uint32Array;
  readonly isWhole: (call: number) => boolean;
  /** a call of the first went another way than the one that stands for it, or had other values */
  readonly differs: (call: number) => boolean;
}

/** Which calls of two recordings, or cases, stand for each other. Gives the share that is done, from 0 to 1. */
export function* alignRecordings(a: DiffTarget, b: DiffTarget): Generator<number, readonly StreamAlignment[]> {
  const { pairs } = pairStreams(sidesOf(a), sidesOf(b));
  const keys = new CodeKeys([a.recording, b.recording], [filesOf(a), filesOf(b)]);
  const found: StreamAlignment[] = [];
  for (const [index, [one, other]] of pairs.entries()) {
    const { digests, alignment } = yield* shared(alignStreams(one, other, keys), index, pairs.length);
    const [x, y] = digests;
    const { ofA, isWhole } = alignment;
    found.push({
      a: one.number,
      b: other.number,
      ofA,
      isWhole: (call) => isWhole[call] === 1,
      differs: (call) => x.control[call] !== y.control[ofA[call]!] || x.values[call] !== y.values[ofA[call]!],
    });
  }
  return found;
}

/** The share that one of several pieces of work has of the whole. */
function* shared<T>(work: Generator<number, T>, index: number, count: number): Generator<number, T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield (index + step.value) / count;
  }
}

function* diffStreams(a: Side, b: Side, keys: CodeKeys): Generator<number, StreamDiff> {
  const { digests, alignment } = yield* shared(alignStreams(a, b, keys), 0, 2);
  const [digestA, digestB] = digests;
  const inCases = a.case !== undefined || b.case !== undefined;
  const found: { control: ControlView | undefined; value: ValueView | undefined; edits: Edit[]; explained: number } = {
    control: undefined,
    value: undefined,
    edits: [],
    explained: 0,
  };
  if (!isEqual(digestA, digestB, alignment)) {
    for (const share of compareReplays([a, b], digests, alignment, keys, found)) yield 0.5 + 0.5 * share;
  }
  return {
    a: a.number,
    b: b.number,
    calls: alignment.counts,
    ...found,
    inputs: InputLog.differences(digestA.inputs, digestB.inputs),
    exitCodes: inCases ? [undefined, undefined] : [digestA.exitCode, digestB.exitCode],
    printsDiffer: digestA.inputs.outputs !== digestB.inputs.outputs,
  };
}

/** Nothing differs that the words tell, and no function was edited that ran. */
function isEqual(a: CallDigest, b: CallDigest, { controlDiffers, valuesDiffer }: CallAlignment): boolean {
  if (controlDiffers || valuesDiffer || firstEdited(a) < Infinity || firstEdited(b) < Infinity) return false;
  return a.checkpoints.length === b.checkpoints.length && equalCheckpoints(a, b) === a.checkpoints.length;
}

/** The word at which a call of a function that was edited begins first. */
function firstEdited({ calls, flags, begins }: CallDigest): number {
  for (let call = 1; call <= calls; call++) {
    if ((flags[call]! & (Call.edited | Call.outside)) === Call.edited) return begins[call]!;
  }
  return Infinity;
}

function* compareReplays(
  sides: readonly [Side, Side],
  digests: readonly [CallDigest, CallDigest],
  alignment: CallAlignment,
  keys: CodeKeys,
  found: { control: ControlView | undefined; value: ValueView | undefined; edits: Edit[]; explained: number },
): Generator<number, void> {
  const edited = [firstEdited(digests[0]), firstEdited(digests[1])];
  const start = lastEqual(digests, edited);
  const [a, b] = sides.map(({ recording, stream }) =>
    openStream(openWords(stream.segments), recording.table, recording.source),
  ) as [StreamReplay, StreamReplay];
  for (const [index, replay] of [a, b].entries()) {
    const to = digests[index]!.checkpoints[start]!.word;
    for (let next = PIECE; replay.cursor.offset < to; next += PIECE) {
      if (!replay.runToWord(Math.min(next, to))) break;
      yield (0.25 * (index + replay.cursor.offset / (to + 1))) / 2;
    }
  }
  const reads = new Reads(
    new ParsedSources((hash) => sides[0].recording.source(hash) ?? sides[1].recording.source(hash)),
  );
  const inOneStream = sides[0].stream === sides[1].stream || sides[0].stream.id === sides[1].stream.id;
  const inCases = sides.some((side) => side.case !== undefined);
  const mayDiffer = edited.some((word) => word < Infinity);
  const forced = forcedPairs(digests, alignment);
  const lockstep = new Lockstep({
    keys,
    digests,
    alignment,
    replays: [a, b],
    texts: [sides[0].texts, sides[1].texts],
    until: [sides[0].case?.last ?? Infinity, sides[1].case?.last ?? Infinity],
    shared: inCases && !inOneStream ? 0 : Math.min(highestObject(a), highestObject(b)) + 1,
    reads,
    givenUp: forced,
    mayDiffer: { control: mayDiffer || alignment.controlDiffers, values: true },
    found: (difference) => {
      const view = views.of(difference);
      if (view.kind === 'control') found.control = view;
      else found.value = view;
    },
    ...editNotes(found.edits, sides, [a, b]),
  });
  const views: Views = new Views(
    [
      { replay: a, stream: sides[0].number, places: sides[0].places },
      { replay: b, stream: sides[1].number, places: sides[1].places },
    ],
    reads,
    lockstep,
  );
  const end = sides[0].stream.words + 1;
  for (const _ of lockstep.run()) yield 0.25 + (0.75 * a.cursor.offset) / end;
  found.explained = lockstep.explained;
}

/** Words between two yields. */
const PIECE = 100_000;

/** The last checkpoint up to which everything is equal, before the first call of an edited function. */
function lastEqual([a, b]: readonly [CallDigest, CallDigest], edited: readonly number[]): number {
  const isBefore = (i: number): boolean => a.checkpoints[i]!.word <= edited[0]! && b.checkpoints[i]!.word <= edited[1]!;
  let last = equalCheckpoints(a, b) - 1;
  while (last > 0 && !isBefore(last)) last--;
  return Math.max(0, last);
}

/** The outermost calls of two cases, where they are of different functions, and the event loop that makes them. */
function forcedPairs([a, b]: readonly [CallDigest, CallDigest], { ofA }: CallAlignment): number[] {
  const call = ofA.findIndex((partner) => partner !== 0);
  return call > 0 && a.functions[call] !== b.functions[ofA[call]!] ? [0, call] : [];
}

function highestObject({ heap }: StreamReplay): number {
  return heap.newest;
}

/** Notes the first edited statements, each once. */
function editNotes(edits: Edit[], sides: readonly [Side, Side], replays: readonly [StreamReplay, StreamReplay]) {
  const seen = new Set<string>();
  const placeIn = (side: 0 | 1, activation: Activation | undefined, op: number): EditPlace | undefined => {
    if (activation === undefined) return undefined;
    const { file, site } = activation;
    const replay = replays[side];
    const place = sides[side].places.of(new StateReader(replay), file, file.code.start[op]!);
    return { stream: sides[side].number, moment: replay.moment, functionName: site.name, place };
  };
  const add = (name: string, edit: () => Edit): void => {
    if (edits.length >= EDITS || seen.has(name)) return;
    seen.add(name);
    edits.push(edit());
  };
  return {
    edited(side: 0 | 1, activation: Activation, op: number): void {
      add(`${side} ${activation.file.base + op}`, () => ({
        a: side === 0 ? placeIn(0, activation, op) : undefined,
        b: side === 1 ? placeIn(1, activation, op) : undefined,
      }));
    },
    changed(a: Item, b: Item): void {
      add(`both ${a.key}`, () => ({ a: placeIn(0, a.activation, a.op), b: placeIn(1, b.activation, b.op) }));
    },
  };
}
