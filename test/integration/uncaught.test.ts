import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { project, recordingOf, run as hindcast } from '../cli/kit.ts';
import { levelsInTurn, nodes } from '../support/nodes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(root, 'test/fixtures/uncaught');
const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-uncaught-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function run(node: string, ...args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(node, args, { cwd: fixtures, encoding: 'utf8' });
  return { status, stderr: stderr.replace(/^recording: .*\n/m, '') };
}

const installed = nodes().map((node, place) => ({ ...node, place }));
describe.each(installed)('Node $version prints an error that ends the program as plain', ({ file: node, place }) => {
  const cases = readdirSync(fixtures).flatMap((file, at) =>
    levelsInTurn(at, place, installed.length).map((level) => [file, level] as const),
  );
  test.each(cases)('%s at level %s', (file, level) => {
    const recorded = run(
      process.execPath,
      path.join(root, 'cli/bin/hindcast.cjs'),
      'record',
      '--level',
      level,
      '--out',
      path.join(out, file),
      '--',
      node,
      file,
    );
    expect(recorded).toEqual(run(node, file));
  });
});

test('the stack of an error that ends the program has its text, however long that takes', () => {
  const folder = project({
    'late.js': `
      Error.prepareStackTrace = (error) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
        return error + '\\n    at nowhere';
      };
      throw new Error('late');`,
  });
  const recording = recordingOf(hindcast(folder, 'record', '--', process.execPath, 'late.js'));
  expect(hindcast(folder, 'events', recording, '--limit', '0').stdout).toContain('at nowhere');
});

test.each(['full', 'light'])('what a dependency throws is shown where it throws it, at level %s', (level) => {
  const folder = project({
    'node_modules/lost/index.js': `
      exports.find = (tries) => {
        const error = new Error('not found: '
          + tries.join());
        error.tries = tries;
        throw error;
      };`,
    'main.js': "require('lost').find([1, 2]);",
  });
  const { stderr } = hindcast(folder, 'record', '--level', level, '--', process.execPath, 'main.js');
  const plain = spawnSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' }).stderr;
  expect(plain).toContain('throw error;');
  expect(stderr.replace(/^recording: .*\n/m, '')).toBe(plain);
});

test.each(['full', 'light'])('what a module imports in vain is shown as it is written, at level %s', (level) => {
  const folder = project({
    'main.mjs': "import './lib.mjs';\nexport { lost } from './lib.mjs';\n",
    'lib.mjs': 'export const kept = 1;\n',
  });
  const { stderr } = hindcast(folder, 'record', '--level', level, '--', process.execPath, 'main.mjs');
  const plain = spawnSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' }).stderr;
  expect(plain).toContain("export { lost } from './lib.mjs';\n");
  expect(stderr.replace(/^recording: .*\n/m, '')).toBe(plain);
});

const stripping = nodes().filter(({ version }) => Number.parseInt(version.replace('v', ''), 10) >= 24);
test.runIf(stripping.length > 0)('TypeScript that Node refuses is shown as it is written', () => {
  const [{ file: node } = { file: '' }] = stripping;
  const refused = [
    'function f(a: number) { return a; } enum E { A, B } f(E.A);',
    'function f(a: number) { return a; } namespace N { export const x = 1; } f(N.x);',
    'class K { constructor(private x: number) { this.x++; } } new K(1);',
  ];
  for (const text of refused) {
    const folder = project({ 'main.ts': text });
    const { stderr } = hindcast(folder, 'record', '--', node, 'main.ts');
    expect(stderr).toContain('ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX');
    expect(stderr).toContain(`\n${text}\n`);
    expect(stderr).not.toContain('__hc');
  }
});
