import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { KillTrials } from './rollouts/kills.ts';

const root = path.join(import.meta.dirname, '../..');

test('a daemon killed in a rollout comes back to the last good configuration', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-rollouts-'));
  try {
    await using trials = await KillTrials.begin(root, folder);
    // Before and after the canary starts, takes requests, is promoted, and is sent back; `proof:rollouts` has them all.
    const moments = [
      ['good', 3],
      ['good', 8],
      ['good', 17],
      ['failing', 9],
      ['ending', 11],
    ] as const;
    for (const [canary, write] of moments) {
      expect(await trials.kill(canary, { write })).toMatchObject({ canary, problems: [] });
    }
    expect(await trials.kill('good', { write: 1_000 }), 'it is promoted when nobody kills it').toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
