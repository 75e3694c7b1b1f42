import { mkdtempSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runBundle } from './run-bundle.ts';

const require = createRequire(import.meta.url);
const ran = ((globalThis as unknown as { bundleRan: string[] }).bundleRan = []);

function fixture(): { readonly bundle: string; readonly caches: string; readonly list: () => readonly string[] } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-bundle-'));
  const bundle = path.join(folder, 'program.cjs');
  writeFileSync(
    bundle,
    'function add(a, b) { return a + b }\nbundleRan.push(require("node:path").basename(__filename), String(add(1, 2)));',
  );
  const caches = path.join(folder, 'cache');
  return { bundle, caches, list: () => readdirSync(path.join(caches, 'code')) };
}

test('a bundle leaves a code cache that its next run takes', () => {
  const { bundle, caches, list } = fixture();
  for (let run = 0; run < 2; run++) runBundle(bundle, caches, require, '/own/preload.cjs');
  expect(ran.splice(0)).toEqual(['preload.cjs', '3', 'preload.cjs', '3']);
  expect(list()).toHaveLength(1);
  expect(statSync(path.join(caches, 'code', list()[0]!)).mode & 0o777).toBe(0o600);
});

test('a damaged cache, and a folder that cannot be made, cost time only', () => {
  const { bundle, caches, list } = fixture();
  runBundle(bundle, caches, require, '/own/preload.cjs');
  writeFileSync(path.join(caches, 'code', list()[0]!), 'torn');
  runBundle(bundle, caches, require, '/own/preload.cjs');
  runBundle(bundle, path.join(bundle, 'no-folder'), require, '/own/preload.cjs');
  runBundle(bundle, undefined, require, '/own/preload.cjs');
  expect(ran.splice(0)).toHaveLength(8);
});

test('a copy in another place has a cache of its own: its frames tell its own name', () => {
  const { bundle, caches, list } = fixture();
  const copy = path.join(path.dirname(bundle), 'copy');
  const [first, second] = [bundle, path.join(mkdtempSync(copy), 'program.cjs')];
  const { atime, mtime } = statSync(first);
  const frames: string[] = [];
  for (const each of [first, second]) {
    writeFileSync(each, 'bundleRan.push(new Error().stack);');
    utimesSync(each, atime, mtime);
    runBundle(each, caches, require, '/own/preload.cjs');
    frames.push(ran.splice(0)[0]!);
  }
  expect(list()).toHaveLength(2);
  expect(frames.map((stack, i) => stack.includes([first, second][i]!))).toEqual([true, true]);
});
