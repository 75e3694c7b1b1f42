/**
 * Every loader and runner: a fixture project gives the same exit code, stdout and stderr with and without recording, but
 * for Hindcast's last line, and a plain run afterwards finds no instrumented code in any cache.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { levelsInTurn, nodes } from '../support/nodes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const hindcast = path.join(root, 'cli/dist/hindcast.cjs');
const work = mkdtempSync(path.join(os.tmpdir(), 'hindcast-loaders-'));
const temporary = path.join(work, 'tmp');

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly command: string;
  /** oldest major of Node that can run it */
  readonly from?: number;
  /** the tool keeps what it compiled for the next run */
  readonly cached?: boolean;
  /** lines come in any order */
  readonly unordered?: boolean;
}

const bin = (tool: string): string => `node "${path.join(root, 'node_modules', '.bin', tool)}"`;
const TRANSFORM = 'node --no-warnings --experimental-transform-types';
const cases: readonly Case[] = [
  { name: 'node, CommonJS', folder: 'node-cjs', command: 'node main.js' },
  { name: 'an exception that nothing catches', folder: 'node-cjs', command: 'node throws.js' },
  { name: 'a rejection that nothing handles', folder: 'node-cjs', command: 'node rejects.js' },
  { name: 'a syntax error', folder: 'node-cjs', command: 'node broken.js' },
  { name: 'an assertion in a nested module', folder: 'node-cjs', command: 'node nested.js' },
  { name: 'stacks through functions without names', folder: 'node-cjs', command: 'node assigned.js' },
  { name: 'stacks of names that are not there', folder: 'node-cjs', command: 'node undefined-names.js' },
  { name: 'what for await and yield* cannot iterate', folder: 'node-cjs', command: 'node not-iterable.js' },
  { name: 'functions made of text', folder: 'node-cjs', command: 'node made-of-text.js' },
  { name: 'stacks through modules without functions', folder: 'node-cjs', command: 'node loads.js' },
  { name: 'stacks in what Node calls', folder: 'node-cjs', command: 'node callbacks.js', unordered: true },
  { name: 'a tool that reads as Node does', folder: 'node-cjs', command: 'node reads-by-handler.js' },
  { name: 'node, ES modules', folder: 'node-esm', command: 'node main.mjs' },
  { name: 'ES modules that are required', folder: 'node-esm', command: 'node requires.cjs' },
  { name: 'modules in data: URLs', folder: 'node-esm', command: 'node data-urls.mjs' },
  { name: 'names that CommonJS hands on', folder: 'node-esm', command: 'node handed-on.mjs' },
  { name: 'node, stripped TypeScript', folder: 'stripped-ts', command: 'node --no-warnings main.ts', from: 22 },
  { name: 'node, transformed TypeScript', folder: 'transformed-ts', command: `${TRANSFORM} main.ts`, from: 22 },
  { name: 'node, transformed CommonJS', folder: 'transformed-ts', command: `${TRANSFORM} common.ts`, from: 22 },
  { name: 'tsx, CommonJS', folder: 'tsx-cjs', command: `${bin('tsx')} main.ts`, cached: true },
  { name: 'tsx, ES modules', folder: 'tsx-esm', command: `${bin('tsx')} main.ts`, cached: true },
  { name: 'node --import tsx', folder: 'tsx-esm', command: 'node --import tsx main.ts' },
  { name: 'ts-node', folder: 'ts-node', command: `${bin('ts-node')} main.ts` },
  { name: 'node:test', folder: 'node-test', command: 'node --test --test-reporter=tap' },
  { name: 'mocha', folder: 'mocha', command: bin('mocha') },
  { name: 'jest in one process', folder: 'jest', command: `${bin('jest')} --ci -i`, cached: true },
  { name: 'jest in child processes', folder: 'jest', command: `${bin('jest')} --ci -w 2`, unordered: true },
  { name: 'ts-jest', folder: 'ts-jest', command: `${bin('jest')} --ci -i`, cached: true },
  { name: 'vitest, threads', folder: 'vitest', command: `${bin('vitest')} run --pool threads`, cached: true },
  { name: 'vitest, forks', folder: 'vitest', command: `${bin('vitest')} run --pool forks` },
  { name: 'an npm script', folder: 'npm-script', command: 'npm start' },
  { name: 'npx', folder: 'npx', command: 'npx --no-install . one two' },
  { name: 'worker threads', folder: 'workers', command: 'node main.js' },
  { name: 'fork, spawn and exec', folder: 'children', command: 'node main.js' },
];

beforeAll(() => {
  cpSync(path.join(root, 'test/fixtures/loaders'), work, { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(work, 'node_modules'), 'dir');
  cpSync(path.join(work, 'npx/package.json'), path.join(temporary, 'package.json'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(node: string, { folder, command, unordered }: Case, prefix: readonly string[]): Outcome {
  const [program, ...args] = [...prefix, 'sh', '-c', command];
  const { status, stdout, stderr } = spawnSync(program!, args, {
    cwd: path.join(work, folder),
    encoding: 'utf8',
    timeout: 120_000,
    env: {
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
      HOME: process.env.HOME ?? work,
      TMPDIR: temporary,
      CI: 'true',
      npm_config_update_notifier: 'false',
    },
  });
  const order = (text: string): string => (unordered ? text.split('\n').filter(Boolean).sort().join('\n') : text);
  return { status, stdout: order(timeless(stdout)), stderr: order(timeless(stderr)) };
}

/** Times differ from run to run with or without Hindcast. */
function timeless(text: string): string {
  return (
    text
      .replace(/^recording: .*\n/gm, '')
      .replace(/duration_ms:? [\d.]+/g, 'duration_ms')
      .replace(/"(?:startTime|endTime|duration)":[\d.]+/g, '')
      .replace(/\((?:[\d.]+ m?s)\)|\b[\d.]+ ?ms\b/g, '')
      // jest on a busy machine
      .replace(/^A worker process has failed to exit gracefully.*\n/gm, '')
      .replace(/^(Time:|Duration).*$/gm, '$1')
      .replace(/[ \t]+$/gm, '')
  );
}

const installed = nodes().map((node) => ({ ...node, major: Number.parseInt(node.version, 10) }));

describe.each(installed)('Node $version', ({ file, version, major }) => {
  const able = (from: number) => installed.filter((node) => node.major >= from);
  const levelsOf = (given: Case): readonly string[] => {
    const those = able(given.from ?? 0);
    const place = those.findIndex((node) => node.version === version);
    return levelsInTurn(cases.indexOf(given), place, those.length);
  };
  const record = (level: string, name: string): readonly string[] => [
    process.execPath,
    hindcast,
    'record',
    '--level',
    level,
    '--out',
    path.join(work, 'recordings', `${version}-${level}-${name.replace(/\W+/g, '-')}`),
    '--',
  ];
  const runnable = cases.filter(({ from = 0 }) => major >= from);

  test.each(runnable)('$name', { timeout: 240_000 }, (given) => {
    const plain = run(file, given, []);
    for (const level of levelsOf(given)) expect(run(file, given, record(level, given.name)), level).toEqual(plain);
    if (given.cached) expect(run(file, given, [])).toEqual(plain);
  });
});

test('no instrumented code is left in any cache of the tools', () => {
  const left = [work, temporary].flatMap(filesBelow).filter((file) => readFileSync(file, 'latin1').includes('__hcA'));
  expect(left).toEqual([]);
});

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.name === 'node_modules' || entry.name === 'recordings') return [];
    if (entry.isDirectory()) return filesBelow(file);
    return entry.isFile() && statSync(file).size < 50e6 ? [file] : [];
  });
}
