/**
 * A file to which records are appended, each with its length and checksum (8 bytes, little endian), after a header of
 * 8 bytes (magic, version). Opening reads what is whole and cuts what is torn.
 */
import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

export const LOG_VERSION = 1;
const MAGIC = 0x4c_43_48_01;
const HEADER = 8;
const PREFIX = 8;

export class RecordLog implements Disposable {
  readonly #fd: number;
  #size = 0;
  #syncing = false;
  /** sentences about what was torn when it was opened */
  readonly problems: readonly string[];

  /** `read` is given each whole record, oldest first. Throws for a file of another kind, or of a newer version. */
  constructor(
    readonly file: string,
    read: (record: Uint8Array) => void,
  ) {
    this.#fd = openSync(file, 'a+', 0o600);
    const bytes = readAll(this.#fd);
    const whole = bytes.length < HEADER ? 0 : readRecords(path.basename(file), bytes, read);
    const torn = bytes.length - whole;
    this.problems = torn > 0 ? [`${path.basename(file)} was torn: its last ${torn} bytes were cut.`] : [];
    if (torn > 0) ftruncateSync(this.#fd, whole);
    this.#size = whole;
    if (whole === 0) this.#write(header());
  }

  get size(): number {
    return this.#size;
  }

  /** In the file when it returns, whatever happens to this process. Throws what the file system says, and leaves no part. */
  append(record: Uint8Array): void {
    const bytes = new Uint8Array(PREFIX + record.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, record.length, true);
    view.setUint32(4, crc32(record), true);
    bytes.set(record, PREFIX);
    try {
      this.#write(bytes);
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
  }

  /** On the disk when it returns, whatever happens to the machine. */
  sync(): void {
    fdatasyncSync(this.#fd);
  }

  /** The same without waiting. */
  syncSoon(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    fdatasync(this.#fd, () => (this.#syncing = false));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
    this.#size += bytes.length;
  }
}

function header(): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER));
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, LOG_VERSION, true);
  return new Uint8Array(view.buffer);
}

/** How many bytes are whole. */
function readRecords(name: string, bytes: Uint8Array, read: (record: Uint8Array) => void): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== MAGIC) throw new Error(`${name} is no log of samples.`);
  const version = view.getUint32(4, true);
  if (version > LOG_VERSION)
    throw new Error(`${name} has version ${version}; this Hindcast reads up to ${LOG_VERSION}.`);
  let at = HEADER;
  while (at + PREFIX <= bytes.length) {
    const end = at + PREFIX + view.getUint32(at, true);
    if (end > bytes.length) break;
    const record = bytes.subarray(at + PREFIX, end);
    if (crc32(record) !== view.getUint32(at + 4, true)) break;
    read(record);
    at = end;
  }
  return at;
}

function readAll(fd: number): Uint8Array {
  const bytes = new Uint8Array(fstatSync(fd).size);
  for (let done = 0; done < bytes.length;) {
    const count = readSync(fd, bytes, done, bytes.length - done, done);
    if (count === 0) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}
