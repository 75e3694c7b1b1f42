/** What each of the program's calls into Node was answered, where a run is executed again exactly. */
import path from 'node:path';
import { readWhole } from '../base/whole-files.ts';
import { WrittenCode } from './written-code.ts';
import type { RecordedCall, RecordedError, WorldJson } from '../model/recorded-world.ts';

type Detail = RecordedCall['detail'];

/** `values`: what a callback is given after its error; the first one is what is returned or promised. */
export type Answered =
  | { readonly values: readonly unknown[] }
  | { readonly error: Error }
  | { readonly pending: true }
  | { readonly abortedBy: AbortSignal }
  | undefined;

export class RecordedCalls {
  readonly written = new WrittenCode();
  /** children in the place of which something else writes what they wrote */
  readonly playedChildren = new WeakSet<object>();
  /** from their ends, so that the next is taken off cheaply */
  readonly #returned = new Map<string, Detail[]>();
  /** of those, calls on the same path */
  readonly #onPath = new Map<string, Detail[]>();
  /** given to a call already */
  readonly #taken = new WeakSet<Detail>();
  readonly #asked = new Set<string>();
  readonly #thrown = new Set<string>();
  readonly #done = new Map<string, Detail>();
  readonly #sizes = new Map<string, number[]>();
  /** from their ends */
  readonly #outputs = new Map<string, Detail[]>();
  readonly #exits = new Map<unknown, Detail>();
  readonly #codes = new Map<unknown, unknown>();
  /** by port, from their ends: whether a message was there */
  readonly #looks = new Map<unknown, boolean[]>();

