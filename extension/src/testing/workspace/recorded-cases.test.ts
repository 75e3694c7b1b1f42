/** The cases that recordings of the real runners hold are found in the source. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { testsOfCases, type RanCase } from './case-results.ts';
import { testCommands } from './commands/test-commands.ts';
import { makePackage, removePackages } from './package-kit.ts';
import { projectOf } from './runners/detect-runners.ts';
import { parseTests } from './source/parse-tests.ts';

const hindcast = path.resolve(import.meta.dirname, '../../../../cli/dist/hindcast.cjs');

afterEach(removePackages);

interface RecordedCase extends RanCase {
  readonly outcome: string;
}

/** Records a file, and gives the test of each case with its outcome. */
async function record(root: string, name: string): Promise<readonly string[]> {
  const file = path.join(root, name);
  const { tests, framework } = parseTests(file, readFileSync(file, 'utf8'));
  const project = projectOf(file, framework);
  if (!project) throw new Error('no project');
  const parse = () => ({ tests, framework });
  const selection = { project, tests: [{ file, ids: [] }] };
  const [made] = await testCommands(selection, { parse, siblings: [], node: { major: 20, minor: 0 } });
  const { NODE_OPTIONS: _o, VITEST: _v, NODE_ENV: _n, ...env } = process.env;
  for (const key of Object.keys(env)) if (/^(?:VITEST|TINYPOOL|JEST)_/.test(key)) delete env[key];
  const run = (...args: readonly string[]): string =>
    spawnSync(process.execPath, [hindcast, ...args], { cwd: root, env: { ...env, ...made?.env }, encoding: 'utf8' })
      .stdout;
  run('record', '--', ...(made?.command ?? []));
  const { cases } = JSON.parse(run('info', '--json')) as { readonly cases: readonly RecordedCase[] };
  return testsOfCases(cases, [{ file, runner: project.runner, tests }]).map(({ reference, label, found }) =>
    [reference.ids.join('/'), label, found.outcome].filter(Boolean).join(' | '),
  );
}

const TESTS = `
describe('cart', () => {
  it('adds', () => {});
  describe('total', () => { it('adds', () => {}); it('throws', () => { throw new Error('no'); }); });
});
it('adds', () => {});
it.skip('is left out', () => {});
`;
const OUTCOMES = [
  'adds | passed',
  'cart/adds | passed',
  'cart/total/adds | passed',
  'cart/total/throws | failed',
  'is left out | skipped',
];
const TABLES = `
describe.each([[1]])('suite %i', () => { it.each\`\n a\n \${2}\n\`('is $a', () => {}) });
for (const name of ['x', 'y']) it(\`of \${name}\`, () => {});
`;
const ROWS = ['of ${name} | of x | passed', 'of ${name} | of y | passed', 'suite %i/is $a | suite 1 is 2 | passed'];

async function check(root: string, file: string, expected: readonly string[]): Promise<void> {
  expect((await record(root, file)).toSorted()).toEqual(expected);
}

describe.skipIf(!existsSync(hindcast))('recorded cases', () => {
  it('of vitest', async () => {
    const text = `import { describe, it } from 'vitest';${TESTS}${TABLES}`;
    await check(makePackage({ type: 'module' }, { 'a.test.ts': text }), 'a.test.ts', [...OUTCOMES, ...ROWS].sort());
  });

  it('of jest', async () => {
    const root = makePackage({ jest: { transform: {} } }, { 'a.test.js': TESTS + TABLES });
    await check(root, 'a.test.js', [...OUTCOMES, ...ROWS].sort());
  });

  it('of mocha', async () => {
    const hook = `describe('set up', () => { before(() => { throw new Error('no'); }); it('never', () => {}) });`;
    const root = makePackage({ scripts: { test: 'mocha' } }, { 'a.test.js': TESTS + hook });
    const expected = [...OUTCOMES, 'set up "before all" hook for "never" | failed'].sort();
    await check(root, 'a.test.js', expected);
  });

  it('of node:test', async () => {
    const subtests = `it('outer', async (t) => { await t.test('inner', () => {}); });`;
    const root = makePackage({}, { 'a.test.js': `const { describe, it } = require('node:test');${TESTS}${subtests}` });
    await check(root, 'a.test.js', [...OUTCOMES, 'outer | passed', 'outer/inner | passed'].sort());
  });
});
