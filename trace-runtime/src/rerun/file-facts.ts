/** What a recording knows of each path that the program looked at or changed. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileAnswer, FileFacts, RecordedError, WorldJson } from '../model/recorded-world.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

const LOOKS = new Set([
  'readFile',
  'open',
  'stat',
  'lstat',
  'access',
  'exists',
  'readdir',
  'readlink',
  'realpath',
  'mkdtemp',
  'opendir',
  'statfs',
]);
const MAKES = new Set(['writeFile', 'appendFile', 'mkdir', 'copyFile', 'rename', 'link', 'symlink']);
const CHANGES = new Set([...MAKES, 'rm', 'rmdir', 'unlink', 'truncate', 'chmod', 'utimes']);

/** What a call that succeeded shows of the time before it. */
const BEFORE: Readonly<Record<string, boolean>> = {
  mkdir: false,
  rename: true,
  rm: true,
  rmdir: true,
  unlink: true,
  truncate: true,
  chmod: true,
  utimes: true,
};

interface Growing {
  readonly answers: Record<string, FileAnswer[]>;
  changed: boolean;
  before: boolean | undefined;
  /** where it was moved from, until it was written otherwise */
  from: Growing | undefined;
}

/** An opened file, whose content is what was read of it. */
interface Opened {
  readonly file: string;
  readonly answer: { content?: string };
  /** each with its place in the file */
  readonly parts: { readonly at: number; readonly bytes: Buffer }[];
  /** where it is read next, unless a place is given */
  next: number;
}

export function fileFacts(
  streams: readonly ReadStream[],
  cwd: string,
  contents: Contents,
): Readonly<Record<string, FileFacts>> {
  const facts = new Map<string, Growing>();
  for (const { entries } of streams) new Reader(facts, cwd, contents).read(entries);
  const plain = ({ answers, changed, before }: Growing): FileFacts => ({ answers, changed, before });
  return Object.fromEntries([...facts].map(([file, known]) => [file, plain(known)]));
}

class Reader {
  readonly #opened = new Map<number, Opened>();
  readonly #asked = new Map<unknown, BoundaryEntry>();
  readonly #directories = new Map<unknown, { readonly entries: WorldJson[]; isCut: boolean }>();
  /** the same content again needs no second file */
  readonly #kept = new Map<string, string>();

  constructor(
    private readonly facts: Map<string, Growing>,
    private readonly cwd: string,
    private readonly contents: Contents,
  ) {}

