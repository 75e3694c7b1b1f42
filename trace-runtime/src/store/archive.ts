/**
 * The portable form of a recording: one file.
 *
 *     magic "HCPK", version u32
 *     entry*   name length u32, content length f64, crc32 of the content u32, name (UTF-8, forward slashes), content
 *     end      name length 0, content length 0, crc 0
 *
 * The first entry is manifest.json. Contents are stored as they are in the folder; segments are compressed already.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { inputOutput, newerRecording, notPortable, type HindcastError } from '../base/errors.ts';
import { err, ok, type Result } from '../base/result.ts';
import { crc32 } from '../format/crc32.ts';
import { FILE_MODE, FOLDER_MODE } from './recording-paths.ts';
import { readManifest, writeManifest, type Manifest } from './manifest.ts';
import { makeStore, nameRecording } from './recordings.ts';

const MAGIC = 0x4b504348;
export const ARCHIVE_VERSION = 1;
const HEAD_BYTES = 8;
const ENTRY_BYTES = 16;
const NAME = /^(?:manifest\.json|ledger\.jsonl|(?:streams\/[0-9a-f-]{36}|sites|sources|blobs)\/[\w.-]+)$/;
/** A segment is 64 MB and a little; nothing else in a recording is larger than memory allows. */
const LARGEST = 2 ** 31;

export interface ArchiveEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Writes the entries to a new file. Throws what the file system says, and leaves no half file. */
export function writeArchive(file: string, entries: Iterable<ArchiveEntry>): void {
  const handle = openSync(file, 'wx', FILE_MODE);
  try {
    const head = new DataView(new ArrayBuffer(HEAD_BYTES));
    head.setUint32(0, MAGIC, true);
    head.setUint32(4, ARCHIVE_VERSION, true);
    writeAll(handle, new Uint8Array(head.buffer));
    for (const entry of entries) {
      const name = Buffer.from(entry.name);
      writeAll(handle, entryHead(name.length, entry.content.length, crc32(entry.content)));
      writeAll(handle, name);
      writeAll(handle, entry.content);
    }
    writeAll(handle, entryHead(0, 0, 0));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** The entries with the name that the user gave the recording, which goes with it. */
export function* named(entries: Iterable<ArchiveEntry>, name: string | undefined): Generator<ArchiveEntry> {
  for (const entry of entries) {
    if (name === undefined || entry.name !== 'manifest.json') yield entry;
    else {
      const manifest = JSON.parse(Buffer.from(entry.content).toString('utf8')) as Manifest;
      yield { ...entry, content: Buffer.from(JSON.stringify({ ...manifest, name }, undefined, 2)) };
    }
  }
}

/** The files of a recording's folder that a portable file holds, the manifest first. */
export function* folderEntries(folder: string): Generator<ArchiveEntry> {
  const names = listNames(folder, '').filter((name) => NAME.test(name));
  names.sort((a, b) => Number(b === 'manifest.json') - Number(a === 'manifest.json'));
  for (const name of names) yield { name, content: readFileSync(path.join(folder, name)) };
}

export function readArchiveId(file: string): Result<string, HindcastError> {
  return reading(file, (next) => {
    const first = next();
    const id = first?.name === 'manifest.json' ? idOf(first.content) : undefined;
    return id === undefined ? err(notPortable(file, 'it does not begin with a manifest')) : ok(id);
  });
}

export interface Imported {
  readonly folder: string;
  /** false where it was there before */
  readonly isNew: boolean;
}

/** Unpacks into a new folder of `store`, named by the recording's id. What is there already stays as it is. */
export function importArchive(file: string, store: string): Result<Imported, HindcastError> {
  const id = readArchiveId(file);
  if (!id.ok) return id;
  const folder = path.join(store, id.value);
  if (existsSync(folder)) return ok({ folder, isNew: false });
  makeStore(store);
  const draft = path.join(store, `.${id.value}.${process.pid}`);
  const result = reading(file, (next): Result<Imported, HindcastError> => {
    for (let entry = next(); entry; entry = next()) writeEntry(draft, entry);
    return ok({ folder, isNew: true });
  });
  if (!result.ok) {
    rmSync(draft, { recursive: true, force: true });
    return result;
  }
  const manifest = readManifest(draft);
  if (manifest.ok) {
    const { name, ...rest } = manifest.value;
    writeManifest(draft, { ...rest, imported: true });
    if (typeof name === 'string') nameRecording(draft, name);
  }
  renameSync(draft, folder);
  return result;
}

type Next = () => ArchiveEntry | undefined;

function reading<T>(file: string, action: (next: Next) => Result<T, HindcastError>): Result<T, HindcastError> {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    return err(inputOutput(`read ${file}`, error));
  }
  try {
    const head = view(readExactly(handle, HEAD_BYTES));
    if (!head || head.getUint32(0, true) !== MAGIC)
      return err(notPortable(file, fstatSync(handle).size === 0 ? 'it is empty' : 'it begins otherwise'));
    const version = head.getUint32(4, true);
    if (version > ARCHIVE_VERSION) return err(newerRecording(file, version, ARCHIVE_VERSION));
    return action(() => readEntry(handle));
  } catch (error) {
    if (error instanceof Damaged) return err(notPortable(file, error.message));
    return err(inputOutput(`unpack ${file}`, error));
  } finally {
    closeSync(handle);
  }
}

class Damaged extends Error {}

function readEntry(handle: number): ArchiveEntry | undefined {
  const head = view(readExactly(handle, ENTRY_BYTES));
  if (!head) throw new Damaged('it ends early');
  const nameLength = head.getUint32(0, true);
  if (nameLength === 0) return undefined;
  const length = head.getFloat64(4, true);
  if (nameLength > 4096 || !(length >= 0 && length < LARGEST)) throw new Damaged('an entry of it is damaged');
  const name = readExactly(handle, nameLength)?.toString('utf8');
  const content = readExactly(handle, length);
  if (name === undefined || !content) throw new Damaged('it ends early');
  if (!NAME.test(name)) throw new Damaged('an entry of it has a name that no recording has');
  if (crc32(content) !== head.getUint32(12, true)) throw new Damaged(`the checksum of ${name} is wrong`);
  return { name, content };
}

function writeEntry(folder: string, { name, content }: ArchiveEntry): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true, mode: FOLDER_MODE });
  const handle = openSync(file, 'wx', FILE_MODE);
  try {
    writeAll(handle, content);
  } finally {
    closeSync(handle);
  }
}

function entryHead(nameLength: number, contentLength: number, crc: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(ENTRY_BYTES));
  head.setUint32(0, nameLength, true);
  head.setFloat64(4, contentLength, true);
  head.setUint32(12, crc, true);
  return new Uint8Array(head.buffer);
}

function idOf(manifest: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(manifest).toString('utf8'));
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
    return typeof id === 'string' && /^[\w-]+$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

function listNames(folder: string, below: string): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? listNames(folder, name) : [name];
  });
}

/** undefined where the file ends before */
function readExactly(handle: number, length: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const count = readSync(handle, bytes, at, length - at, null);
    if (count === 0) return undefined;
    at += count;
  }
  return bytes;
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, bytes.length - at);
}

function view(bytes: Buffer | undefined): DataView | undefined {
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
