/**
 * Turns a source that Node is about to compile into its instrumented text. Never throws: what cannot be instrumented
 * runs as it is, and the ledger says so.
 */
import type { Cache, CacheEntry } from './cache.ts';
import type { ChangeSource } from './changed-sources.ts';
import type { InstrumentClient } from './instrument-client.ts';
import type { LoadedFiles } from './loaded-files.ts';
import { natives } from './natives.ts';
import { includesString, OwnMap, sliceString } from './primordials.ts';
import { isRunner, probed, withNodeTest } from './runner-probes.ts';
import { placeSiteWords } from './site-words.ts';
import { isRefused } from './type-stripping.ts';
import type { FileSelection } from '../model/file-selection.ts';
import type { Goal } from '../model/instrument-cache.ts';
import { dataModulePath, isDataModule, loadedAs, textPath } from '../wire/loaded-as.ts';
import { FIRST_SITE, Loaded } from '../wire/words.ts';

export interface LoaderPorts {
  readonly selection: FileSelection;
  readonly cache: Cache;
  readonly client: InstrumentClient;
  readonly files: LoadedFiles;
  readonly bases: Bases;
  readonly changed: ChangeSource;
  /** says which file a range of control words belongs to; before any of its code runs */
  announce(base: number, ops: number, key: string, path: string, how: number): void;
  /** hears of files that have nothing to record in them */
  plain?(path: string): void;
  ledger(kind: string, subject: string, reason: string): void;
  /** code that the program makes of text runs as it is */
  readonly ofFilesAlone?: boolean;
  /** whether a text has in it what may be in no file */
  isSecret?(text: string): boolean;
  /** runs the recorder's own work, so that nothing of it is taken for the program's */
  quietly<T>(work: () => T): T;
}

export interface Loader {
  /** `name` is a path or a file: URL. `offsets` as vm's lineOffset and columnOffset. */
  transform(source: string, name: string | undefined, goal: Goal, offsets?: Offsets): string;
  /** The same of what V8 compiles of a text that the program has made. */
  transformText(text: string, goal: Exclude<Goal, 'module' | 'commonjs'>, name?: string, offsets?: Offsets): string;
  /** whether a file of that name would be instrumented */
  wants(name: string | undefined): boolean;
}

export interface Offsets {
  readonly line: number;
  readonly column: number;
}

/** Ranges of control ids of one stream; shared with the thread that loads modules where there is one. */
export interface Bases {
  allot(ops: number): number;
}

export const INSTRUMENTED = '__hcA';
const HOOKS = '__hc';
const MADE_OF_TEXT = 'code made of text';
/** Texts of one thread: each that is not in the cache is waited for. */
const MOST_TEXTS = 1000;
/** as Node calls a script without a name */
const NAMELESS = '<anonymous_script>';
export const NO_OFFSETS: Offsets = { line: 0, column: 0 };
const HOW: Readonly<Record<Goal, number>> = {
  commonjs: Loaded.commonjs,
  module: Loaded.module,
  function: Loaded.function,
  script: Loaded.script,
  text: Loaded.script,
};

/** `cell` may be shared between threads; it holds the next base. */
export function countBases(cell: Int32Array = new Int32Array(1)): Bases {
  Atomics.compareExchange(cell, 0, 0, FIRST_SITE);
  return { allot: (ops) => Atomics.add(cell, 0, ops) };
}

