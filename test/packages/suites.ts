import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A package whose tarball ships its tests, and how they are run. */
export interface Suite {
  readonly name: string;
  readonly version: string;
  /** what of its dev dependencies the tests themselves need; `name=range` where the package's own range is not to be had */
  readonly needs: readonly string[];
  /** folders of the repository that a tarball cannot hold, as they are empty or hold links */
  readonly folders?: readonly string[];
  /** arguments of `node`, one list a process; a last part of `folder/*.js` stands for its files */
  readonly runs: readonly (readonly string[])[];
}

const TAPE = 'node_modules/tape/bin/tape';

export const suites: readonly Suite[] = [
  {
    name: 'qs',
    version: '6.17.1',
    needs: ['tape=^5.9.0', 'es-value-fixtures', 'for-each', 'has-bigints', 'has-override-mistake', 'has-property-descriptors', 'has-proto',
      'has-symbols', 'iconv-lite', 'mock-property', 'object-inspect', 'qs-iconv', 'safer-buffer'],
    runs: [[TAPE, 'test/*.js']],
  },
  {
    name: 'object-inspect',
    version: '1.13.4',
    needs: ['tape=^5.9.0', 'core-js', 'error-cause', 'es-value-fixtures', 'for-each', 'functions-have-names', 'glob', 'globalthis', 'has-symbols',
      'has-tostringtag', 'make-arrow-function', 'mock-property', 'safer-buffer', 'string.prototype.repeat'],
    runs: [[TAPE, 'test/*.js'], ['test-core-js.js']],
  },
  {
    name: 'resolve',
    version: '1.22.14',
    folders: ['test/symlinks/dest/node_modules', 'test/resolver/symlinked/_/node_modules', 'test/resolver/symlinked/_/symlink_target'],
    needs: ['tape=^5.9.0', 'array.prototype.map', 'copy-dir', 'mkdirp', 'mv', 'object-keys', 'rimraf', 'semver', 'tap', 'tmp'],
    runs: [[TAPE, 'test/*.js']],
  },
  { name: 'minimist', version: '1.2.8', needs: ['tape'], runs: [[TAPE, 'test/*.js']] },
  {
    name: 'deep-equal',
    version: '2.2.3',
    needs: ['tape', 'available-typed-arrays', 'for-each', 'has-proto', 'has-symbols', 'has-typed-arrays', 'object.getownpropertydescriptors', 'semver'],
    runs: [[TAPE, 'test/*.js']],
  },
  { name: 'for-each', version: '0.3.5', needs: ['tape'], runs: [['test/test.js']] },
  {
    name: 'is-callable',
    version: '1.2.7',
    needs: ['tape', 'available-typed-arrays', 'es-value-fixtures', 'for-each', 'has-tostringtag', 'make-arrow-function', 'make-async-function',
      'make-generator-function', 'object-inspect', 'rimraf'],
    runs: [[TAPE, 'test/*.js']],
  },
  { name: 'function-bind', version: '1.1.2', needs: ['tape'], runs: [[TAPE, 'test/*.js']] },
  {
    name: 'string.prototype.trim',
    version: '1.2.10',
    needs: ['tape', '@es-shims/api', 'for-each', 'functions-have-names', 'has-strict-mode', 'string.prototype.repeat'],
    runs: [[TAPE, 'test/*.js']],
  },
  { name: 'json-stable-stringify', version: '1.3.0', needs: ['tape'], runs: [[TAPE, 'test/*.js']] },
  { name: 'has-symbols', version: '1.1.0', needs: ['tape', 'core-js', 'get-own-property-symbols'], runs: [['test'], ['test/shams/core-js.js'], ['test/shams/get-own-property-symbols.js']] },
  { name: 'side-channel', version: '1.1.1', needs: ['tape'], runs: [[TAPE, 'test/*.js']] },
  { name: 'fast-json-stable-stringify', version: '2.1.0', needs: ['tape'], runs: [[TAPE, 'test/*.js']] },
  // Asynchronous: promises, then streams.
  {
    name: 'promise.allsettled',
    version: '1.0.7',
    needs: ['tape', '@es-shims/api', 'es6-shim', 'for-each', 'functions-have-names', 'has-strict-mode'],
    runs: [[TAPE, 'test/*.js']],
  },
  { name: 'through', version: '2.3.8', needs: ['stream-spec', 'tape', 'from'], runs: ['async', 'auto-destroy', 'buffering', 'end', 'index'].map((test) => [`test/${test}.js`]) },
  { name: 'split2', version: '4.2.0', needs: ['tape', 'callback-stream'], runs: [[TAPE, 'test.js']] },
  { name: 'from2', version: '2.3.0', needs: ['tape'], runs: [['test.js']] },
  // ECMAScript modules, classes and streams.
  { name: 'bl', version: '7.0.13', needs: ['tape'], runs: [['test/test.js']] },
];

/** The folder of an installed suite. What a run before has left is used again. */
export function install(suite: Suite): string {
  const cache = path.join(os.tmpdir(), `hindcast-packages-${os.userInfo().username}`);
  const id = `${suite.name}@${suite.version}`;
  const folder = path.join(cache, id);
  const ready = path.join(folder, '.installed');
  const wanted = JSON.stringify([suite.needs, suite.folders]);
  if (existsSync(ready) && readFileSync(ready, 'utf8') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const unpacked = `${folder}-unpacked`;
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  run('npm', ['pack', id, '--silent', '--ignore-scripts'], unpacked);
  const [tarball = ''] = readdirSync(unpacked);
  run('tar', ['xzf', tarball], unpacked);
  renameSync(path.join(unpacked, 'package'), folder);
  rmSync(unpacked, { recursive: true });
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { devDependencies?: Record<string, string>; [key: string]: unknown };
  const all = manifest.devDependencies ?? {};
  const devDependencies = Object.fromEntries(
    suite.needs.map((need) => {
      const [name = '', range] = need.split('=');
      return [name, range ?? all[name] ?? '*'];
    }),
  );
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies, peerDependencies: undefined }, undefined, 2));
  for (const name of suite.folders ?? []) mkdirSync(path.join(folder, name), { recursive: true });
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], folder);
  writeFileSync(ready, wanted);
  return folder;
}

/** The arguments of a run with the files that its pattern stands for. */
export function expand(args: readonly string[], folder: string): readonly string[] {
  return args.flatMap((arg) => {
    if (!arg.endsWith('/*.js')) return [arg];
    const inside = arg.slice(0, -5);
    return readdirSync(path.join(folder, inside)).filter((name) => name.endsWith('.js')).sort().map((name) => `${inside}/${name}`);
  });
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 180_000 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
