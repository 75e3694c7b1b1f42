/** The values of a light recording, where it was executed again: a recording in its folder, and what of it is proven. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SegmentIndex } from '../format/segment-reader.ts';
import type { LedgerLine } from './ledger.ts';
import type { Recording } from './recording.ts';
import type { RecordedStream } from './stream.ts';

export const VERIFICATION_FILE = 'verification.json';
/** Ledger lines that say why a light recording cannot be executed again; see boundary/unrepeatable.ts. */
export const NOT_EXECUTABLE = 'not-executable';
/** The subject of the one that is never executed beyond it. */
export const HTTP2 = 'HTTP/2';

/** Where a run first went another way. */
export interface Divergence {
  /** from 1 */
  readonly stream: number;
  /** ticks before it, which are equal */
  readonly tick: number;
  /** word of the materialised stream at which it begins; undefined: the stream is not there */
  readonly word: number | undefined;
  readonly what: string;
}

export interface Verification {
  readonly version: 1;
  readonly ticks: number;
  readonly verified: number;
  /** by stream, where it is not equal to its end */
  readonly divergences: readonly Divergence[];
  readonly first: Divergence | undefined;
  /** ids of the streams that were executed for the recorded ones, in their order */
  readonly streams: readonly (string | null)[];
  /** words of each stream that are proven; Infinity: all */
  readonly words: readonly (number | null)[];
  /** why it may have gone another way */
  readonly likely: readonly string[];
  /** only the start-up was executed, and a part of the rest; arrivals in it that belong to what was passed over */
  readonly window?: { readonly left: number };
  /** streams, from 1, in which no recorded code ran, and Node by itself told others something else */
  readonly byNode?: readonly number[];
  /** streams, from 1, that were killed in a tick of which the rest cannot be compared: it is shown up to what it told last */
  readonly cut?: readonly number[];
  /** streams, from 1, of processes that ended well and were left out */
  readonly left?: readonly number[];
}

/** Values were not recorded, only what crossed the boundary and hashes. */
export function isLight({ manifest }: Pick<Recording, 'manifest'>): boolean {
  return manifest.options['level'] === 'light';
}

export function materialisedFolder(folder: string): string {
  return path.join(folder, 'materialised');
}

/** What the last materialising showed; undefined where there was none. */
export function readVerification(folder: string): Verification | undefined {
  try {
    const file = path.join(materialisedFolder(folder), VERIFICATION_FILE);
    return JSON.parse(readFileSync(file, 'utf8')) as Verification;
  } catch {
    return undefined;
  }
}

/** The recording with its values, up to where they are proven. */
export function withValues(light: Recording, full: Recording, verification: Verification): Recording {
  const streams = light.streams.flatMap((stream, index) => {
    const executed = full.streams.find(({ id }) => id === verification.streams[index]);
    const limit = verification.words[index];
    if (!executed || limit === 0) return [];
    return [{ ...cut(executed, limit ?? Infinity), hello: stream.hello ?? executed.hello, light: stream }];
  });
  const { types, table, source, sourceMap, blob } = full;
  const ledger = [
    ...light.ledger,
    ...full.ledger,
    ...passedOver(light, verification),
    ...leftOut(light, verification),
    ...notProven(light, verification),
    ...saidByNode(light, verification),
    ...cutOff(light, verification),
  ];
  return { ...light, streams, ledger, types, table, source, sourceMap, blob };
}

function passedOver({ manifest }: Recording, { window }: Verification): readonly LedgerLine[] {
  if (!window) return [];
  const left = window.left > 0 ? `; ${window.left} things that came belong to it and were left out` : '';
  const reason =
    'what happened between the start-up and the part that was executed again is passed over: what memory held then ' +
    `is as it was after the start-up. Where control flow or what it told others depends on it, it is not shown${left}`;
  return [
    { kind: 'window', at: manifest.endedAt ?? manifest.startedAt, subject: 'depends on what happened before', reason },
  ];
}

function leftOut({ manifest, streams }: Recording, { left }: Verification): readonly LedgerLine[] {
  if (!left) return [];
  const processes = new Set(left.map((number) => streams[number - 1]?.hello?.pid)).size;
  const reason =
    'they ended well, and only what they told others is shown: hindcast materialise --all executes them, too';
  const at = manifest.endedAt ?? manifest.startedAt;
  return [{ kind: 'left-out', at, subject: `${processes} processes`, reason }];
}

function notProven({ manifest }: Recording, { divergences, likely }: Verification): readonly LedgerLine[] {
  return divergences.map(({ stream, tick, what }) => ({
    kind: 'not-proven',
    at: manifest.endedAt ?? manifest.startedAt,
    subject: `thread ${stream} from tick ${tick + 1} on`,
    reason: [`executed again, ${what}`, ...likely].join('; '),
  }));
}

/** A test runner, say, tells how long all took. */
function saidByNode({ manifest }: Recording, { byNode = [] }: Verification): readonly LedgerLine[] {
  return byNode.map((stream) => ({
    kind: 'not-proven',
    at: manifest.endedAt ?? manifest.startedAt,
    subject: `output of thread ${stream}`,
    reason:
      'no recorded code ran in it, and what Node printed there by itself, such as how long it took, is another: it is shown as executed again',
  }));
}

/** A loop that never ended, in most cases. */
function cutOff({ manifest }: Recording, { cut = [] }: Verification): readonly LedgerLine[] {
  return cut.map((stream) => ({
    kind: 'not-proven',
    at: manifest.endedAt ?? manifest.startedAt,
    subject: `last tick of thread ${stream}`,
    reason:
      'it was killed in it, and how far it had come then cannot be told: it is shown up to the last thing that it told others, which is the same',
  }));
}

function cut(stream: RecordedStream, words: number): RecordedStream {
  if (words === Infinity) return stream;
  const segments = stream.segments.flatMap((segment): SegmentIndex[] => {
    const blocks = segment.blocks
      .filter(({ firstWord }) => firstWord < words)
      .map((block) => (block.firstWord + block.words > words ? { ...block, words: words - block.firstWord } : block));
    return blocks.length === 0 ? [] : [{ ...segment, blocks, footer: undefined }];
  });
  return { ...stream, segments, words: Math.min(words, stream.words), ended: false };
}
