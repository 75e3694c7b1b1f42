/** The project that a test is for: its runner, the kind of its modules, and where its tests stand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const RUNNERS = ['node', 'vitest', 'jest', 'mocha'] as const;
export type Runner = (typeof RUNNERS)[number];

export interface Workspace {
  readonly root: string;
  readonly runner: Runner;
  /** folder for tests; undefined: there is none yet */
  readonly tests: string | undefined;
  /** its `.js` files are ES modules */
  readonly isModule: boolean;
}

/** `from`: a folder in it. */
export function workspaceOf(from: string, runner: Runner | undefined): Workspace {
  const root = rootOf(from);
  const manifest = readJson(path.join(root, 'package.json'));
  const chosen = runner ?? runnerOf(manifest);
  const folder = ['test', 'tests', '__tests__'].find((name) => existsSync(path.join(root, name)));
  return {
    root,
    runner: chosen,
    tests: folder === undefined ? undefined : path.join(root, folder),
    isModule: manifest['type'] === 'module',
  };
}

/** Where a test of a source file goes: to the others, beside it where others are there, else into a folder `test`. */
export function testFolder({ root, tests }: Workspace, source: string | undefined): string {
  if (tests !== undefined) return tests;
  const beside = source === undefined ? undefined : path.dirname(source);
  const isTest = (name: string): boolean => /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(name);
  return beside !== undefined && readdirSync(beside).some(isTest) ? beside : path.join(root, 'test');
}

/** The command that runs one test file, after `node`; undefined where the runner is not installed. */
export function runnerCommand({ root, runner }: Workspace, file: string): readonly string[] | undefined {
  if (runner === 'node') return ['--test', file];
  const [script, ...rest] = COMMANDS[runner];
  try {
    const manifest = createRequire(path.join(root, 'package.json')).resolve(`${runner}/package.json`);
    return [path.join(path.dirname(manifest), script), ...rest, file];
  } catch {
    return undefined;
  }
}

const COMMANDS: Readonly<Record<Exclude<Runner, 'node'>, readonly [string, ...string[]]>> = {
  vitest: ['vitest.mjs', 'run'],
  jest: ['bin/jest.js', '--runTestsByPath'],
  mocha: ['bin/mocha.js'],
};

function rootOf(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) return from;
  }
}

/** What package.json names. */
export function runnerOf(manifest: Readonly<Record<string, unknown>>): Runner {
  const text = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : '');
  const scripts = text(manifest['scripts']);
  const found = RUNNERS.filter((name) => name !== 'node' && new RegExp(`[" ]${name}\\b`).test(scripts));
  if (found[0]) return found[0];
  if (/node(?:\d+)? [^"]*--test/.test(scripts)) return 'node';
  const packages = { ...asObject(manifest['devDependencies']), ...asObject(manifest['dependencies']) };
  return RUNNERS.find((name) => name in packages) ?? 'node';
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(readFileSync(file, 'utf8'))) as Record<string, unknown>;
  } catch {
    return {};
  }
}
