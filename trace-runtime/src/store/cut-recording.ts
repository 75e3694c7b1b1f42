/** A recording that grows, cut off as it is now: a finished one of its own, beside it. Whole segments are shared on disk. */
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readManifest, writeManifest } from './manifest.ts';
import { FOLDER_MODE, recordingPaths } from './recording-paths.ts';
import { newRecordingId } from './recordings.ts';

/** Files that go on being written: a link would change with them. */
const GROWING = ['ledger.jsonl', 'environment.json'];
const SHARED = ['sites', 'sources', 'blobs'];

/** Its folder, which lies in `store`. To be called while nobody writes segments. Throws what the file system says. */
export function cutRecording(recording: string, store: string): string {
  const manifest = readManifest(recording);
  if (!manifest.ok) throw manifest.error;
  const { recorder: _recorder, keep: _keep, ...rest } = manifest.value;
  const now = new Date();
  const id = newRecordingId(now);
  const folder = path.join(store, id);
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  try {
    for (const name of SHARED) share(path.join(recording, name), path.join(folder, name));
    const { streams } = recordingPaths(recording);
    for (const stream of readdirSync(streams)) share(path.join(streams, stream), path.join(folder, 'streams', stream));
    for (const name of GROWING)
      if (existsSync(path.join(recording, name))) copyFileSync(path.join(recording, name), path.join(folder, name));
    const cutOf = manifest.value.id;
    writeManifest(folder, {
      ...rest,
      id,
      state: 'complete',
      endedAt: now.getTime(),
      exitCode: null,
      signal: null,
      cutOf,
    });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function share(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(to, { recursive: true, mode: FOLDER_MODE });
  for (const name of readdirSync(from)) {
    if (name.startsWith('.') || name.endsWith('.new')) continue;
    try {
      linkSync(path.join(from, name), path.join(to, name));
    } catch (error) {
      // compressed or dropped just now
      if (isCode(error, 'ENOENT')) continue;
      copyFileSync(path.join(from, name), path.join(to, name));
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
