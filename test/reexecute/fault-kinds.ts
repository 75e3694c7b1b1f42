/** Seeded faults of a light recording: each is put into a copy of it, or into the program that it was made of. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeSegment } from '../../trace-runtime/src/format/segment-writer.ts';
import { segmentFileName } from '../../trace-runtime/src/format/segment-layout.ts';
import { FOOTER_VERSION, type SegmentFooter } from '../../trace-runtime/src/format/footer.ts';
import { WordScanner } from '../../trace-runtime/src/format/word-scanner.ts';
import { readManifest, writeManifest } from '../../trace-runtime/src/store/manifest.ts';
import { recordingPaths } from '../../trace-runtime/src/store/recording-paths.ts';
import { openWords, readStream } from '../../trace-runtime/src/store/stream.ts';
import type { Random } from '../support/random.ts';
import * as light from './light-words.ts';

export interface FaultPlace {
  /** the copy of the recording */
  readonly folder: string;
  /** the program's file, in a folder of its own */
  readonly program: string;
  /** another Node than the recorded one */
  readonly otherNode: string;
}

/** Says what it did; undefined where it found nothing to do. */
export type Fault = (place: FaultPlace, random: Random) => string | undefined;

export const faults: Readonly<Record<string, Fault>> = {
  dropped: (place, random) =>
    inWords(place, random, ({ records }) => {
      const record = random.pick(records);
      return { what: nameOf(record), edits: [light.dropped(record)] };
    }),
  changed: (place, random) =>
    inWords(place, random, (words) => {
      const record = random.pick(words.records);
      const edit = changed(words, record, random);
      return edit && { what: nameOf(record), edits: [edit] };
    }),
  exchanged: (place, random) =>
    inWords(place, random, (words) => {
      const { records } = words;
      const at = random.below(records.length - 1);
      const to = Math.min(records.length - 1, at + random.between(1, 4));
      const [a, b] = [records[at]!, records[to]!];
      return a === b ? undefined : { what: `${nameOf(a)} and ${nameOf(b)}`, edits: light.exchanged(words, a, b) };
    }),
  source: ({ program }, random) => {
    const text = readFileSync(program, 'utf8');
    const found = [...text.matchAll(/(?<![\w.$])[1-9]\d*(?![\w.$])|(?<=')[a-z ]{2,}(?=')/g)];
    if (found.length === 0) return undefined;
    const { index, 0: was } = random.pick(found);
    const is = /^\d/.test(was) ? String(Number(was) + 1) : `${was}!`;
    writeFileSync(program, text.slice(0, index) + is + text.slice(index + was.length));
    return `${was} -> ${is}`;
  },
  statement: ({ program }, random) => {
    const lines = readFileSync(program, 'utf8').split('\n');
    const simple = lines.flatMap((line, i) => (/^\s+[\w.]+(?:\(.*\)|(?:\+\+|--)| [-+*]?= .*);$/.test(line) ? [i] : []));
    if (simple.length === 0) return undefined;
    const at = random.pick(simple);
    const [was] = lines.splice(at, 1, '');
    writeFileSync(program, lines.join('\n'));
    return `without ${was!.trim()}`;
  },
  node: ({ folder, otherNode }) => {
    const manifest = readManifest(folder);
    if (!manifest.ok) return undefined;
    const [, ...rest] = manifest.value.command;
    writeManifest(folder, { ...manifest.value, command: [otherNode, ...rest] });
    return otherNode;
  },
};

interface Planned {
  readonly what: string;
  readonly edits: readonly light.WordEdit[];
}

function inWords(
  { folder }: FaultPlace,
  random: Random,
  plan: (words: light.LightWords) => Planned | undefined,
): string | undefined {
  const { streams } = recordingPaths(folder);
  const stream = path.join(streams, random.pick(readdirSync(streams).sort()));
  const read = light.readLightWords(wordsOf(stream));
  if (!read || read.records.length < 3) return undefined;
  const planned = plan(withoutStart(read));
  if (!planned) return undefined;
  replaceWords(stream, light.edited(read.words, planned.edits));
  return planned.what;
}

/** The environment is what the command is started with: it is no answer. */
function withoutStart(words: light.LightWords): light.LightWords {
  return { ...words, records: words.records.filter(({ kind }) => kind !== 'environment') };
}

function wordsOf(stream: string): Int32Array {
  const chunks: number[] = [];
  const source = openWords(readStream(stream).segments);
  for (let chunk = source.next(); chunk; chunk = source.next()) for (const word of chunk) chunks.push(word);
  return Int32Array.from(chunks);
}

function replaceWords(folder: string, words: Int32Array<ArrayBuffer>): void {
  const stream = readStream(folder);
  for (const segment of stream.segments) rmSync(segment.path);
  const scanner = new WordScanner();
  scanner.scan(words, 0, words.length);
  scanner.finish();
  const header = { number: 0, firstWord: 0, madeAt: 0, stream: stream.id };
  const footer: SegmentFooter = {
    version: FOOTER_VERSION,
    firstWord: 0,
    endWord: words.length,
    firstRecord: 0,
    endRecord: scanner.records,
    blocks: [],
    last: true,
    ...scanner.take(),
  };
  writeFileSync(path.join(folder, segmentFileName(0)), encodeSegment(header, words, 0, footer));
}

function nameOf({ kind, detail }: light.BoundaryRecord): string {
  return detail === undefined ? kind : `${kind} ${detail.slice(0, 100)}`;
}

function changed(words: light.LightWords, record: light.BoundaryRecord, random: Random): light.WordEdit | undefined {
  const { kind, detail } = record;
  if (kind === 'random') return light.renumbered(words, record, (told) => (told + 0.5) % 1);
  if (kind === 'clock') return light.renumbered(words, record, (told) => told + random.between(1, 10_000));
  if (detail === undefined) return undefined;
  const value = JSON.parse(detail) as unknown;
  const leaves = leavesOf(value);
  if (leaves.length === 0) return undefined;
  const { owner, key } = random.pick(leaves);
  owner[key] = otherLeaf(owner[key]);
  return light.retold(words, record, JSON.stringify(value));
}

interface Leaf {
  readonly owner: Record<string, unknown>;
  readonly key: string;
}

function leavesOf(value: unknown): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [];
  const owner = value as Record<string, unknown>;
  return Object.entries(owner).flatMap(([key, each]) =>
    typeof each === 'object' && each !== null ? leavesOf(each) : key === 'time' ? [] : [{ owner, key }],
  );
}

function otherLeaf(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string' || value === '') return 'other';
  const middle = value.length >> 1;
  const letter = value[middle] === 'a' ? 'b' : 'a';
  return value.slice(0, middle) + letter + value.slice(middle + 1);
}
