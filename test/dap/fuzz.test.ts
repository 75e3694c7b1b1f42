/** A small part of `npm run proof:fuzz`. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { capableNode } from '../../cli/src/installation.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const reader = capableNode(import.meta.dirname);

// what it looks at is read in its own process, which needs zstd
test.skipIf(reader === undefined)(
  'damaged recordings and nonsense requests end in answers that the protocol allows',
  () => {
    const args = ['scripts/run.mjs', 'test/dap/proof.ts', '--recordings=45', '--sequences=90', '--seed=20260'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^45 damaged recordings: .*, 0 faults/m);
    expect(stdout).toMatch(/^90 sequences of requests: .*, 0 faults/m);
    expect(status).toBe(0);
  },
);
