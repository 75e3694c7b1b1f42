/**
 * Native code opens files by itself: addons, and the SQLite that is part of Node. The native helper leads its calls
 * (native/native-calls.c); here it is told what was loaded.
 */
import fs from 'node:fs';
import { readWhole } from '../base/whole-files.ts';
import { isOfTool } from '../model/file-selection.ts';
import { replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { dlopen } = process;
const { existsSync } = fs;
/** Calls by which an addon opens files, as its file names what it imports. */
const OPENING = ['fopen', 'open64', 'CreateFileW', 'CreateFileA', '_open'];

/** The native helper's part for that: see native/helper.c. */
export interface NativeHelper {
  watchFiles(options: { readonly copies: string; readonly own: readonly string[] }): void;
  leadFiles(options: LedFolders): void;
  takeFiles(): readonly WatchedFile[] | undefined;
  lead(doLead: boolean): boolean;
}

export interface LedFolders {
  readonly overlay: string;
  readonly gone: string;
  readonly recorded: string | undefined;
  readonly absent: string | undefined;
  readonly sources: string | undefined;
  readonly doubts: string;
  readonly copies: string;
  readonly own: readonly string[];
  readonly folder: string | undefined;
}

/** What was there when native code first got at it. */
export interface WatchedFile {
  readonly path: string;
  /** `nowhere`: nor was its folder there; `made`: by that code, where nothing was */
  readonly kind: 'file' | 'folder' | 'absent' | 'nowhere' | 'made' | 'large';
  /** of `file`: a copy, to be removed by who takes it */
  readonly copy: string | undefined;
  /** milliseconds since the epoch */
  readonly at: number;
  readonly changed: number;
  readonly permissions: number;
}

export interface NativeParts {
  readonly hide: (wrapper: object, original: object) => unknown;
  /** Runs `install` once the program can get at that module of Node. */
  late(id: string, install: () => void): void;
  /** where it lies; undefined: there is none */
  readonly helper: string | undefined;
  quietly(work: () => void): void;
  /** Files that it opens are the real ones. */
  unled?(code: string): void;
}

/** `begin` tells the helper what to do. */
export function leadNativeCode(parts: NativeParts, begin: (helper: NativeHelper) => void): void {
  const helper = parts.helper === undefined ? undefined : loaded(parts.helper);
  if (helper) {
    begin(helper);
    helper.lead(false);
  }
  replace(
    process,
    'dlopen',
    parts.hide,
    (original): AnyFunction =>
      function (...args) {
        const value = apply(original, this, args);
        const [, file] = args;
        if (typeof file === 'string') parts.quietly(() => hasLoaded(file));
        return value;
      },
  );
  parts.late('sqlite', () => {
    if (!parts.helper || !helper || !isLedInSqlite(parts.helper)) parts.unled?.('node:sqlite');
  });

  function hasLoaded(file: string): void {
    const isTools = isOfTool(file);
    if (helper?.lead(!isTools) || isTools || !parts.unled || !opensFiles(file)) return;
    parts.unled(file);
  }
}

function loaded(file: string): NativeHelper | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const module: { exports: Partial<NativeHelper> } = { exports: {} };
    dlopen(module, file);
    return module.exports.lead && (module.exports as NativeHelper);
  } catch {
    return undefined;
  }
}

function opensFiles(file: string): boolean {
  const text = readWhole(file, 'latin1');
  return OPENING.some((name) => text.includes(name));
}

interface Sqlite {
  readonly DatabaseSync: new (name: string, options: object) => { loadExtension?(file: string): void; close(): void };
}

/** SQLite lets an extension replace its calls for all databases of the process. */
function isLedInSqlite(helper: string): boolean {
  try {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as Sqlite;
    const database = new DatabaseSync(':memory:', { allowExtension: true });
    if (!database.loadExtension) return false;
    database.loadExtension(helper);
    database.close();
    return true;
  } catch {
    return false;
  }
}