  /** `native`: paths that native code gets at by itself */
  constructor(
    calls: readonly RecordedCall[],
    private readonly native: readonly string[] = [],
  ) {
    for (const { kind, id, detail } of calls) {
      const pipe = pipeOf(kind, detail);
      if (pipe === 'stdin') this.#size(pipe, recordedContent(detail['content']));
      else if (pipe !== undefined) listOf(this.#outputs, pipe).push(detail);
      else if (kind === 'message.in') this.#keepLook(detail);
      else if (kind === 'child.exit') this.#exits.set(detail['child'], detail);
      else if (kind === 'worker.exit') {
        if (detail['by'] === undefined) this.#codes.set(detail['worker'], detail['code']);
      } else if (id === undefined) this.#keep(kind, detail);
      else if (kind.endsWith('.thrown')) this.#thrown.add(`${kind} ${id}`);
      else if (kind.endsWith('.done')) this.#done.set(`${kind} ${id}`, detail);
      else this.#asked.add(`${kind} ${id}`);
    }
    for (const lists of [this.#returned, this.#onPath, this.#outputs, this.#looks])
      for (const list of lists.values()) list.reverse();
  }

  /** The program looked itself whether a message had come. */
  get hasLooks(): boolean {
    return this.#looks.size > 0;
  }

  /** Whether a message was there when the program next looked; undefined: it did not. */
  looked(port: number): boolean | undefined {
    return this.#looks.get(port)?.pop();
  }

  #keepLook({ port, sync, by, message }: Detail): void {
    if (sync !== true || by !== undefined) return;
    const looks = this.#looks.get(port);
    if (looks) looks.push(message !== undefined);
    else this.#looks.set(port, [message !== undefined]);
  }

  /** Native code gets at the path, or at something in it. */
  isNative(given: string): boolean {
    const file = this.native.length > 0 ? path.resolve(given) : '';
    return this.native.some((each) => each === file || each.startsWith(file + path.sep));
  }

  /** What a child wrote next, through `CHILD.STREAM`; undefined: nothing more. */
  output(of: string): Uint8Array | undefined {
    const detail = this.#outputs.get(of)?.pop();
    return detail && Buffer.from(recordedContent(detail['content']) ?? '');
  }

  /** So many bytes; undefined: nothing more. */
  nextOutput(of: string): number | undefined {
    const detail = this.#outputs.get(of)?.at(-1);
    return detail && Buffer.byteLength(recordedContent(detail['content']) ?? '');
  }

  /** Sizes in bytes of what came through `stdin`. */
  portions(of: string): readonly number[] {
    return this.#sizes.get(of) ?? [];
  }

  /** How a child ended: its code and signal. */
  exitOf(child: number): Detail | undefined {
    return this.#exits.get(child);
  }

  /** With which code a worker ended: one that was terminated may not have come as far. */
  codeOf(worker: number): unknown {
    return this.#codes.get(worker);
  }

  #size(of: string, content: string | Buffer | undefined): void {
    const sizes = this.#sizes.get(of) ?? [];
    sizes.push(content === undefined ? 0 : Buffer.byteLength(content));
    this.#sizes.set(of, sizes);
  }

  /** The next call of the kind that returned; undefined where the recording has no further one. */
  returned(kind: string): Detail | undefined {
    return this.#next(this.#returned.get(kind));
  }

  /** The same of a call on a path, as the log has it: Node's loader asks for its files in any order. */
  returnedFor(kind: string, path: string): Detail | undefined {
    return this.#next(this.#onPath.get(`${kind} ${path}`));
  }

  #next(list: Detail[] | undefined): Detail | undefined {
    let detail = list?.pop();
    while (detail && this.#taken.has(detail)) detail = list?.pop();
    if (detail) this.#taken.add(detail);
    return detail;
  }

  /** How the call ended; 'pending' where the recording ends before; undefined where it was not made, or threw at once. */
  ended(kind: string, id: number): Detail | 'pending' | undefined {
    if (this.#thrown.has(`${kind}.thrown ${id}`)) return undefined;
    const done = this.#done.get(`${kind}.done ${id}`);
    return done ?? (this.#asked.has(`${kind} ${id}`) ? 'pending' : undefined);
  }

  #keep(kind: string, detail: Detail): void {
    listOf(this.#returned, kind).push(detail);
    if (typeof detail['path'] === 'string') listOf(this.#onPath, `${kind} ${detail['path']}`).push(detail);
  }
}

function listOf(lists: Map<string, Detail[]>, key: string): Detail[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}

function pipeOf(kind: string, { child, stream }: Detail): string | undefined {
  if (kind === 'stdin') return 'stdin';
  return kind === 'child.output' ? `${String(child)}.${String(stream)}` : undefined;
}

/** `path`, `dest`: as the program gave them. undefined for what Node itself found wrong: the real call says it again. */
export function recordedFailure(recorded: unknown, args: readonly unknown[]): Error | undefined {
  const { message = '', errno, code, syscall, hostname } = (recorded ?? {}) as RecordedError;
  if (code === undefined || syscall === undefined) return undefined;
  const error = new Error(message);
  const [path, dest] = args.filter((arg) => typeof arg === 'string' || arg instanceof URL || Buffer.isBuffer(arg));
  const named = /^\w+: .*, \w+ '(?:.*)' -> '/.test(message);
  Object.assign(error, { errno, code, syscall }, hostname === undefined ? {} : { hostname });
  if (message.includes("'") && path !== undefined) Object.assign(error, { path: String(path) });
  if (named && dest !== undefined) Object.assign(error, { dest: String(dest) });
  return error;
}

/** A content as the program got it: a string or bytes. undefined: it was not kept. */
export function recordedContent(content: WorldJson | undefined): string | Buffer | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const { text, bytes, base64, file, isText } = content as Readonly<Record<string, unknown>>;
  if (typeof file === 'string') return isText === true ? readWhole(file, 'utf8') : ofItsOwn(readWhole(file));
  if (typeof text === 'string') return text;
  if (typeof base64 === 'string') return ofItsOwn(Buffer.from(base64, 'base64'));
  return typeof bytes === 'string' ? ofItsOwn(Buffer.from(bytes, 'latin1')) : undefined;
}

/** In memory of its own, as Node reads it, and not in the pool that the program's own buffers share. */
function ofItsOwn(bytes: Buffer): Buffer {
  const own = Buffer.alloc(bytes.length);
  own.set(bytes);
  return own;
}
