import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * What runs the command: `TEST_NODE=PATH` is another one than what runs the tests. `vitest.config.ts` names the newest, which starts
 * in half of the time of Node 20, and which readers run on anyway.
 */
export const NODE = path.resolve(process.env['TEST_NODE'] ?? process.execPath);

export interface InstalledNode {
  readonly file: string;
  readonly version: string;
}

/**
 * At which level the case of that number is recorded on the Node of that place among `of`: at light on one of them in turn,
 * at full on the others, for both on all take minutes. `LEVEL=full,light` are both on each, `LEVEL=light` is that one.
 */
export function levelsInTurn(at: number, node: number, of: number): readonly string[] {
  const { LEVEL } = process.env;
  if (LEVEL) return LEVEL.split(',');
  return [at % of === node ? 'light' : 'full'];
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
