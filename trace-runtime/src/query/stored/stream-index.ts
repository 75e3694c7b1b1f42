/**
 * What makes a stream quick to open and to move through, kept in a folder of its own: the state at marks some thousand
 * events apart, and what is known of the stream as a whole. One that is missing, torn, damaged, of another version or of
 * other words is made anew while the stream is read.
 *
 *     NAME.log    a block log
 *     index       CRC-32 of the rest u32, length u32, compression u8, v8.serialize of a Directory, compressed; written last
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { bestCompression, canDecompress, compressNow, decompress } from '../../format/compression.ts';
import { crc32 } from '../../format/crc32.ts';
import { FILE_MODE, FOLDER_MODE } from '../../store/recording-paths.ts';
import type { Change } from '../journal.ts';
import type { Overview } from '../overview.ts';
import type { ReplayMark, StreamReplay } from '../replay.ts';
import type { Finder } from '../search.ts';
import { BlockLog } from './block-log.ts';
import { Entities, type EntityTables } from './entities.ts';
import { functionScopeOf, scopeOf } from './object-codec.ts';
import { StateLoader } from './state-loader.ts';
import { StateWriter } from './state-writer.ts';
import { callStore, restoreFiles, restoreLogs, saveLogs, type StreamLogs } from './stream-logs.ts';
import { WindowRows, Windows, type WindowColumns } from './windows.ts';

/** Goes up whenever what is kept, or what the words mean to a reader, changes. */
const VERSION = 9;
const DIRECTORY = 'index';
const HEAD = 9;
/** It would take longer to ask about so many calls than to look. */
const MANY_CALLS = 2000;
/** Milliseconds without a write after which nobody writes a log any more. */
const IDLE = 120_000;

/** Where the index of a stream is, and what it is the index of. */
export interface IndexPlace {
  readonly folder: string;
  /** differs where the words do */
  readonly identity: string;
}

interface Directory {
  readonly version: number;
  readonly identity: string;
  readonly log: string;
  readonly offsets: Float64Array;
  readonly tables: EntityTables;
  readonly columns: WindowColumns;
  readonly logs: StreamLogs;
  /** events or statements of a stretch */
  readonly steps: number;
}

/** An index that can be moved through. */
export interface StreamIndex {
  readonly windows: Windows;
  readonly steps: number;
  /** Loads the state at a window's beginning. */
  restore(window: number): ReplayMark;
  /** The windows, from that one back, in which what is looked for changed; the latest first. */
  changed(find: Finder, window: number): Iterable<number>;
  /** The first window behind that one in which one of the calls runs; undefined where none of them does any more. */
  runsNext(calls: ReadonlySet<number>, window: number): number | undefined;
}

/** Whether an index stands there, whatever it is worth. */
export function hasIndex({ folder }: IndexPlace): boolean {
  return existsSync(path.join(folder, DIRECTORY));
}

/** Opens an index; undefined where there is none that serves. */
export function openIndex(place: IndexPlace, replay: StreamReplay, overview: Overview): StreamIndex | undefined {
  const directory = readDirectory(place);
  if (!directory) return undefined;
  try {
    const log = new BlockLog(path.join(place.folder, directory.log), [...directory.offsets]);
    // the next reader makes another
    log.onDamage = () => remove(path.join(place.folder, DIRECTORY));
    const entities = new Entities(log, replay, directory.tables);
    restoreFiles(replay, directory.logs);
    const index = indexOf(replay, entities, new Windows(directory.columns), directory.steps);
    index.restore(index.windows.count - 1);
    restoreLogs(replay, overview, entities, directory.logs);
    return index;
  } catch {
    // the stream is read as if there had been none
    replay.decoder.absent = undefined;
    replay.decoder.keeps = undefined;
    replay.heap.absent = undefined;
    replay.kept = undefined;
    replay.files.length = 0;
    replay.loads.length = 0;
    replay.suspended.clear();
    replay.heap.forget();
    return undefined;
  }
}

