/** The folder of recordings of a project: finding it, listing it, keeping it within its size. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noSuchRecording } from '../base/errors.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { HindcastError } from '../base/errors.ts';
import { processLives } from '../base/processes.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { folderBytes } from './folder-size.ts';
import { FILE_MODE, FOLDER_MODE, recordingPaths } from './recording-paths.ts';

/** 5 GB */
export const STORE_BYTES = 5_000_000_000;
const FOLDER = path.join('.hindcast', 'recordings');

export interface RecordingEntry {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly pinned: boolean;
  /** that the user gave it */
  readonly name: string | undefined;
}

export function defaultStore(cwd: string): string {
  return path.join(cwd, FOLDER);
}

/** Whether a recording lies in a store that keeps itself within its size, and not in a folder that the user named. */
export function isInDefaultStore(recording: string): boolean {
  return isDefaultStore(path.dirname(recording));
}

export function isDefaultStore(store: string): boolean {
  return store.endsWith(path.sep + FOLDER);
}

/** The nearest folder of recordings at or above `cwd`. */
export function findStore(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const store = defaultStore(folder);
    if (existsSync(store)) return store;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** With an ignore file of its own: recordings are nobody's to commit by accident. */
export function makeStore(store: string): void {
  mkdirSync(store, { recursive: true, mode: FOLDER_MODE });
  const ignore = path.join(store, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n', { mode: FILE_MODE });
}

/** Sorts by time: 2026-01-31T23-59-59-1a2b */
export function newRecordingId(now: Date): string {
  const second = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const suffix = Math.floor(Math.random() * 0x10000);
  return `${second}-${suffix.toString(16).padStart(4, '0')}`;
}

/** Newest first. Folders that are no recordings are left out. */
export function listManifests(store: string): readonly Pick<RecordingEntry, 'folder' | 'manifest'>[] {
  if (!existsSync(store)) return [];
  return readdirSync(store)
    .map((name) => path.join(store, name))
    .filter((folder) => existsSync(recordingPaths(folder).manifest))
    .flatMap((folder) => {
      const manifest = readManifest(folder);
      return manifest.ok ? [{ folder, manifest: manifest.value }] : [];
    })
    .sort((a, b) => b.manifest.startedAt - a.manifest.startedAt || (a.folder < b.folder ? 1 : -1));
}

/** The same with sizes, for which every file is looked at. */
export function listRecordings(store: string): readonly RecordingEntry[] {
  return listManifests(store).map((entry) => {
    const { folder } = entry;
    const pinned = existsSync(recordingPaths(folder).pin);
    return { ...entry, bytes: folderBytes(folder), pinned, name: readName(folder) };
  });
}

/** `name`: a path, an id or the beginning of one id, or undefined for the latest, of those made here if there are any. */
export function findRecording(name: string | undefined, cwd: string): Result<string, HindcastError> {
  if (name !== undefined && existsSync(path.resolve(cwd, name))) return ok(path.resolve(cwd, name));
  const store = findStore(cwd);
  if (name !== undefined && /[\\/]/.test(name)) return err(noSuchRecording(name));
  if (!store) return err(noSuchRecording(name ?? `in ${cwd}`));
  const entries = listManifests(store);
  const own = entries.find(({ manifest }) => manifest.imported !== true);
  const found =
    name === undefined ? (own ?? entries[0]) : entries.find(({ folder }) => path.basename(folder).startsWith(name));
  return found ? ok(found.folder) : err(noSuchRecording(name ?? `in ${store}`));
}

/** Deletes the oldest unpinned recordings beyond the limit; those still being made and the newest stay. */
export function enforceRetention(store: string, limit: number = STORE_BYTES): readonly string[] {
  const entries = listRecordings(store);
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const deleted: string[] = [];
  for (const entry of entries.slice(1).reverse()) {
    if (bytes <= limit) break;
    if (entry.pinned || isGrowing(entry.manifest)) continue;
    rmSync(entry.folder, { recursive: true, force: true });
    bytes -= entry.bytes;
    deleted.push(entry.folder);
  }
  return deleted;
}

export function pinRecording(folder: string, pinned: boolean): void {
  const file = recordingPaths(folder).pin;
  if (pinned) writeFileSync(file, '', { mode: FILE_MODE });
  else rmSync(file, { force: true });
}

/** An empty name takes it away. */
export function nameRecording(folder: string, name: string): void {
  const file = recordingPaths(folder).name;
  if (name) writeFileSync(file, `${name}\n`, { mode: FILE_MODE });
  else rmSync(file, { force: true });
}

export function readName(folder: string): string | undefined {
  try {
    return readFileSync(recordingPaths(folder).name, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

export function isGrowing(manifest: Manifest): boolean {
  return manifest.state === 'recording' && manifest.recorder !== undefined && processLives(manifest.recorder);
}

export function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
