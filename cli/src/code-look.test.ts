import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { http2In } from './code-look.ts';

let folder = '';

function look(files: Readonly<Record<string, string>>, ...command: readonly string[]): string | undefined {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-look-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return http2In(command, folder);
}

afterEach(() => removeFolder(folder));

const USES = `const http2 = require('node:http2'); http2.createServer();`;

test('a file that makes a server or a client of HTTP/2 is found through what imports it', () => {
  expect(look({ 'main.js': USES }, 'node', 'main.js')).toBe('main.js');
  expect(
    look({ 'a.ts': `export * from './lib';`, 'lib/index.ts': `import './b.js'`, 'lib/b.ts': USES }, 'node', 'a'),
  ).toBe('lib/b.ts');
  const start = JSON.stringify({ scripts: { start: 'node --import tsx main.mjs' } });
  const files = { 'package.json': start, 'main.mjs': `import http2 from "http2"; http2.connect('https://a')` };
  expect(look(files, 'npm', 'start')).toBe('main.mjs');
});

test('types, constants and packages are no use of it', () => {
  expect(
    look({ 'main.ts': `import type { Http2Server } from 'http2'; connect();` }, 'node', 'main.ts'),
  ).toBeUndefined();
  expect(look({ 'main.js': `const { constants } = require('http2');` }, 'node', 'main.js')).toBeUndefined();
  const files = { 'main.js': `require('a'); // 'http2'`, 'node_modules/a/index.js': USES };
  expect(look(files, 'node', 'main.js', 'absent.js')).toBeUndefined();
});
