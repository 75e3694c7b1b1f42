/** What file calls bring, as JSON. */
import { types } from 'node:util';
import { pathJson, type BoundaryLog } from './log.ts';
import type { Json, Members } from './json.ts';
import { ownData } from './patch.ts';

/** The program may replace it. */
const { min } = Math;

const { isUint8Array } = types;
const { isArray } = Array;
interface StatFields {
  readonly [field: string]: number | bigint | undefined;
}

/**
 * Numbers joined by commas: dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks, then atime, mtime, ctime and
 * birthtime in milliseconds, for big-integer stats in nanoseconds too; null where the entry does not exist. Node's own
 * objects: these are plain data.
 */
export function statJson(stats: unknown): Json {
  if (typeof stats !== 'object' || stats === null) return null;
  const s = stats as StatFields;
  const what = `${s.dev},${s.mode},${s.nlink},${s.uid},${s.gid},${s.rdev},${s.blksize},${s.ino},${s.size},${s.blocks}`;
  const when = `${s.atimeMs},${s.mtimeMs},${s.ctimeMs},${s.birthtimeMs}`;
  if (typeof s.atimeMs !== 'bigint') return `${what},${when}`;
  return `${what},${when},${s.atimeNs},${s.mtimeNs},${s.ctimeNs},${s.birthtimeNs}`;
}

/** In the order of `statfsJson`. */
export const VOLUME_FIELDS = ['type', 'bsize', 'blocks', 'bfree', 'bavail', 'files', 'ffree'] as const;

export function statfsJson(stats: unknown): Json {
  return VOLUME_FIELDS.map((field) => String(ownData(stats, field)));
}

/** Names, or [name, type, parent] where types were asked for. */
export function entriesJson(entries: unknown): Json {
  if (!isArray(entries)) return null;
  return entries.map(entryJson);
}

export function entryJson(entry: unknown): Json {
  if (entry === null) return null;
  if (typeof entry === 'string' || isUint8Array(entry)) return pathJson(entry);
  const [kind] = Object.getOwnPropertySymbols(entry);
  const type = kind && ownData(entry, kind);
  const parent = ownData(entry, 'parentPath') ?? ownData(entry, 'path');
  return [pathJson(ownData(entry, 'name')), typeof type === 'number' ? type : null, pathJson(parent)];
}

/** A file's content; what a dependency reads for itself from its own folder is named only. */
export function contentMembers(log: BoundaryLog, content: unknown, path: unknown): Members {
  const own = typeof path === 'string' && path.includes('node_modules') && !log.fromRecordedCode;
  return own ? { ofDependency: true } : { content: log.content(content) };
}

/** The part of the program's buffer that a read has filled; `from`: its place in the file, where it was given. */
export function filledMembers(
  log: BoundaryLog,
  bytesRead: unknown,
  args: readonly unknown[],
  result?: unknown,
): Members {
  if (typeof bytesRead !== 'number') return {};
  const second = args[1];
  const options = ArrayBuffer.isView(second) ? args[2] : second;
  const view = ArrayBuffer.isView(second) ? second : (ownData(options, 'buffer') ?? result);
  const start = typeof args[2] === 'number' ? args[2] : ownData(options, 'offset');
  if (!ArrayBuffer.isView(view) || bytesRead === 0) return { bytesRead };
  const at = view.byteOffset + (typeof start === 'number' ? start : 0);
  const filled = new Uint8Array(view.buffer, at, min(bytesRead, view.buffer.byteLength - at));
  log.sink.touchBytes(filled);
  const place = typeof args[4] === 'number' || typeof args[4] === 'bigint' ? args[4] : ownData(options, 'position');
  const from = (typeof place === 'number' || typeof place === 'bigint') && place >= 0 ? Number(place) : undefined;
  return { bytesRead, from, content: log.content(filled) };
}

/** As `filledMembers`, for a list of buffers that were filled one after the other. */
export function scatteredMembers(log: BoundaryLog, bytesRead: unknown, buffers: unknown): Members {
  if (typeof bytesRead !== 'number' || !isArray(buffers)) return {};
  const contents: Json[] = [];
  let left = bytesRead;
  for (const view of buffers) {
    if (!ArrayBuffer.isView(view) || left <= 0) break;
    const filled = new Uint8Array(view.buffer, view.byteOffset, min(left, view.byteLength));
    log.sink.touchBytes(filled);
    contents.push(log.content(filled));
    left -= filled.byteLength;
  }
  return { bytesRead, contents };
}
