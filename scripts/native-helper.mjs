/** Builds the optional native helper. Never fails the build: without a compiler the portable transport is used. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const FLAGS = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-fvisibility=hidden'];

/** @returns {string} what happened, for the build's last line */
export function buildHelper(root) {
  const folder = path.join(root, 'trace-runtime/native');
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const sources = files.filter((file) => file.endsWith('.c'));
  const target = path.join(root, 'trace-runtime/dist/helper.node');
  if (process.platform === 'win32') return 'not built (Windows)';
  if (existsSync(target) && files.every((file) => statSync(target).mtimeMs > statSync(file).mtimeMs))
    return 'up to date';
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers');
  mkdirSync(path.dirname(target), { recursive: true });
  const fresh = `${target}.${process.pid}`;
  const platform = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  const run = spawnSync(
    process.env.CC || 'cc',
    [...FLAGS, '-I', headers, ...platform, '-o', fresh, ...sources, '-ldl', '-lpthread'],
    { encoding: 'utf8' },
  );
  if (run.status === 0) {
    renameSync(fresh, target);
    return 'built';
  }
  rmSync(fresh, { force: true });
  return `not built (${run.error ? 'no C compiler' : run.stderr.trim().split('\n')[0]})`;
}
