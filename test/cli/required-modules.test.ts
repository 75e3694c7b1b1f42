/** ES modules that CommonJS requires, as mocha does from version 12 on with files of tests. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { nodes } from '../support/nodes.ts';
import { json, project, recordingOf, run } from './kit.ts';

vi.setConfig({ testTimeout: 180_000 });

const SETUP = `
  import assert from 'node:assert/strict';
  export const mochaHooks = { beforeEach() { this.equal = assert.equal; } };
`;
const TESTS = `import { total } from '../src/total.js';
describe('an order', function () {
  it('has a total', async function () {
    await null;
    const sum = total([1, 2, 3]);
    this.equal(sum, 6);
  });
});
`;

interface Info {
  readonly failures: readonly { readonly path: string; readonly line: number }[];
  readonly cases: readonly { readonly name: string; readonly outcome: string }[];
  readonly ledger: readonly unknown[];
}

describe.each(nodes())('Node $version', ({ file: node }) => {
  test('tests of mocha in ES modules have their case, are stood in, and a fix in what they import is proved', () => {
    const cwd = project({
      'package.json': '{ "type": "module" }',
      'src/total.js': 'export const total = (list) => list.slice(1).reduce((sum, each) => sum + each, 0);\n',
      'test/setup.js': SETUP,
      'test/order.spec.js': TESTS,
    });
    symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), path.join(cwd, 'node_modules'));
    const mocha = ['node_modules/mocha/bin/mocha.js', '--require', 'test/setup.js', 'test/order.spec.js'];
    const recording = recordingOf(run(cwd, 'record', '--', node, ...mocha));
    const info = json<Info>(run(cwd, 'info', recording, '--json'));
    expect(info.cases).toMatchObject([{ name: 'an order has a total', outcome: 'failed' }]);
    expect(run(cwd, 'info', recording).stdout).toContain('order.spec.js:6');
    const total = path.join(cwd, 'src/total.js');
    writeFileSync(total, readFileSync(total, 'utf8').replace('.slice(1)', ''));
    expect(run(cwd, 'validate', recording)).toMatchObject({ status: 0 });
  });
});