function indexOf(
  replay: StreamReplay,
  entities: Entities,
  windows: Windows,
  steps: number,
  known?: StateLoader,
): StreamIndex {
  const loader = known ?? new StateLoader(replay, entities);
  return {
    windows,
    steps,
    restore: (window) => loader.restore(window, windows.columns.place[window]!),
    *changed(find, window) {
      const marks = marksOf(find, window + 1, entities);
      if (marks) for (const mark of marks) yield mark - 1;
      else if (find.calls && find.calls.size <= MANY_CALLS) yield* runsBefore(find.calls, window, windows, entities);
      else for (let at = window; at >= 0; at--) yield at;
    },
    runsNext(calls, window) {
      if (calls.size > MANY_CALLS) return undefined;
      let next = Infinity;
      for (const serial of calls)
        next = Math.min(next, entities.versions.activations.next(serial, window + 1) ?? Infinity);
      return next === Infinity ? undefined : next - 1;
    },
  };
}

/** The windows, from that one back, in which one of the calls runs; the latest first. */
function* runsBefore(
  calls: ReadonlySet<number>,
  window: number,
  windows: Windows,
  { versions, tables }: Entities,
): Generator<number, void> {
  // one that is not kept was over before its window was
  const lastRun = (serial: number, at: number): number => {
    if (tables.activations.get(serial) === undefined) {
      const only = windows.last(({ activations }) => activations < serial);
      return only <= at ? only : -1;
    }
    const { value } = versions.activations.marks(serial, at + 1).next();
    return (value ?? 0) - 1;
  };
  for (let at = window; ;) {
    let latest = -1;
    for (const serial of calls) latest = Math.max(latest, lastRun(serial, at));
    if (latest < 0) return;
    yield latest;
    at = latest - 1;
  }
}

/** The marks before which it changed, from that one back; undefined where that is not known. */
function marksOf(
  { object, written = object?.id ?? 0, environment, scope: searched }: Finder,
  mark: number,
  { versions }: Entities,
): Iterable<number> | undefined {
  // one of the language's own has had another number
  if (written > 0) return versions.objects.marks(written, mark);
  const uid =
    environment === undefined ? searched && outermost(searched, mark, versions) : known(environment, mark, versions);
  return uid === undefined ? undefined : uid === 0 ? [] : versions.scopes.marks(uid, mark);
}

/** The scope of an environment; 0 where it was made behind the mark. */
function known(environment: number, mark: number, { environments }: Entities['versions']): number | undefined {
  const from = environments.find(environment, mark);
  return from ? from.unsigned() || undefined : 0;
}

/** Of a call or file its outermost scope, if it is that one: those inside it are made anew in each round. */
function outermost(
  { of, id, scope }: NonNullable<Finder['scope']>,
  mark: number,
  { activations, files, scopes }: Entities['versions'],
): number | undefined {
  const from = (of === 'call' ? activations : files).find(id, mark);
  const uid = from && (of === 'call' ? functionScopeOf(from) : from.unsigned());
  const known = uid ? scopes.find(uid, mark) : undefined;
  return known && scopeOf(known) === scope ? uid : undefined;
}

function readDirectory({ folder, identity }: IndexPlace): Directory | undefined {
  try {
    const bytes = readFileSync(path.join(folder, DIRECTORY));
    const compression = bytes.readUInt8(8);
    if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4)) || !canDecompress(compression)) return undefined;
    const content = decompress(bytes.subarray(HEAD), compression, bytes.readUInt32LE(4));
    const directory = deserialize(content) as Directory;
    return directory.version === VERSION && directory.identity === identity ? directory : undefined;
  } catch {
    return undefined;
  }
}

/** Makes an index while a stream is read. */
export class IndexMaker {
  private readonly rows = new WindowRows();
  private readonly name = `${randomUUID()}.log`;
  private readonly log: BlockLog;
  private readonly entities: Entities;
  private readonly writer: StateWriter;
  private readonly loader: StateLoader;
  private count = 0;