/** undefined for what is no file: `node:` modules, evaluated text */
export function filePath(name: string | undefined): string | undefined {
  if (!name) return undefined;
  // the recorder's own call its hooks
  if (name.startsWith('data:')) return name.includes(HOOKS) ? undefined : dataModulePath(name);
  if (name.startsWith('file:')) {
    const query = name.search(/[?#]/);
    return natives.fileURLToPath(query < 0 ? name : name.slice(0, query));
  }
  return /^(?:\/|[a-z]:[\\/])/i.test(name) ? name.replace(/\?.*$/, '') : undefined;
}

export function createLoader(ports: LoaderPorts): Loader {
  const { selection, cache, client, files, bases, changed } = ports;
  const failed = new Set<string>();

  function load(given: string, path: string, name: string, goal: Goal, offsets: Offsets): string {
    const level = selection.level(path);
    if (level === 'off' || given.includes(INSTRUMENTED)) return given;
    const source = changed(path, given);
    if (isRefused(source, path)) return source;
    const question = { fileName: path, level, goal, source };
    const key = cache.key(question);
    const entry = cache.read(key) ?? miss({ ...question, key });
    if (entry?.ops === 0) ports.plain?.(path);
    if (!entry || entry.ops === 0) return source;
    const base = bases.allot(entry.ops);
    const code = withNodeTest(placed(entry, base, () => source));
    const url = isDataModule(path) ? name : undefined;
    files.add({ path, key, base, ops: entry.ops, offsets, module: goal === 'module', url });
    ports.announce(base, entry.ops, key, path, loadedAs(HOW[goal], name));
    return code;
  }

  function miss(request: Parameters<InstrumentClient['ask']>[0]): CacheEntry | undefined {
    const answer = client.ask(request);
    if ('entry' in answer) return answer.entry;
    notInstrumented(request.fileName, answer.failure);
    return undefined;
  }

  const texts = new OwnMap<string, string>();

  function loadText(source: string, goal: Goal, name: string, offsets: Offsets): string {
    if (includesString(source, HOOKS) || !mayWrite(source)) return source;
    const question = { fileName: MADE_OF_TEXT, level: 'writes', goal, source } as const;
    // no more is done for those that come later
    if (texts.size >= MOST_TEXTS) {
      notInstrumented(MADE_OF_TEXT, `there are more than ${MOST_TEXTS}`);
      return source;
    }
    if (!parses(source, goal)) return source;
    if (ports.isSecret?.(source) === true) {
      notInstrumented(MADE_OF_TEXT, 'it has a secret in it');
      return source;
    }
    const key = cache.key(question);
    const entry = cache.read(key) ?? miss({ ...question, key });
    if (!entry || entry.ops === 0) return source;
    const base = bases.allot(entry.ops);
    const code = placed(entry, base, () => source);
    const path = textPath(sliceString(key, 0, 16));
    const script = natives.createHash('sha256').update(code).digest('hex');
    files.add({ path, key, base, ops: entry.ops, offsets, url: name, script });
    ports.announce(base, entry.ops, key, path, loadedAs(HOW[goal], path));
    return code;
  }

  function notInstrumented(subject: string, reason: string): void {
    if (failed.has(subject)) return;
    failed.add(subject);
    ports.ledger('not-instrumented', subject, reason);
  }

  return {
    transformText(text, goal, name = NAMELESS, offsets = NO_OFFSETS) {
      try {
        if (ports.ofFilesAlone === true) return text;
        const asked = `${goal} ${offsets.line} ${offsets.column} ${name}\n${text}`;
        const known = texts.get(asked);
        if (known !== undefined) return known;
        const code = ports.quietly(() => loadText(text, goal, name, offsets));
        if (texts.size < MOST_TEXTS) texts.set(asked, code);
        return code;
      } catch (error) {
        ports.ledger('not-instrumented', MADE_OF_TEXT, String(error));
        return text;
      }
    },
    transform(source, name, goal, offsets = NO_OFFSETS) {
      try {
        const path = filePath(name);
        if (path === undefined) return source;
        const text = probed(path, source) ?? source;
        if (selection.level(path) === 'off') return text;
        return ports.quietly(() => load(text, path, String(name), goal, offsets));
      } catch (error) {
        ports.ledger('not-instrumented', String(name), String(error));
        return source;
      }
    },
    wants(name) {
      try {
        const path = filePath(name);
        return path !== undefined && (selection.level(path) !== 'off' || isRunner(path));
      } catch {
        return false;
      }
    },
  };
}

/** A text without any of these changes nothing, and throws nothing of its own. */
function mayWrite(text: string): boolean {
  return (
    includesString(text, '=') ||
    includesString(text, '++') ||
    includesString(text, '--') ||
    includesString(text, 'delete') ||
    includesString(text, 'throw') ||
    includesString(text, 'Function')
  );
}

function parses(text: string, goal: Goal): boolean {
  if (goal === 'function') return true;
  try {
    return Boolean(new natives.Script(text));
  } catch {
    return false;
  }
}

/** The text to run: where the entry has none, the source. Patches the entry's bytes. */
export function placed(entry: CacheEntry, base: number, source: () => string): string {
  if (entry.bytes.length === entry.start) return source();
  placeSiteWords(entry.bytes, entry.start, base);
  return entry.bytes.toString('utf8', entry.start);
}
