/**
 * Walks a stream's words once, without site tables, for what the footers hold: ticks with their hashes, files, landmarks
 * and counts. Words may be handed over in pieces cut anywhere.
 *
 * The hash of a tick is the one that the program has rolled (instrument/flow-text.ts) and written at the tick's end. Where it
 * has not, as in recordings of earlier versions, the hash has two lanes, rolled from 0 over the control-flow records (FLOW_BIT) between the tick's record and
 * the next:   a = imul(a, 31) + x,   b = imul(b, 1000003) + x,   x = id - base of its file + key of its file,
 * where the key is the first 32 bits of the site table's hash. So it depends neither on the order in which files were
 * loaded nor on any value. What runs before the first tick counts as tick 0.
 */
import { FIRST_SITE, FLOW_BIT, LANE_A, LANE_B, ObjectKind, Runtime, Slot, Special, Tag } from '../wire/words.ts';
import { noCounts, type FileEntry, type LandmarkEntry, type RecordCounts, type TickColumns } from './footer.ts';
import { FileRanges } from '../wire/file-ranges.ts';
import { PayloadReader } from './payload-reader.ts';
import { TickTable } from './tick-table.ts';

const CONTROL = Tag.control;
const DOUBLE = (Special.double << 3) | Tag.special;
const BUFFER_KIND = ObjectKind.arrayBuffer << 1;

const none: readonly FileEntry[] = [];

export interface Scanned {
  readonly files: readonly FileEntry[];
  readonly ticks: TickColumns;
  readonly landmarks: readonly LandmarkEntry[];
  readonly counts: RecordCounts;
}

export class WordScanner {
  /** number of the next word */
  word = 0;
  /** records of sites so far */
  records = 0;
  /** that ended so far */
  ticks = 0;
  /** true once an `end` record was seen */
  ended = false;
  #codeEnd = 0;
  #recordsAtCodeEnd = 0;
  #skip = 0;
  #hashA = 0;
  #hashB = 0;
  #recordsAtTick = 0;
  #counts = { ...noCounts };
  #files: FileEntry[] = [];
  #landmarks: LandmarkEntry[] = [];
  #open = { word: 0, tick: 0, cause: 0, causeTick: 0 };
  #ticks = new TickTable();
  #pending: LandmarkEntry | undefined;
  readonly #ranges = new FileRanges();
  readonly #payload = new PayloadReader();

