/** Reads instrumented files from the cache (model/instrument-cache.ts). Only the instrumenter writes there. */
import { natives, tryRead } from './natives.ts';
import {
  buildVersion,
  entryPath,
  keyText,
  parseEntryHeader,
  type InstrumentRequest,
} from '../model/instrument-cache.ts';

export interface CacheEntry {
  /** the `.js` file: header line and text; the caller may patch it */
  readonly bytes: Buffer;
  /** where the text begins */
  readonly start: number;
  /** 0: runs as it is */
  readonly ops: number;
}

export interface Cache {
  key(request: Omit<InstrumentRequest, 'key'>): string;
  read(key: string): CacheEntry | undefined;
  /** why the instrumenter could not do it; undefined where it did or was not asked yet */
  failure(key: string): string | undefined;
  /** line, column, length of each insertion; empty where not known */
  edits(key: string): Int32Array;
  /** the text that was instrumented */
  source(key: string): string | undefined;
  readonly folder: string;
}

const NEWLINE = 10;
const NO_EDITS = new Int32Array(0);

/** `version` tells instrumenters apart; entries of one are invisible to another. `level`: whose text is read. */
export function openCache(folder: string, version: string, level: 'full' | 'light'): Cache {
  const [text, insertions] = level === 'light' ? (['light', 'light-edits'] as const) : (['js', 'edits'] as const);
  return {
    folder,
    key: (request) => natives.createHash('sha256').update(keyText(version, request)).digest('hex'),
    read(key) {
      const bytes = tryRead(entryPath(folder, key, text));
      if (!bytes) return undefined;
      const end = bytes.indexOf(NEWLINE);
      const ops = parseEntryHeader(bytes.toString('latin1', 0, Math.max(end, 0)));
      return ops < 0 ? undefined : { bytes, start: end + 1, ops };
    },
    failure: (key) => tryRead(entryPath(folder, key, 'failed'))?.toString('utf8'),
    edits(key) {
      const bytes = tryRead(entryPath(folder, key, insertions));
      return bytes ? new Int32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2) : NO_EDITS;
    },
    source: (key) => tryRead(entryPath(folder, key, 'source'))?.toString('utf8'),
  };
}

/** Its reads are the recorder's own, also where the program asks for a stack or a function's text. */
export function quietCache(cache: Cache, quietly: <T>(work: () => T) => T): Cache {
  return {
    ...cache,
    read: (key) => quietly(() => cache.read(key)),
    failure: (key) => quietly(() => cache.failure(key)),
    edits: (key) => quietly(() => cache.edits(key)),
    source: (key) => quietly(() => cache.source(key)),
  };
}

export function instrumenterVersion(serverScript: string): string {
  try {
    return buildVersion(natives.stat(serverScript));
  } catch {
    return 'absent';
  }
}
