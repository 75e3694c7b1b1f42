/** Recordings that are not as they were written: what a dying disk, a newer Hindcast or a hostile sender leaves. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Packr, Unpackr } from 'msgpackr';
import { Compression } from '../../trace-runtime/src/format/compression.ts';
import { decodeFooter, encodeFooter, type SegmentFooter } from '../../trace-runtime/src/format/footer.ts';
import { PACKED, packFileNow, unpackFile } from '../../trace-runtime/src/format/packed-file.ts';
import {
  decodeFrameHeader,
  decodeTrailer,
  encodeFrameHeader,
  encodeTrailer,
  FRAME_HEADER_BYTES,
  frameChecksum,
  FrameKind,
  SEGMENT_HEADER_BYTES,
  TRAILER_BYTES,
} from '../../trace-runtime/src/format/segment-layout.ts';
import { readBlock, readSegmentIndex } from '../../trace-runtime/src/format/segment-reader.ts';
import { encodeSegment } from '../../trace-runtime/src/format/segment-writer.ts';
import { FIRST_SITE, Runtime } from '../../trace-runtime/src/wire/words.ts';
import type { Random } from '../support/random.ts';
import { spoiled } from './spoil.ts';

/** By path in the recording's folder: other content, a folder in its place, or undefined where it goes. */
type Changes = Map<string, Buffer | 'folder' | undefined>;

export interface Damage {
  readonly what: string;
  readonly changes: ReadonlyMap<string, Buffer | 'folder' | undefined>;
}

const unpackr = new Unpackr({ mapsAsObjects: true });
const packr = new Packr({ useRecords: false, mapsAsObjects: true });

/** A recording's folder that can be damaged and made whole again. */
export class Victim {
  private readonly files: ReadonlyMap<string, Buffer>;
  /** of each segment, its words */
  private readonly words = new Map<string, Int32Array>();

  /** Owns the folder's content from now on. */
  constructor(readonly folder: string) {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    this.files = new Map(names.sort().map((name) => [name, readFileSync(path.join(folder, name))]));
    for (const name of this.named(/\.seg$/)) {
      const { blocks } = readSegmentIndex(path.join(folder, name));
      const parts = blocks.map((block) => readBlock(path.join(folder, name), block));
      const whole = parts.filter((part) => part instanceof Int32Array).flatMap((part) => [...part]);
      this.words.set(name, Int32Array.from(whole));
    }
  }

  /** What equal random choices make equal, as long as the recording is the same. */
  damage(random: Random): Damage {
    const changes: Changes = new Map();
    const what: string[] = [];
    for (let count = random.percent(75) ? 1 : random.between(2, 3); count > 0; count--)
      what.push(this.hurt(random, changes));
    return { what: what.join('; '), changes };
  }

  apply({ changes }: Damage): void {
    for (const [name, content] of changes) {
      const file = path.join(this.folder, name);
      rmSync(file, { recursive: true, force: true });
      if (content === undefined || !makeFolder(path.dirname(file))) continue;
      if (content === 'folder') mkdirSync(file);
      else writeFileSync(file, content);
    }
  }

  /** As it was before `apply`. */
  restore({ changes }: Damage): void {
    for (const name of changes.keys()) rmSync(path.join(this.folder, name), { recursive: true, force: true });
    for (const name of changes.keys())
      for (const [own, content] of this.files) {
        if (own !== name && !own.startsWith(`${name}/`)) continue;
        mkdirSync(path.dirname(path.join(this.folder, own)), { recursive: true });
        writeFileSync(path.join(this.folder, own), content);
      }
  }

  private hurt(random: Random, changes: Changes): string {
    switch (random.below(14)) {
      case 0:
      case 1:
        return this.bytes(random, changes, /\.seg$/);
      case 2:
        return this.bytes(random, changes, /./);
      case 3:
        return this.cut(random, changes);
      case 4:
        return this.tornFooter(random, changes);
      case 5:
        return this.otherFooter(random, changes);
      case 6:
        return this.json(random, changes);
      case 7:
        return this.missing(random, changes);
      case 8:
        return this.newer(random, changes);
      case 9:
        return this.foreign(random, changes);
      case 10:
      case 11:
        return this.sites(random, changes);
      default:
        return this.otherWords(random, changes);
    }
  }

  /** Some bytes are others: mostly what a checksum catches. */
  private bytes(random: Random, changes: Changes, wanted: RegExp): string {
    const name = this.one(random, wanted);
    const content = Buffer.from(this.contentOf(name, changes));
    const count = random.between(1, 8);
    for (let i = 0; i < count && content.length > 0; i++)
      content[random.below(content.length)]! ^= 1 << random.below(8);
    changes.set(name, content);
    return `${count} bits of ${name} flipped`;
  }

