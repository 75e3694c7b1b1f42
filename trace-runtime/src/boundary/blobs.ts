/**
 * Contents that crossed the boundary, each once, in `<recording>/blobs/<sha256>`. A blob is complete or absent: it is
 * written under another name first. On a disk that takes no more, blobs stop and the program runs on.
 */
import buffer from 'node:buffer';
import crypto from 'node:crypto';
import { writeWhole } from '../base/whole-files.ts';
import fs from 'node:fs';
import path from 'node:path';
import type { Redactor } from './secrets.ts';
import type { Json } from './json.ts';

const { mkdirSync, renameSync, existsSync, chmodSync, utimesSync } = fs;
/** Of a blob that the sidecar has compressed; see format/packed-file.ts. */
const PACKED = '.z';
const { createHash } = crypto;
const oneShot: typeof crypto.hash | undefined = crypto.hash;
const { Buffer } = globalThis;
const { from } = Buffer;
const { equals, includes } = Buffer.prototype;
const isSevenBit = buffer.isAscii;
const DELETE = 127;
const { latin1Slice } = Buffer.prototype as unknown as { latin1Slice(start: number, end: number): string };
const apply = Reflect.apply;
/** Not Buffer.from: its pool is the program's too. */
const encoder = new TextEncoder();
const { encode } = TextEncoder.prototype;

/** Contents up to this many characters or bytes stand in the detail itself; of what seldom comes twice, larger ones too. */
const INLINE = 160;
const INLINE_ONCE = 4096;
const REMEMBERED_BYTES = 8 << 20;
const LARGEST_REMEMBERED = 1 << 20;

export interface Blobs {
  /**
   * Where a content is: `{text}`, `{bytes}` (ASCII) or `{base64}` where short, else `{blob, size}` with `encoding: 'text'` for a string
   * (its UTF-8 is kept). `redacted` lists [offset, length, name] of the secrets blanked out of it.
   */
  keep(content: string | Uint8Array): Json;
  /** As `keep`, for messages: only when they come again are they worth a blob. */
  keepMessage(content: string | Uint8Array): Json;
  /** What is kept from now on is looked for anew: a rolling window drops what was not kept again for long. */
  forget(): void;
}

interface Remembered {
  readonly content: string | Uint8Array;
  /** undefined: it stood in a detail once */
  reference: Json;
}

export function blobStore(recording: string, redact: Redactor, failed: (error: unknown) => void): Blobs {
  const folder = path.join(recording, 'blobs');
  const written = new Set<string>();
  const recent = new Map<number, Remembered>();
  let rememberedBytes = 0;
  let broken = false;
  let hasForgotten = false;
  let serial = 0;

  function keep(content: string | Uint8Array): Json {
    const size = typeof content === 'string' ? content.length : content.byteLength;
    if (size <= INLINE) return inline(content, redact);
    const known = recent.get(size);
    if (known && same(known.content, content)) return (known.reference ??= store(content));
    const reference = store(content);
    remember(content, size, reference);
    return reference;
  }

  function keepMessage(content: string | Uint8Array): Json {
    const size = typeof content === 'string' ? content.length : content.byteLength;
    if (size <= INLINE || size > INLINE_ONCE) return keep(content);
    const known = recent.get(size);
    if (known && same(known.content, content)) return (known.reference ??= store(content));
    remember(content, size, undefined);
    return inline(content, redact);
  }

  function store(content: string | Uint8Array): Json {
    const text = typeof content === 'string';
    const { bytes, marks } = redact.bytes(text ? apply(encode, encoder, [content]) : content);
    const hash = sha256(bytes);
    if (!written.has(hash)) write(hash, bytes);
    return {
      blob: hash,
      size: bytes.byteLength,
      encoding: text ? 'text' : undefined,
      redacted: marks.length ? marks.map(({ offset, length, name }) => [offset, length, name]) : undefined,
    };
  }

  function write(hash: string, bytes: Uint8Array): void {
    written.add(hash);
    if (broken) return;
    const file = path.join(folder, hash);
    try {
      if (isThere(file) || isThere(file + PACKED)) return;
      if (serial === 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
      const draft = path.join(folder, `.${process.pid}-${serial++}-${hash.slice(0, 16)}`);
      writeWhole(draft, bytes, { mode: 0o600, flag: 'wx' });
      chmodSync(draft, 0o600);
      renameSync(draft, file);
    } catch (error) {
      broken = true;
      failed(error);
    }
  }

  function remember(content: string | Uint8Array, size: number, reference: Json): void {
    if (size > LARGEST_REMEMBERED) return;
    if (rememberedBytes + size > REMEMBERED_BYTES) {
      recent.clear();
      rememberedBytes = 0;
    }
    rememberedBytes += size;
    recent.set(size, { content: typeof content === 'string' ? content : new Uint8Array(content), reference });
  }

  /** Then it is as new as if it were written now. */
  function isThere(file: string): boolean {
    if (!existsSync(file)) return false;
    if (hasForgotten) utimesSync(file, new Date(), new Date());
    return true;
  }

  function forget(): void {
    hasForgotten = true;
    written.clear();
    recent.clear();
    rememberedBytes = 0;
  }

  return { keep, keepMessage, forget };
}

function inline(content: string | Uint8Array, redact: Redactor): Json {
  if (typeof content === 'string') return { text: content };
  const { bytes, marks } = redact.bytes(content);
  const redacted = marks.length ? marks.map(({ offset, length, name }) => [offset, length, name]) : undefined;
  return isAscii(bytes)
    ? { bytes: apply(latin1Slice, bytes, [0, bytes.length]), redacted }
    : { base64: from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), redacted };
}

function isAscii(bytes: Uint8Array): boolean {
  return isSevenBit(bytes) && !apply(includes, from(bytes.buffer, bytes.byteOffset, bytes.byteLength), [DELETE]);
}

function same(known: string | Uint8Array, content: string | Uint8Array): boolean {
  if (typeof known === 'string' || typeof content === 'string') return known === content;
  return apply(equals, from(known.buffer, known.byteOffset, known.byteLength), [content]);
}

function sha256(bytes: Uint8Array): string {
  return oneShot ? oneShot('sha256', bytes, 'hex') : createHash('sha256').update(bytes).digest('hex');
}
