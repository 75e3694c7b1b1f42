/** Results of file calls, made again of what the log kept of them. undefined: it did not keep enough. */
import type { RecordedCall, WorldJson } from '../model/recorded-world.ts';
import { entriesFrom, statsFrom, volumeFrom } from './serve/file-results.ts';
import { recordedContent } from './recorded-calls.ts';

type Detail = RecordedCall['detail'];
type Replay = (detail: Detail, args: readonly unknown[]) => readonly unknown[] | undefined;

const { isArray } = Array;
const UNCHANGED = { made: [], gone: [] };

export const nothing: Replay = () => [undefined];

export const content: Replay = ({ content: kept }) => {
  const value = recordedContent(kept);
  return value === undefined ? undefined : [value];
};

export const stats: Replay = ({ stat }, args) =>
  typeof stat === 'string' ? [statsFrom(stat, args[1])] : stat === null ? [undefined] : undefined;

export const volume: Replay = ({ statfs }, args) => (isArray(statfs) ? [volumeFrom(statfs, args[1])] : undefined);

export const entries: Replay = ({ entries: list }, args) => {
  if (!isArray(list)) return undefined;
  const options = (list as readonly WorldJson[]).some(isArray) ? { withFileTypes: true } : undefined;
  return [entriesFrom(list as WorldJson, String(args[0]), options, UNCHANGED, () => false)];
};

export const entry: Replay = ({ entry: one }, args) => {
  if (one === null) return [null];
  return one === undefined
    ? undefined
    : entriesFrom([one], String(args[0]), { withFileTypes: true }, UNCHANGED, () => false);
};

/** Of one field. */
export const field =
  (name: string): Replay =>
  (detail) =>
    detail[name] === null ? undefined : [detail[name]];

/** Bytes go where the program wants them; the buffer is handed on. */
export const filled: Replay = ({ bytesRead, content: kept }, args) => {
  if (typeof bytesRead !== 'number') return undefined;
  const [, second, third] = args;
  const options = (ArrayBuffer.isView(second) ? third : second) as { buffer?: unknown; offset?: unknown } | undefined;
  const view = ArrayBuffer.isView(second)
    ? second
    : ((options?.buffer as NodeJS.ArrayBufferView | undefined) ?? Buffer.alloc(16384));
  const offset = typeof third === 'number' ? third : typeof options?.offset === 'number' ? options.offset : 0;
  const bytes = bytesOf(kept);
  if (bytes) new Uint8Array(view.buffer, view.byteOffset + offset, bytes.length).set(bytes);
  return [bytesRead, view];
};

export const scattered: Replay = ({ bytesRead, contents }, args) => {
  const views = args[1];
  if (typeof bytesRead !== 'number' || !isArray(views)) return undefined;
  ((contents ?? []) as readonly WorldJson[]).forEach((kept, index) => {
    const view = views[index] as NodeJS.ArrayBufferView | undefined;
    const bytes = bytesOf(kept);
    if (view && bytes) new Uint8Array(view.buffer, view.byteOffset, bytes.length).set(bytes);
  });
  return [bytesRead, views];
};

/** Of a file handle's `write` and `writev`, whose numbers the log does not keep: all was written. */
export const written: Replay = (_, [given, encoding]) => {
  const parts = isArray(given) ? (given as readonly NodeJS.ArrayBufferView[]) : undefined;
  const length = (part: unknown): number =>
    typeof part === 'string'
      ? Buffer.byteLength(part, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
      : (part as NodeJS.ArrayBufferView).byteLength;
  const bytesWritten = parts ? parts.reduce((sum, part) => sum + length(part), 0) : length(given);
  return [parts ? { bytesWritten, buffers: parts } : { bytesWritten, buffer: given }];
};

/** Of a file handle: one object instead of several values; there is no descriptor among the arguments. */
export const ofHandle =
  (replay: Replay, names: readonly [string, string]): Replay =>
  (detail, args) => {
    const values = replay(detail, [null, ...args]);
    return values && [{ [names[0]]: values[0], [names[1]]: values[1] }];
  };

function bytesOf(kept: WorldJson | undefined): Buffer | undefined {
  const value = recordedContent(kept);
  return typeof value === 'string' ? Buffer.from(value) : value;
}