  /** The error where nothing can be written there. */
  static begin(place: IndexPlace, replay: StreamReplay, overview: Overview, steps: number): IndexMaker | Error {
    try {
      return new IndexMaker(place, replay, overview, steps);
    } catch (error) {
      return error as Error;
    }
  }

  /** Why the disk does not take it, a full one, say: it serves its maker, and nobody else. */
  get fault(): Error | undefined {
    return this.log.fault;
  }

  private constructor(
    private readonly place: IndexPlace,
    private readonly replay: StreamReplay,
    private readonly overview: Overview,
    private readonly steps: number,
  ) {
    // not the recording's own folder: it may have been deleted
    for (const folder of [path.dirname(place.folder), place.folder])
      if (!existsSync(folder)) mkdirSync(folder, { mode: FOLDER_MODE });
    this.log = new BlockLog(path.join(place.folder, this.name));
    this.entities = new Entities(this.log, replay);
    replay.decoder.listener = this.entities.strings;
    overview.recorder?.keepIn(callStore(this.entities));
    this.writer = new StateWriter(replay, this.entities);
    this.loader = new StateLoader(replay, this.entities);
    this.begin(replay.mark(), []);
  }

  /** A window ends here, and another begins. */
  next(stretches: number, sites: Int32Array, changes: Iterable<Change>): void {
    this.rows.end(stretches, sites);
    this.begin(this.replay.mark(), changes);
    this.loader.passed(this.count - 1);
  }

  private begin(at: ReplayMark, changes: Iterable<Change>): void {
    this.rows.begin(at, this.writer.write(this.count++, at, changes));
  }

  /** The stream was read to its end. */
  finish(): StreamIndex {
    this.rows.end(0, new Int32Array(0));
    const columns = this.rows.columns();
    const logs = saveLogs(this.replay, this.overview, this.entities);
    const tables = this.entities.write();
    this.log.flush();
    this.keep({
      version: VERSION,
      identity: this.place.identity,
      log: this.name,
      offsets: Float64Array.from(this.log.offsets),
      tables,
      columns,
      logs,
      steps: this.steps,
    });
    this.replay.decoder.listener = undefined;
    this.writer.end();
    return indexOf(this.replay, this.entities, new Windows(columns), this.steps, this.loader);
  }

  private keep(directory: Directory): void {
    const { folder } = this.place;
    const content = serialize(directory);
    const whole = Buffer.concat([Buffer.alloc(HEAD), compressNow(content, bestCompression)]);
    whole.writeUInt32LE(content.length, 4);
    whole.writeUInt8(bestCompression, 8);
    whole.writeUInt32LE(crc32(whole.subarray(4)));
    const draft = path.join(folder, `${this.name}.draft`);
    try {
      if (this.log.fault) throw this.log.fault;
      writeFileSync(draft, whole, { mode: FILE_MODE });
      renameSync(draft, path.join(folder, DIRECTORY));
      removeOthers(folder, this.name);
    } catch (error) {
      this.log.fault ??= error as Error;
      for (const file of [draft, path.join(folder, this.name)]) remove(file);
    }
  }

  /** It cannot be completed. */
  discard(): void {
    this.replay.decoder.listener = undefined;
    this.writer.end();
    this.log.close();
    remove(path.join(this.place.folder, this.name));
  }
}

/** It stays where it cannot be removed: on Windows, while it is open. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // the next one to make an index does
  }
}

/** What earlier readers left behind, unless one may still write it. */
function removeOthers(folder: string, name: string): void {
  for (const each of readdirSync(folder)) {
    const file = path.join(folder, each);
    if (each === DIRECTORY || each === name) continue;
    try {
      if (Date.now() - statSync(file).mtimeMs > IDLE) rmSync(file, { force: true });
    } catch {
      // another one was faster
    }
  }
}
