/** Nothing of a folder stays in which a program that sees it vanish writes until then. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { removeFolder } from '../../scripts/remove-folder.ts';

/** Writes for a second, wherever it still can. */
const WRITES = `
  const { writeFileSync } = require('node:fs');
  process.stdout.write('ready');
  for (const end = Date.now() + 1000, i = [0]; Date.now() < end; i[0]++) {
    try { writeFileSync('cache/code/' + i[0], ''); } catch {}
  }
`;

test('a folder is removed although somebody writes into it meanwhile', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hindcast-removed-'));
  mkdirSync(path.join(folder, 'cache/code'), { recursive: true });
  const writer = spawn(process.execPath, ['-e', WRITES], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(writer, 'close');
  await once(writer.stdout, 'data');
  await setTimeout(200);
  removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
  await ended;
});

test('a folder that is not there is no error', () => {
  removeFolder(path.join(tmpdir(), 'hindcast-never-there'));
});
