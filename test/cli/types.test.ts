import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'cli/bin/hindcast.cjs');
const SOON_MS = 60_000;

function project(options: { readonly tsconfig: boolean }): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-types-'));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  write('package.json', '{ "name": "shapes" }');
  if (options.tsconfig) write('tsconfig.json', '{ "compilerOptions": { "target": "es2022", "strict": true } }');
  write(
    'shapes.ts',
    `export interface Shape { name: string; sides?: number }
export function area(shape: Shape, scale = 2): number {
  const labels = [shape.name];
  if (shape.sides) throw new Error(labels.join());
  return scale;
}
`,
  );
  write('main.ts', "import { area } from './shapes';\narea({ name: 'a' });\narea({ name: 'square', sides: 4 }, 3);\n");
  return folder;
}

function record(folder: string): string {
  return recorded(folder, process.execPath, path.join(root, 'node_modules/.bin/tsx'), 'main.ts');
}

function recorded(folder: string, ...program: readonly string[]): string {
  const command = [cli, 'record', '--out', path.join(folder, 'out'), '--', ...program];
  const { stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  return /^recording: (.*)$/m.exec(stderr)?.[1] ?? '';
}

const hasTypes = (recording: string): boolean =>
  readdirSync(path.join(recording, 'sites')).some((name) => name.includes('.types'));

test('what TypeScript knows of variables is there soon after a run, by the names of the original source', async () => {
  const folder = project({ tsconfig: true });
  const recording = record(folder);
  for (const since = Date.now(); !hasTypes(recording) && Date.now() - since < SOON_MS;) await sleep(200);
  await sleep(200);
  const { stdout } = spawnSync(process.execPath, [cli, 'state', recording, '--at', 'failure'], { encoding: 'utf8' });
  expect(stdout).toContain("shape: Shape = { name: 'square', sides: 4 }");
  expect(stdout).toContain('scale: number = 3');
  expect(stdout).toContain("labels: string[] = [ 'square' ]");
});

test('JavaScript has types where the project allows it', async () => {
  const main = 'const shapes = [{ sides: 4 }];\nthrow new Error(shapes.join());\n';
  const recordings = ['{}', '{ "compilerOptions": { "allowJs": true } }'].map((config) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-types-'));
    const files = { 'package.json': '{}', 'tsconfig.json': config, 'main.js': main };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return recorded(folder, process.execPath, 'main.js');
  });
  const [without = '', allowed = ''] = recordings;
  for (const since = Date.now(); !hasTypes(allowed) && Date.now() - since < SOON_MS;) await sleep(200);
  expect(hasTypes(allowed)).toBe(true);
  expect(hasTypes(without)).toBe(false);
});

test('a project without a tsconfig.json has no types, and nobody looks for them', async () => {
  const recording = record(project({ tsconfig: false }));
  await sleep(1500);
  expect(existsSync(recording)).toBe(true);
  expect(hasTypes(recording)).toBe(false);
});
