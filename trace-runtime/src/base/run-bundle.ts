/** Runs a bundle of Hindcast's own with V8's code cache: compiling it anew would delay each program that is recorded. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { writeWhole } from './whole-files.ts';

const { mkdirSync, readFileSync, renameSync, statSync } = fs;

type Main = (require: NodeJS.Require, __filename: string, __dirname: string) => void;

/**
 * `folder` holds code caches, one for each build of the bundle and of V8; without it there is none. V8 refuses a cache
 * that was made with other flags, and the bundle is compiled. The bundle sees `caller` as its own file's name.
 */
export function runBundle(bundle: string, folder: string | undefined, require: NodeJS.Require, caller: string): void {
  const file = folder === undefined ? undefined : cacheFile(bundle, folder);
  const cachedData = file === undefined ? undefined : tryRead(file);
  // Bundles are ASCII.
  const text = `(function (require, __filename, __dirname) { ${readFileSync(bundle, 'latin1')}\n})`;
  const script = new vm.Script(text, { filename: bundle, ...(cachedData ? { cachedData } : {}) });
  const main = script.runInThisContext() as Main;
  main(require, caller, path.dirname(caller));
  // Only now, so that what ran is in it.
  if (file !== undefined && !cachedData) tryWrite(file, () => script.createCachedData());
}

function cacheFile(bundle: string, folder: string): string | undefined {
  try {
    const { mtimeMs, size } = statSync(bundle);
    // V8 takes the name of a script from the cache: copies in other places must not share one
    const place = hashOf(bundle).toString(16);
    const build = `${path.basename(bundle, '.cjs')}-${place}-${Math.floor(mtimeMs)}-${size}`;
    return path.join(folder, 'code', `${build}-${process.versions.v8}-${process.arch}.v8`);
  } catch {
    return undefined;
  }
}

/** FNV-1a over UTF-16 units: node:crypto would be loaded for it in each program. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function tryRead(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all. Without room, or the right to write there, the next program compiles again. */
function tryWrite(file: string, made: () => Buffer): void {
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeWhole(fresh, made(), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // The cache is a convenience.
  }
}
