/**
 * The cache of instrumented files, shared by all recordings, and how a program asks for what is not in it.
 *
 *     <cache>/<first 2 of the key>/<key>.js       a header line, then the instrumented text
 *                                 <key>.edits    the insertions: int32, little-endian: line, column, length …
 *                                                then -1 - line, column of a name, and where V8 says that it is read
 *                                 <key>.light, <key>.light-edits   the same for level light
 *                                 <key>.sites    MessagePack SiteTable
 *                                 <key>.source   the text that was instrumented
 *                                 <key>.map      its source map, where it has one
 *                                 <key>.failed   why it cannot be instrumented; then there are no others
 *
 * The `.js` file is written last: where it is, the others are. A miss is asked for by a file in the folder of the build
 * that asks, `<cache>/asked/<build>/<key>.ask`; the answer is the entry itself.
 */
import type { FileLevel } from './file-selection.ts';

/**
 * commonjs: a module's function body; function: body of vm.compileFunction; script: a sloppy or strict script; text: what V8
 * compiles for `new Function`, one function in parentheses whose body begins on a line of its own
 */
export type Goal = 'commonjs' | 'module' | 'script' | 'function' | 'text';

export interface InstrumentRequest {
  readonly key: string;
  readonly fileName: string;
  readonly level: Exclude<FileLevel, 'off'>;
  readonly goal: Goal;
  readonly source: string;
}

/** Changes whenever a cached entry of the same source would be another. */
export const CACHE_VERSION = 3;
/** Two builds of the instrumenter differ in size or time, which costs less than reading them. */
export function buildVersion(script: { readonly size: number; readonly mtimeMs: number }): string {
  return `${script.size}-${Math.round(script.mtimeMs)}`;
}

/** `__hcStack.Error` is `Error`, with the limit of stacks that the program set: see instrument/stack-limit.ts. */
export const STACK_HOOK = '__hcStack';
/** In an instrumented text: code asks for node:test by the name that follows. A text in a string has no such mark. */
export const NODE_TEST_MARK = '/*__hct*/';

/** Where all programs that are recorded by the same build put their questions. */
export function askFolder(cache: string, version: string): string {
  return `${cache}/asked/${version}`;
}
/** In that folder: pid of the instrumenter that answers. */
export const SERVER_FILE = 'server.pid';

export type EntryPart = 'js' | 'edits' | 'light' | 'light-edits' | 'sites' | 'source' | 'map' | 'failed';

export function entryPath(cache: string, key: string, part: EntryPart): string {
  return `${cache}/${key[0]}${key[1]}/${key}.${part}`;
}

/** What the key is a SHA-256 of. The language of a text depends on its extension alone. */
export function keyText(version: string, request: Omit<InstrumentRequest, 'key'>): string {
  const dot = request.fileName.lastIndexOf('.');
  const extension = dot > request.fileName.lastIndexOf('/') ? request.fileName.slice(dot + 1) : 'js';
  return `${CACHE_VERSION} ${version} ${request.level} ${request.goal} ${extension}\n${request.source}`;
}

/** First line of a `.js` file. `ops` 0: nothing was inserted. Where no text follows, the source runs as it is. */
export function entryHeader(ops: number): string {
  return `hindcast ${CACHE_VERSION} ${ops}\n`;
}

/** The count of ops, or -1 where this is no entry. Told without methods of strings: the program may have replaced them. */
export function parseEntryHeader(line: string): number {
  const start = `hindcast ${CACHE_VERSION} `;
  for (let i = 0; i < start.length; i++) if (line[i] !== start[i]) return -1;
  let ops = 0;
  for (let i = start.length; i < line.length; i++) {
    const digit = line[i]!;
    if (digit < '0' || digit > '9') return -1;
    ops = ops * 10 + Number(digit);
  }
  return line.length > start.length ? ops : -1;
}

export function formatRequest({ source, ...head }: InstrumentRequest): string {
  return `${JSON.stringify(head)}\n${source}`;
}

export function parseRequest(text: string): InstrumentRequest | undefined {
  const end = text.indexOf('\n');
  try {
    const head = JSON.parse(text.slice(0, end)) as InstrumentRequest;
    return typeof head.key === 'string' ? { ...head, source: text.slice(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}