  read(entries: readonly BoundaryEntry[]): void {
    for (const entry of entries) {
      const { kind, detail } = entry;
      if (!kind.startsWith('fs.')) continue;
      if (kind.endsWith('.done')) {
        const call = this.#asked.get(detail['id']);
        if (call?.kind === 'fs.dir') this.#directory({ ...call.detail, ...detail });
        else if (call) this.#entry(call.kind.slice(3), { ...call.detail, ...detail });
      } else if (typeof detail['id'] === 'number') this.#asked.set(detail['id'], entry);
      else if (kind === 'fs.dir') this.#directory(detail);
      else this.#entry(kind.slice(3), detail);
    }
    for (const fd of this.#opened.keys()) this.#close(fd);
  }

  #entry(call: string, detail: BoundaryEntry['detail']): void {
    const { fd, error } = detail;
    if (call === 'open' && error === undefined && typeof fd === 'number') return this.#open(detail, fd);
    if (typeof fd === 'number') return this.#onDescriptor(call, fd, detail);
    const file = this.#pathOf(detail['path']);
    if (file === undefined) return;
    const known = this.#factsOf(file);
    const isSuccess = error === undefined;
    if (LOOKS.has(call)) {
      if (!known.changed) (known.answers[call] ??= []).push(this.#answer(detail));
      else if (known.from && call === 'readFile') (known.from.answers[call] ??= []).push(this.#answer(detail));
    } else if (CHANGES.has(call) && isSuccess) {
      const place = call === 'copyFile' || call === 'link' || call === 'symlink' ? undefined : known;
      if (place) this.#change(place, BEFORE[call]);
    } else if (call === 'mkdir') (known.answers[call] ??= []).push(this.#answer(detail));
    const to = this.#pathOf(detail['to']);
    if (to === undefined || !isSuccess) return;
    this.#change(this.#factsOf(to), false);
    if (call === 'rename') this.#factsOf(to).from = known;
  }

  /** An entry of a directory, or its end. */
  #directory({ directory, path: given, entry, error }: BoundaryEntry['detail']): void {
    const file = this.#pathOf(given);
    if (file === undefined || error !== undefined) return;
    let opened = this.#directories.get(directory);
    if (!opened) {
      const { answers, changed } = this.#factsOf(file);
      const all = changed ? [] : (answers['opendir'] ??= []);
      const isOpened = (each: FileAnswer): boolean => !each.error && each.entries === undefined;
      const at = all.findIndex(isOpened);
      opened = { entries: [], isCut: true };
      if (at >= 0) all[at] = opened;
      else all.push(opened);
      this.#directories.set(directory, opened);
    }
    if (entry === null) opened.isCut = false;
    else if (entry !== undefined) opened.entries.push(entry as WorldJson);
  }

  /** `before`: whether the call shows that it was there; else, where nothing else tells, that it was not */
  #change(known: Growing, before: boolean | undefined): void {
    if (!known.changed && Object.keys(known.answers).length === 0) known.before = before;
    known.changed = true;
    known.from = undefined;
  }

  #open(detail: BoundaryEntry['detail'], fd: number): void {
    const file = this.#pathOf(detail['path']);
    if (file === undefined) return;
    const known = this.#factsOf(file);
    const { flags } = detail;
    if (typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(String(flags ?? 'r')))
      return this.#change(known, /x/.test(String(flags)) ? false : String(flags).startsWith('r') || undefined);
    if (known.changed) return;
    this.#close(fd);
    const answer = {};
    (known.answers['open'] ??= []).push(answer);
    this.#opened.set(fd, { file, answer, parts: [], next: 0 });
  }

  #onDescriptor(call: string, fd: number, detail: BoundaryEntry['detail']): void {
    const opened = this.#opened.get(fd);
    if (!opened) return;
    if (call === 'close') return this.#close(fd);
    const all = [detail['content'], ...((detail['contents'] ?? []) as readonly unknown[])];
    for (const each of all) {
      const bytes = this.contents.bytes(each);
      if (!bytes) continue;
      const { from } = detail;
      const at = typeof from === 'number' ? from : opened.next;
      opened.parts.push({ at, bytes });
      if (typeof from !== 'number') opened.next += bytes.length;
    }
  }

  #close(fd: number): void {
    const opened = this.#opened.get(fd);
    this.#opened.delete(fd);
    if (opened) opened.answer.content = this.#keep(joined(opened.parts));
  }

  #answer(detail: BoundaryEntry['detail']): FileAnswer {
    const { error, content, stat, statfs, entries, exists, name } = detail;
    if (error !== undefined) return { error: error as RecordedError };
    const bytes = this.contents.bytes(content);
    if (bytes) return { content: this.#keep(bytes) };
    if (stat !== undefined) return { stat: stat as string | null };
    if (statfs !== undefined) return { statfs: statfs as WorldJson };
    if (entries !== undefined) return { entries: entries as WorldJson };
    if (typeof exists === 'boolean') return { exists };
    return typeof name === 'string' ? { name } : {};
  }

  #keep(bytes: Buffer): string {
    const key = bytes.toString('base64');
    let file = this.#kept.get(key);
    if (file === undefined) this.#kept.set(key, (file = this.contents.file(bytes)));
    return file;
  }

  #factsOf(file: string): Growing {
    let known = this.facts.get(file);
    if (!known) this.facts.set(file, (known = { answers: {}, changed: false, before: undefined, from: undefined }));
    return known;
  }

  #pathOf(given: unknown): string | undefined {
    if (typeof given !== 'string' || given === '') return undefined;
    const text = this.contents.text(given);
    return text.startsWith('file:') ? fileURLToPath(text) : path.resolve(this.cwd, text);
  }
}

/** What was read, in its places. */
function joined(parts: Opened['parts']): Buffer {
  const length = parts.reduce((most, { at, bytes }) => Math.max(most, at + bytes.length), 0);
  const whole = Buffer.alloc(length);
  for (const { at, bytes } of parts) bytes.copy(whole, at);
  return whole;
}