  /** Scans words[from, to). */
  scan(words: Int32Array, from: number, to: number): void {
    const origin = this.word - from;
    let at = from;
    while (at < to) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, to - at);
        this.#skip -= step;
        at += step;
      } else if (this.#payload.reading) {
        this.#skip = this.#payload.take(words[at++] as number);
        if (!this.#payload.reading) this.#payloadDone();
      } else {
        at = this.#run(words, at, to, origin);
      }
    }
    this.word = origin + to;
  }

  /** Number of the word after the last record of a site, and of the values that stand there: what follows is Node's own doing. */
  get codeEnd(): number {
    return this.records === this.#recordsAtCodeEnd ? this.#codeEnd : this.word;
  }

  /** records of what was printed and of the boundary, since the last `take` */
  get told(): number {
    return this.#counts.output + this.#counts.boundary;
  }

  /** The next word does not belong to a definition that has begun. */
  get isBetween(): boolean {
    return this.#skip === 0 && !this.#payload.reading;
  }

  /** files found since the last `take` */
  get fileCount(): number {
    return this.#files.length;
  }

  filesSince(count: number): readonly FileEntry[] {
    return this.#files.length === count ? none : this.#files.slice(count);
  }

  /** What was found since the last call, for the footer of the segment that ends here. */
  take(): Scanned {
    const scanned = {
      files: this.#files,
      ticks: this.#ticks.columns(),
      landmarks: this.#landmarks,
      counts: this.#counts,
    };
    this.#files = [];
    this.#landmarks = [];
    this.#counts = { ...noCounts };
    this.#ticks = new TickTable();
    return scanned;
  }

  /** The program died in a tick: what it had rolled itself is in its registers (Slot). */
  died(registers: Int32Array): void {
    const at = (slot: number): number => registers[slot] ?? 0;
    this.#hashA = at(Slot.hashA);
    this.#hashB = at(Slot.hashB);
    this.#rollLoops(at(Slot.loopA), at(Slot.loopB));
  }

  #rollLoops(a: number, b: number): void {
    if ((a | b) === 0) return;
    this.#hashA = (Math.imul(this.#hashA, LANE_A) + a) | 0;
    this.#hashB = (Math.imul(this.#hashB, LANE_B) + b) | 0;
  }

  /** Ends the last tick, at the stream's end. */
  finish(): void {
    this.#closeTick();
  }

  /** The hot loop: up to `to`, or to a record whose payload must be read. */
  #run(words: Int32Array, start: number, to: number, origin: number): number {
    let at = start;
    let hashA = this.#hashA;
    let hashB = this.#hashB;
    let sites = 0;
    const ranges = this.#ranges;
    let first = ranges.first;
    let end = ranges.end;
    let shift = ranges.shift;
    while (at < to) {
      const word = words[at++] as number;
      if ((word & 1) === 0) continue;
      if ((word & 7) === CONTROL) {
        const id = word >>> 4;
        if (id >= FIRST_SITE) {
          sites++;
          if ((word & FLOW_BIT) === 0) continue;
          if (id < first || id >= end) {
            ranges.seek(id);
            first = ranges.first;
            end = ranges.end;
            shift = ranges.shift;
          }
          const step = (id + shift) | 0;
          hashA = (Math.imul(hashA, LANE_A) + step) | 0;
          hashB = (Math.imul(hashB, LANE_B) + step) | 0;
        } else if (id === Runtime.defString && at + 3 <= to) {
          this.#counts.strings++;
          at += 3 + PayloadReader.stringWords((words[at + 1] as number) >> 1, (words[at + 2] as number) >> 1);
          if (at > to) {
            this.#skip = at - to;
            at = to;
          }
        } else if (id === Runtime.defObject && at + 2 <= to && words[at + 1] !== BUFFER_KIND) {
          this.#counts.objects++;
        } else if (this.#runtime(id, origin + at - 1, this.records + sites)) {
          break;
        }
      } else if (word === DOUBLE) {
        at += 2;
        if (at > to) {
          this.#skip = at - to;
          at = to;
        }
      }
    }
    this.records += sites;
    this.#counts.sites += sites;
    this.#hashA = hashA;
    this.#hashB = hashB;
    return at;
  }

  /** True where the payload must be read word by word. */
  #runtime(id: number, word: number, record: number): boolean {
    if (record !== this.#recordsAtCodeEnd) {
      this.#recordsAtCodeEnd = record;
      this.#codeEnd = word;
    }
    switch (id) {
      case Runtime.defString:
        this.#counts.strings++;
        break;
      case Runtime.defSubstring:
      case Runtime.defConcat:
        this.#counts.strings++;
        return false;
      case Runtime.defParsed:
        this.#counts.objects++;
        return false;
      case Runtime.defObject:
        this.#counts.objects++;
        break;
      case Runtime.output:
        this.#counts.output++;
        return false;
      case Runtime.boundary:
        this.#counts.boundary++;
        return false;
      case Runtime.uncaught:
        this.#pending = { kind: 'uncaught', word, record, detail: 0 };
        break;
      case Runtime.caseStart:
        this.#pending = { kind: 'caseStart', word, record, detail: 0 };
        break;
      case Runtime.caseEnd:
        this.#pending = { kind: 'caseEnd', word, record, detail: 0 };
        break;
      case Runtime.end:
        this.#pending = { kind: 'end', word, record, detail: 0 };
        break;
      case Runtime.file:
      case Runtime.tick:
      case Runtime.hashes:
      case Runtime.loopHashes:
        break;
      case Runtime.defBytes:
        break;
      case Runtime.bytes:
        this.#counts.mutations++;
        break;
      default:
        if (id >= Runtime.set && id < Runtime.check) this.#counts.mutations++;
        return false;
    }
    return this.#payload.begin(id, word);
  }

  #payloadDone(): void {
    const { kind, word, items } = this.#payload.done;
    if (kind === Runtime.tick) {
      this.#closeTick();
      this.#open = { word, tick: items[0] ?? 0, cause: items[1] ?? 0, causeTick: items[2] ?? 0 };
    } else if (kind === Runtime.hashes) {
      const [highA = 0, lowA = 0, highB = 0, lowB = 0] = items;
      this.#hashA = (highA << 16) | lowA;
      this.#hashB = (highB << 16) | lowB;
    } else if (kind === Runtime.loopHashes) {
      const [highA = 0, lowA = 0, highB = 0, lowB = 0] = items;
      this.#rollLoops((highA << 16) | lowA, (highB << 16) | lowB);
    } else if (kind === Runtime.file) {
      this.#file(word, items);
    } else if (this.#pending) {
      this.#landmarks.push({ ...this.#pending, detail: items[0] ?? 0 });
      if (this.#pending.kind === 'end') this.ended = true;
      this.#pending = undefined;
    }
  }

  #file(word: number, items: readonly number[]): void {
    const [base = 0, ops = 0, hashId = 0, pathId = 0, how = 0] = items;
    const hash = this.#payload.string(hashId) ?? '';
    const path = this.#payload.string(pathId) ?? '';
    this.#files.push({ word, base, ops, hash, path, how });
    this.#ranges.add(base, ops, Number.parseInt(hash.slice(0, 8) || '0', 16) | 0);
  }

  #closeTick(): void {
    const { word, tick, cause, causeTick } = this.#open;
    const records = this.records - this.#recordsAtTick;
    if (tick > 0 || records > 0) {
      this.#ticks.push(word, tick, cause, causeTick, records, this.#hashA, this.#hashB);
      this.#counts.ticks++;
      this.ticks++;
    }
    this.#recordsAtTick = this.records;
    this.#hashA = 0;
    this.#hashB = 0;
    this.#open = { word: this.word, tick: 0, cause: 0, causeTick: 0 };
  }
}
