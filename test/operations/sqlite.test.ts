import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { capableNode } from '../../cli/src/installation.ts';

const root = path.join(import.meta.dirname, '../..');

test('what needs SQLite passes on a Node that has it', { timeout: 300_000 }, () => {
  const node = capableNode(import.meta.dirname);
  expect(node, 'there is no Node 22.15 or newer beside this one').toBeDefined();
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const run = spawnSync(String(node), [vitest, 'run', '--config', 'vitest.sqlite.config.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, VITEST: '', NODE_ENV: '' },
  });
  expect(run.status, run.stdout + run.stderr).toBe(0);
});
