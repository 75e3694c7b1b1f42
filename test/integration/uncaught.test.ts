import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(root, 'test/fixtures/uncaught');
const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-uncaught-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function run(...args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: fixtures, encoding: 'utf8' });
  return { status, stderr: stderr.replace(/^recording: .*\n/m, '') };
}

describe('an error that ends the program is printed as it would be without recording', () => {
  test.each(readdirSync(fixtures))('%s', (file) => {
    const recorded = run(
      path.join(root, 'cli/bin/hindcast.cjs'),
      'record',
      '--out',
      path.join(out, file),
      '--',
      process.execPath,
      file,
    );
    expect(recorded).toEqual(run(file));
  });
});