  private cut(random: Random, changes: Changes): string {
    const name = this.one(random, random.percent(60) ? /\.seg$/ : /./);
    const content = this.contentOf(name, changes);
    const length = random.below(content.length + 1);
    changes.set(name, content.subarray(0, length));
    return `${name} cut to ${length} of ${content.length} bytes`;
  }

  private tornFooter(random: Random, changes: Changes): string {
    const name = this.one(random, /\.seg$/);
    const content = this.contentOf(name, changes);
    const footer = footerAt(content);
    const length = random.percent(30) ? footer : random.between(Math.min(footer, content.length), content.length);
    changes.set(name, content.subarray(0, length));
    return `${name} without ${content.length - length} bytes of its footer`;
  }

  /** A footer whose checksum is right says what is not so. */
  private otherFooter(random: Random, changes: Changes): string {
    const name = this.one(random, /\.seg$/);
    const content = this.contentOf(name, changes);
    const footer = footerOf(content);
    if (!footer) return `${name} had no footer`;
    const { ticks, ...rest } = footer;
    const { value, what } = spoiled(random, rest);
    const other = typeof value === 'object' && value !== null ? value : {};
    const packed = Buffer.from(encodeFooter({ ...(other as Omit<SegmentFooter, 'ticks'>), ticks }));
    changes.set(name, withFooter(content, packed));
    return `footer of ${name}: ${what}`;
  }

  /** A field of a JSON file is missing or holds something else. */
  private json(random: Random, changes: Changes): string {
    const name = this.one(random, random.percent(60) ? /^manifest\.json$/ : /\.json$/);
    try {
      const { value, what } = spoiled(random, JSON.parse(this.contentOf(name, changes).toString('utf8')));
      changes.set(name, Buffer.from(JSON.stringify(value)));
      return `${name}: ${what}`;
    } catch {
      return `${name} was no JSON`;
    }
  }

  private missing(random: Random, changes: Changes): string {
    const name = random.percent(40) ? random.pick(['sites', 'sources', 'streams', 'blobs']) : this.one(random, /./);
    changes.set(name, undefined);
    return `${name} missing`;
  }

  /** What a later version could have written. */
  private newer(random: Random, changes: Changes): string {
    const kind = random.below(4);
    if (kind === 0) {
      const manifest = { ...(JSON.parse(this.files.get('manifest.json')!.toString()) as object), format: 2 };
      changes.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
      return 'manifest of format 2';
    }
    const name = this.one(random, /\.seg$/);
    const content = Buffer.from(this.contentOf(name, changes));
    if (kind === 1 && content.length > 8) content.writeUInt32LE(2, 4);
    if (kind === 2) reframe(content, SEGMENT_HEADER_BYTES, (header) => void (header[random.between(4, 6)] = 9));
    if (kind === 3) {
      const footer = footerOf(content);
      changes.set(name, footer ? withFooter(content, encodeFooter({ ...footer, version: 2 })) : content);
      return `${name} with a newer footer`;
    }
    changes.set(name, content);
    return `${name} newer in its ${kind === 1 ? 'header' : 'frame'}`;
  }

  private foreign(random: Random, changes: Changes): string {
    const place = random.below(5);
    const name =
      place === 0
        ? random.pick(['streams', 'sites', 'sources', 'ledger.jsonl', 'pinned', 'blobs'])
        : place === 1
          ? `${path.dirname(this.one(random, /\.seg$/))}/${random.pick(['000001.seg', '000000.seg.new', 'hello.json'])}`
          : place === 2
            ? `streams/${random.pick(['x', '.', 'notes.txt/000000.seg', '00000000-0000-0000-0000-000000000000/000000.seg'])}`
            : this.one(random, /./);
    if (name === 'streams/.') return 'nothing';
    const content = random.below(5);
    if (content === 0) changes.set(name, 'folder');
    else if (content === 1) changes.set(name, random.bytes(random.below(300)));
    else if (content === 2) changes.set(name, Buffer.from('{"kind":1}\n[]\nnull\n'));
    else if (content === 3) changes.set(name, Buffer.alloc(0));
    else changes.set(name, this.contentOf(this.one(random, /./), changes));
    return `${name} foreign (${content})`;
  }

