import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder outside version control with the benchmark's programs and the packages they measure, installed once. */
export function prepareWorkspace(repository: string, extra: Readonly<Record<string, string>> = {}): string {
  // Not below node_modules, where nothing is user code.
  const folder = path.join(os.homedir(), '.cache/hindcast-bench');
  const sources = path.join(repository, 'test/bench');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(path.join(sources, 'cases')))
    copyFileSync(path.join(sources, 'cases', name), path.join(folder, name));
  const dependencies = {
    ...(JSON.parse(readFileSync(path.join(sources, 'packages.json'), 'utf8')) as Record<string, string>),
    ...extra,
  };
  const wanted = `${JSON.stringify({ name: 'bench', private: true, version: '1.0.0', dependencies }, undefined, 2)}\n`;
  const manifest = path.join(folder, 'package.json');
  if (
    !existsSync(manifest) ||
    readFileSync(manifest, 'utf8') !== wanted ||
    !existsSync(path.join(folder, 'node_modules'))
  ) {
    writeFileSync(manifest, wanted);
    const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (installed.status !== 0)
      throw new Error(`The benchmark's packages could not be installed:\n${installed.stderr}`);
  }
  const items = Array.from({ length: 200 }, (_, id) => ({
    id,
    name: `item ${id}`,
    group: id % 10,
    price: id * 1.5,
    tags: ['a', 'b'],
  }));
  writeFileSync(path.join(folder, 'items.json'), JSON.stringify(items));
  return folder;
}
