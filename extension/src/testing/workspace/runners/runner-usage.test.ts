import { expect, it } from 'vitest';
import { usageInScripts } from './runner-usage.ts';
import type { RunnerName, RunnerUsage } from '../test-model.ts';

function check(runner: RunnerName, test: string, expected: Partial<RunnerUsage> | undefined): void {
  const usage = usageInScripts({ test }, runner);
  expect(usage).toEqual(expected && { env: {}, nodeArgs: [], args: [], patterns: [], ...expected });
}

it('keeps what tests need, and drops what picks tests or changes the output', () => {
  check('vitest', 'vitest run --config vitest.unit.ts --reporter dot --coverage src', {
    args: ['--config', 'vitest.unit.ts'],
    patterns: ['src'],
  });
  check('mocha', `mocha -r ts-node/register --reporter dot -t 5000 'test/**/*.spec.ts' --exit`, {
    args: ['-r', 'ts-node/register', '-t', '5000', '--exit'],
    patterns: ['test/**/*.spec.ts'],
  });
  check('node', `node --import tsx --test --test-reporter=spec --watch "src/**/*.test.ts"`, {
    nodeArgs: ['--import', 'tsx'],
    patterns: ['src/**/*.test.ts'],
  });
  check('node', 'tsx --test', { nodeArgs: ['--import', 'tsx'] });
  check('node', 'node --experimental-strip-types --no-warnings --test', {
    nodeArgs: ['--experimental-strip-types', '--no-warnings'],
  });
});

it('looks behind wrappers and through other commands of the script', () => {
  check('jest', 'npm run build && cross-env NODE_OPTIONS=--experimental-vm-modules npx jest --ci', {
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  });
  check('jest', 'node --experimental-vm-modules node_modules/jest/bin/jest.js -c jest.json', {
    nodeArgs: ['--experimental-vm-modules'],
    args: ['-c', 'jest.json'],
  });
  check('mocha', 'TZ=UTC c8 --all mocha', { env: { TZ: 'UTC' } });
  check('node', 'node server.js', undefined);
  check('vitest', 'jest', undefined);
});

it('prefers the script that is named test', () => {
  const scripts = { 'test:e2e': 'vitest -c e2e.ts', watch: 'vitest -c watch.ts', test: 'vitest -c unit.ts' };
  expect(usageInScripts(scripts, 'vitest')?.args).toEqual(['-c', 'unit.ts']);
});