  /** A site table that can be decoded, and is wrong. */
  private sites(random: Random, changes: Changes): string {
    const name = this.one(random, /^sites\//);
    const content = this.contentOf(name, changes);
    const plain = name.endsWith(PACKED) ? unpackFile(content) : content;
    if (!plain) return `${name} was damaged`;
    let table = unpacked(plain);
    if (table === undefined) return `${name} was damaged`;
    const said: string[] = [];
    for (let count = random.between(1, 3); count > 0; count--) {
      const { value, what } = spoiled(random, table);
      said.push(what);
      table = value;
    }
    const packed = packr.pack(table);
    changes.set(name, Buffer.from(name.endsWith(PACKED) ? packFileNow(packed) : packed));
    return `${name}: ${said.join(', ')}`;
  }

  /** Words that nothing has written, in blocks whose checksums are right. */
  private otherWords(random: Random, changes: Changes): string {
    const name = this.one(random, /\.seg$/);
    const file = this.files.get(name)!;
    let words = [...this.words.get(name)!];
    const said: string[] = [];
    for (let count = random.between(1, 6); count > 0; count--) {
      const at = random.below(words.length + 1);
      const length = random.percent(70) ? 1 : random.between(2, 200);
      const action = random.below(5);
      said.push(`${['set', 'drop', 'repeat', 'move', 'add'][action]} ${length} at ${at}`);
      const part = words.slice(at, at + length);
      if (action === 0)
        for (let i = at; i < Math.min(at + length, words.length); i++) words[i] = oddWord(random, words[i]!);
      else if (action === 1) words = [...words.slice(0, at), ...words.slice(at + length)];
      else if (action === 2) words = [...words.slice(0, at), ...part, ...words.slice(at)];
      else if (action === 3) {
        const rest = [...words.slice(0, at), ...words.slice(at + length)];
        const to = random.below(rest.length + 1);
        words = [...rest.slice(0, to), ...part, ...rest.slice(to)];
      } else words = [...words.slice(0, at), oddWord(random, 0), ...words.slice(at)];
    }
    const { header } = readSegmentIndexOf(file);
    const footer = random.percent(50) ? footerOf(file) : undefined;
    changes.set(name, Buffer.from(encodeSegment(header, Int32Array.from(words), header.firstWord, footer)));
    return `words of ${name}: ${said.join(', ')}`;
  }

  private named(wanted: RegExp): string[] {
    return [...this.files.keys()].filter((name) => wanted.test(name));
  }

  private one(random: Random, wanted: RegExp): string {
    return random.pick(this.named(wanted));
  }

  private contentOf(name: string, changes: Changes): Buffer {
    const changed = changes.get(name);
    return changed instanceof Buffer ? changed : this.files.get(name)!;
  }
}

/** A word near the one that was there, or one that begins something. */
function oddWord(random: Random, word: number): number {
  switch (random.below(6)) {
    case 0:
      return word ^ (1 << random.below(32));
    case 1:
      return word + random.pick([-16, -8, -2, 2, 8, 16]);
    case 2:
      return ((FIRST_SITE + random.below(200)) << 4) | 7;
    case 3:
      return (random.pick(Object.values(Runtime)) << 4) | 7;
    case 4:
      return random.pick([0, -1, 2 ** 31 - 1, -(2 ** 31), 2, -2, 1 << 30]);
    default:
      return (random.below(2 ** 32) | 0) & (random.percent(50) ? 0xfff : -1);
  }
}

function readSegmentIndexOf(content: Buffer) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const hex = content.subarray(32, 48).toString('hex');
  const header = { number: view.getUint32(12, true), firstWord: view.getFloat64(16, true), madeAt: 0, stream: hex };
  return { header };
}

/** False where a file stands in its way. */
function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function unpacked(content: Uint8Array): unknown {
  try {
    return unpackr.unpack(content);
  } catch {
    return undefined;
  }
}

/** The content's length where it has no footer. */
function footerAt(content: Buffer): number {
  const at = decodeTrailer(content.subarray(Math.max(0, content.length - TRAILER_BYTES)));
  return at >= 0 && at <= content.length ? at : content.length;
}

function footerOf(content: Buffer): SegmentFooter | undefined {
  const at = footerAt(content);
  const frame = decodeFrameHeader(content.subarray(at, at + FRAME_HEADER_BYTES));
  if (!frame) return undefined;
  const stored = content.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + frame.storedBytes);
  const head = Buffer.from([frame.compression, 0, 0, 0, 0]);
  head.writeUInt32LE(frame.rawBytes, 1);
  const raw = unpackFile(Buffer.concat([head, stored]));
  try {
    return raw && decodeFooter(raw);
  } catch {
    return undefined;
  }
}

function withFooter(content: Buffer, footer: Uint8Array): Buffer {
  const at = footerAt(content);
  const fields = { kind: FrameKind.footer, compression: Compression.none, transform: 0, firstWord: 0, records: 0 };
  const header = encodeFrameHeader({ ...fields, rawBytes: footer.length }, footer);
  return Buffer.concat([content.subarray(0, at), header, footer, encodeTrailer(at)]);
}

/** Changes a frame's header and makes its checksum right again. */
function reframe(content: Buffer, at: number, change: (header: Buffer) => void): void {
  const header = content.subarray(at, at + FRAME_HEADER_BYTES);
  const frame = decodeFrameHeader(header);
  if (!frame) return;
  change(header);
  const payload = content.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + frame.storedBytes);
  header.writeUInt32LE(frameChecksum(header, payload), 28);
}
