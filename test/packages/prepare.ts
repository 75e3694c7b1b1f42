import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Suite } from './suites.ts';

/** The package as its tarball is, with what its tests need beside it; made once in the cache folder. */
export function prepareSuite(suite: Suite, cache: string): string {
  const plainName = suite.name.replaceAll('/', '-');
  const folder = path.join(cache, `${plainName}-${suite.version}`);
  const ready = path.join(folder, '.ready');
  if (existsSync(ready)) return folder;
  rmSync(folder, { recursive: true, force: true });
  const unpacked = path.join(cache, `unpack-${plainName}`);
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  run('npm', ['pack', `${suite.name}@${suite.version}`, '--silent'], unpacked);
  const tarball = readdirSync(unpacked).find((name) => name.endsWith('.tgz')) ?? '';
  run('tar', ['xzf', tarball], unpacked);
  const inner = readdirSync(unpacked).find((name) => !name.endsWith('.tgz')) ?? 'package';
  renameSync(path.join(unpacked, inner), folder);
  rmSync(unpacked, { recursive: true });
  // Of the development dependencies only what the tests load: the others are linters and the like.
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  const devDependencies = Object.fromEntries(
    suite.dev.map((wanted) => {
      const [, name = wanted, version] = /^(.[^@]*)(?:@(.*))?$/.exec(wanted) ?? [];
      return [name, version ?? manifest.devDependencies?.[name] ?? 'latest'];
    }),
  );
  writeFileSync(file, `${JSON.stringify({ ...manifest, devDependencies, scripts: {} }, undefined, 2)}\n`);
  run('npm', ['install', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'], folder);
  writeFileSync(ready, '');
  return folder;
}

/** The reader's Node has what the types of Node 20 lack. */
const { globSync } = fs as unknown as { globSync: (pattern: string, options: { cwd: string }) => string[] };

/** The suite's command with the files that its patterns stand for. */
export function filesOf({ command }: Suite, cwd: string): string[] {
  return command.flatMap((word) => (/[*{]/.test(word) ? globSync(word, { cwd }).sort() : [word]));
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr.slice(-1500)}`);
}
