/** A run that goes the same way with other values is told: a sample of them is compared. */
import { expect, test, vi } from 'vitest';
import { nodes } from '../support/nodes.ts';
import { Program } from '../rerun/program.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Answer {
  readonly ticks: number;
  readonly verified: number;
  readonly divergences: readonly { readonly what: string }[];
}

async function executed(node: string, files: Readonly<Record<string, string>>): Promise<Answer> {
  const program = new Program(files);
  await program.hindcast(['record', '--level', 'light', '--', node, 'main.js']);
  return JSON.parse((await program.hindcast(['materialise', '--again', '--json'])).stdout) as Answer;
}

const measured = (value: string): string => `
  const v8 = require('node:v8');
  function look() { return ${value}; }
  setTimeout(() => { const size = look(); globalThis.kept = { size }; }, 1);
`;

for (const { version, file } of nodes()) {
  test(`what nobody records, the size of the heap, is another value in an equal tick: Node ${version}`, async () => {
    const { ticks, verified, divergences } = await executed(file, {
      'main.js': measured('v8.getHeapStatistics().used_heap_size'),
    });
    expect({ ticks, verified }).toEqual({ ticks: 2, verified: 1 });
    expect(divergences[0]?.what).toContain('other values were computed');
  });

  test(`what is recorded comes out the same: Node ${version}`, async () => {
    const { ticks, verified, divergences } = await executed(file, {
      'main.js': measured('Math.random() + Date.now()'),
    });
    expect({ ticks, verified, divergences }).toEqual({ ticks: 2, verified: 2, divergences: [] });
  });
}
