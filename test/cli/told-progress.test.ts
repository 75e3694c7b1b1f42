/** What a person at a terminal is told while a long recording is read. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hindcast, project, recordingOf, run } from './kit.ts';

test('a terminal is told how far a long recording is read, and a pipe is not', { timeout: 120_000 }, () => {
  const folder = project({
    'program.js': 'const a = [0];\nfor (let i = 0; i < 6_000_000; i++) a[0] = a[0] + i;\nthrow new Error("stop");',
  });
  const recording = recordingOf(run(folder, 'record', '--', process.execPath, 'program.js'));
  // with its index it would not be read whole
  const copy = path.join(folder, 'copy');
  cpSync(recording, copy, { recursive: true, filter: (source) => path.basename(source) !== 'index' });
  const terminal = spawnSync('script', ['-qec', `${process.execPath} ${hindcast} info ${copy}`, '/dev/null'], {
    cwd: folder,
  });
  const shown = String(terminal.stdout);
  expect(shown).toMatch(/Reading the recording… \d+ %/);
  expect(shown.slice(shown.lastIndexOf('\r\u001b[K'))).toContain('Error: stop');
  expect(run(folder, 'info', copy).stderr).toBe('');
});
