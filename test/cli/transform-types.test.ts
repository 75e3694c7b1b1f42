import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { project, run } from './kit.ts';

const root = path.resolve(import.meta.dirname, '../..');
const nodes = ['node22', 'node24'].map((name) => path.join(root, 'node_modules', name, 'bin/node')).filter(existsSync);

test.each(nodes)('namespaces and enums that Node transforms are recorded: %s', (node) => {
  const folder = project({
    'program.ts': [
      'let total = 1;',
      'enum Step { One = 1, Ten = One * 10 }',
      'namespace Ledger { total++; export function add(n: number): number { total += n; return total; } }',
      'Ledger.add(Step.Ten);',
      'throw new Error(`total ${total}`);',
    ].join('\n'),
  });
  expect(run(folder, 'record', '--', node, '--experimental-transform-types', 'program.ts').status).toBe(1);
  const { stdout } = run(folder, 'state', '--at', 'failure');
  expect(stdout).toContain('total = 12');
  expect(stdout).toContain('Ledger = { add: ƒ add }');
  expect(run(folder, 'info').stdout).not.toContain('degraded');
});
