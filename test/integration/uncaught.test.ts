import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nodes } from '../support/nodes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(root, 'test/fixtures/uncaught');
const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-uncaught-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function run(node: string, ...args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(node, args, { cwd: fixtures, encoding: 'utf8' });
  return { status, stderr: stderr.replace(/^recording: .*\n/m, '') };
}

describe.each(nodes())('Node $version prints an error that ends the program as without recording', ({ file: node }) => {
  test.each(readdirSync(fixtures))('%s', (file) => {
    const recorded = run(
      process.execPath,
      path.join(root, 'cli/bin/hindcast.cjs'),
      'record',
      '--out',
      path.join(out, file),
      '--',
      node,
      file,
    );
    expect(recorded).toEqual(run(node, file));
  });
});
