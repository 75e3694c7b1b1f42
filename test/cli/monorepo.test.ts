/** A package of a monorepo whose tests fail by another of its packages. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { project, recordingOf, run } from './kit.ts';

vi.setConfig({ testTimeout: 120_000 });

const SHARE = `
  exports.share = (cents, people) => {
    const each = Math.floor(cents / people);
    return each * people;
  };
`;
const TESTS = `
  const { share } = require('@acme/money');
  const assert = require('node:assert');
  it('loses nothing', () => {
    const paid = share(1000, 3);
    assert.strictEqual(paid, 1000);
  });
`;

function monorepo(): string {
  const folder = project({
    'package.json': '{ "workspaces": ["packages/*"] }',
    'packages/app/package.json': '{ "name": "@acme/app", "dependencies": { "@acme/money": "*" } }',
    'packages/app/app.spec.js': TESTS,
    'packages/money/package.json': '{ "name": "@acme/money", "main": "index.js" }',
    'packages/money/index.js': SHARE,
  });
  mkdirSync(path.join(folder, 'node_modules/@acme'), { recursive: true });
  symlinkSync('../../packages/money', path.join(folder, 'node_modules/@acme/money'));
  symlinkSync(path.resolve(import.meta.dirname, '../../node_modules/mocha'), path.join(folder, 'node_modules/mocha'));
  return folder;
}

test('the other packages are recorded, explained and proved as its own code', () => {
  const folder = monorepo();
  const cwd = path.join(folder, 'packages/app');
  const mocha = ['../../node_modules/mocha/bin/mocha.js', 'app.spec.js'];
  const recording = recordingOf(run(cwd, 'record', '--', process.execPath, ...mocha));
  expect(run(cwd, 'why', recording).stdout).toContain('each * people');
  const money = path.join(folder, 'packages/money/index.js');
  writeFileSync(money, readFileSync(money, 'utf8').replace('each * people', 'cents'));
  expect(run(cwd, 'validate', recording)).toMatchObject({ status: 0 });
});
