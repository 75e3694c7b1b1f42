/**
 * Reading and writing whole files without `fs.readFileSync` and its like: those call `fs.openSync` and others, which a
 * program may have replaced, and then it would see our work. Everything is taken when this module loads.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const close = closeSync;
const stat = fstatSync;
const open = openSync;
const read = readSync;
const write = writeSync;
const { allocUnsafeSlow, concat } = Buffer;
/** Not Buffer.from: its pool is the program's too. */
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);

/** What files that know no size of their own (`/proc`) are read by. */
const STEP = 16 * 1024;

/** Throws what the file system says. */
export function readWhole(file: string): Buffer;
export function readWhole(file: string, encoding: 'utf8' | 'latin1'): string;
export function readWhole(file: string, encoding?: 'utf8' | 'latin1'): Buffer | string {
  const bytes = readBytes(file);
  return encoding === undefined ? bytes : bytes.toString(encoding);
}

function readBytes(file: string): Buffer {
  const fd = open(file, 'r');
  try {
    const { size } = stat(fd);
    const parts: Buffer[] = [];
    for (;;) {
      // one byte more than there should be: a short read then is the end
      const part = allocUnsafeSlow(parts.length === 0 ? Math.max(size + 1, STEP) : STEP);
      const count = read(fd, part, 0, part.length, null);
      parts.push(part.subarray(0, count));
      if (count < part.length && (count === 0 || size > 0)) break;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : concat(parts);
  } finally {
    close(fd);
  }
}

export interface WriteOptions {
  readonly mode?: number;
  readonly flag?: string;
}

/** Throws what the file system says. */
export function writeWhole(file: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  const bytes = typeof content === 'string' ? encode(content) : content;
  const fd = open(file, options.flag ?? 'w', options.mode ?? 0o666);
  try {
    for (let at = 0; at < bytes.length;) at += write(fd, bytes, at, bytes.length - at, null);
  } finally {
    close(fd);
  }
}

/** Throws what the file system says. */
export function appendWhole(file: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  writeWhole(file, content, { ...options, flag: 'a' });
}
