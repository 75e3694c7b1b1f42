import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export interface InstalledNode {
  readonly file: string;
  readonly version: string;
}

/** The Node that runs the tests, and others that npm has installed beside it. */
export function nodes(): readonly InstalledNode[] {
  const modules = path.resolve(import.meta.dirname, '../../node_modules');
  return [process.execPath, ...['node22', 'node24'].map((name) => path.join(modules, name, 'bin/node'))]
    .filter((file) => existsSync(file))
    .map((file) => ({
      file,
      version: spawnSync(file, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim(),
    }));
}
