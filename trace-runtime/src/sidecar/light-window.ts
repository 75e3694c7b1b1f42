/**
 * `--keep` of a light recording: the start-up of each stream stays whole, for it is executed again; behind it the latest
 * part. Of what goes between, only loaded files stay, and strings that the next words need. Contents of messages go with it.
 */
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { keepNeeded, stringsIn } from '../format/definitions.ts';
import { noCounts, type SegmentFooter } from '../format/footer.ts';
import { readBlock, readSegmentIndex, type SegmentIndex } from '../format/segment-reader.ts';
import { encodeSegment } from '../format/segment-writer.ts';
import { WordScanner } from '../format/word-scanner.ts';
import { STARTED_FILE } from '../model/window-mark.ts';
import { appendLedger } from '../store/ledger.ts';
import type { Manifest } from '../store/manifest.ts';
import { FILE_MODE, recordingPaths, type RecordingPaths } from '../store/recording-paths.ts';
import { listSegments, type SegmentFile } from './keep-window.ts';

/** Of the window's bytes, what a start-up may take. */
const STARTUP_SHARE = 0.5;
/** A content may be referred to so long after it was written. */
const CONTENT_MS = 60_000;
/** How often contents are looked at: there may be many. */
const CONTENTS_EVERY_MS = 5000;

export class LightWindow {
  readonly #recording: string;
  readonly #paths: RecordingPaths;
  readonly #keep: NonNullable<Manifest['keep']>;
  /** files that were dropped and still hold definitions */
  readonly #condensed = new Set<string>();
  readonly #droppedUntil = new Map<string, number>();
  readonly #isStartup = new Map<string, boolean>();
  #startupContents: ReadonlySet<string> | undefined;
  #contents = { bytes: 0, at: 0 };

  constructor(recording: string, keep: NonNullable<Manifest['keep']>) {
    this.#recording = recording;
    this.#paths = recordingPaths(recording);
    this.#keep = keep;
  }

  tend(now: number = Date.now()): void {
    const segments = listSegments(this.#paths.streams);
    this.#tendContents(now, segments);
    const most = this.#keep.bytes ?? Infinity;
    let bytes = segments.reduce((sum, segment) => sum + segment.bytes, this.#contents.bytes);
    const mayGo = this.#mayGo(segments, most);
    for (const segment of mayGo.sort((a, b) => a.endedAt - b.endedAt)) {
      const isTooOld = now - segment.endedAt > (this.#keep.milliseconds ?? Infinity);
      if (bytes <= most && !isTooOld) break;
      bytes -= segment.bytes - this.#drop(segment, segments);
    }
  }

  /** Behind the start-up, but for the last of a stream. */
  #mayGo(segments: readonly SegmentFile[], most: number): SegmentFile[] {
    const latest = new Map(segments.map((segment) => [segment.stream, segment]));
    let startup = 0;
    return segments.filter((segment) => {
      if (this.#condensed.has(segment.file) || latest.get(segment.stream) === segment) return false;
      if (!this.#belongsToStartup(segment)) return true;
      startup += segment.bytes;
      return startup > most * STARTUP_SHARE;
    });
  }

  #belongsToStartup({ file, stream }: SegmentFile): boolean {
    const known = this.#isStartup.get(file);
    if (known !== undefined) return known;
    const started = path.join(this.#paths.streams, stream, STARTED_FILE);
    if (!existsSync(started)) return true;
    const { footer } = readSegmentIndex(file);
    const isStartup = (footer?.ticks.tick[0] ?? 0) <= Number(readFileSync(started, 'utf8'));
    this.#isStartup.set(file, isStartup);
    return isStartup;
  }

  /** The bytes that stay. */
  #drop(segment: SegmentFile, all: readonly SegmentFile[]): number {
    const { stream, file, endedAt } = segment;
    if (!this.#droppedUntil.has(stream)) {
      const reason = 'what was recorded between the start-up and the window went, as --keep asks';
      appendLedger(this.#recording, { kind: 'dropped', stream, subject: 'behind the start-up', reason });
    }
    this.#droppedUntil.set(stream, endedAt);
    const own = all.filter((each) => each.stream === stream);
    const at = own.findIndex((each) => each.file === file);
    const kept = this.#condense(segment, own[at + 1]?.file);
    const before = own[at - 1];
    if (before && this.#condensed.has(before.file)) this.#condense(before, existsSync(file) ? file : undefined);
    return kept;
  }

  /** `next`: the segment behind it. */
  #condense({ file, endedAt }: SegmentFile, next: string | undefined): number {
    const index = readSegmentIndex(file);
    if (!index.header) return statSync(file).size;
    const needed = new Set<number>();
    if (next !== undefined && existsSync(next))
      for (const words of wordsOf(readSegmentIndex(next))) for (const id of stringsIn(words)) needed.add(id);
    const isFollowed = next !== undefined && !this.#condensed.has(next);
    const words = keepNeeded(() => wordsOf(index), needed, isFollowed);
    if (words.length === 0) {
      rmSync(file);
      this.#condensed.delete(file);
      return 0;
    }
    const first = index.blocks[0]?.firstWord ?? index.header.firstWord;
    const bytes = encodeSegment(index.header, words, first, index.footer && emptied(index.footer));
    writeFileSync(`${file}.new`, bytes, { mode: FILE_MODE });
    utimesSync(`${file}.new`, endedAt / 1000, endedAt / 1000);
    renameSync(`${file}.new`, file);
    this.#condensed.add(file);
    return bytes.length;
  }

  /** Contents that nothing refers to any more go; those of the start-up stay. */
  #tendContents(now: number, segments: readonly SegmentFile[]): void {
    const { blobs } = this.#paths;
    if (now - this.#contents.at < CONTENTS_EVERY_MS || !existsSync(blobs)) return;
    const names = readdirSync(blobs);
    if (segments.some((segment) => !this.#belongsToStartup(segment)))
      this.#startupContents ??= new Set(names.map(nameOf));
    const streams = [...new Set(segments.map(({ stream }) => stream))];
    const until = Math.min(...streams.map((stream) => this.#droppedUntil.get(stream) ?? 0)) - CONTENT_MS;
    let bytes = 0;
    for (const name of names) {
      const file = path.join(blobs, name);
      const { size, mtimeMs } = statOf(file);
      if (mtimeMs >= until || this.#startupContents?.has(nameOf(name)) !== false) bytes += size;
      else rmSync(file, { force: true });
    }
    this.#contents = { bytes, at: now };
  }
}

function* wordsOf(index: SegmentIndex): Iterable<Int32Array> {
  for (const block of index.blocks) {
    const words = readBlock(index.path, block);
    if (words instanceof Int32Array) yield words;
  }
}

function emptied(footer: SegmentFooter): SegmentFooter {
  const { ticks } = new WordScanner().take();
  return { ...footer, ticks, landmarks: [], counts: noCounts, dropped: true };
}

/** Compressed or not. */
function nameOf(file: string): string {
  return file.replace(/\.z$/, '');
}

/** The sidecar itself takes a blob away when it has compressed it. */
function statOf(file: string): { readonly size: number; readonly mtimeMs: number } {
  try {
    return statSync(file);
  } catch {
    return { size: 0, mtimeMs: Infinity };
  }
}
