import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makePackage, removePackages } from '../package-kit.ts';
import type { Project, RunnerName } from '../test-model.ts';
import { projectsOf } from './detect-runners.ts';
import { listTests } from './list-tests.ts';
import { readPackage } from './packages.ts';

afterEach(removePackages);

function projectIn(root: string, runner: RunnerName): Project {
  const found = readPackage(root);
  const project = found && projectsOf(found).find((each) => each.runner === runner);
  if (!project) throw new Error(`no project of ${runner}`);
  return project;
}

/** The files that a runner lists, relative. */
async function check(runner: RunnerName, root: string, expected: readonly string[]): Promise<void> {
  const { files, problem } = await listTests(projectIn(root, runner));
  expect(problem).toBeUndefined();
  expect(files.map((file) => path.relative(root, file))).toEqual(expected);
}

it('vitest says which files it runs, by its own configuration', async () => {
  const root = makePackage(
    { type: 'module', scripts: { test: 'vitest run -c unit.config.js' } },
    {
      'unit.config.js': `console.log('[noise]'); export default { test: { include: ['src/**/*.check.ts'] } };`,
      'src/a.check.ts': '',
      'src/deep/b.check.ts': '',
      'src/c.test.ts': '',
    },
  );
  await check('vitest', root, ['src/a.check.ts', 'src/deep/b.check.ts']);
});

it('jest says which files it runs', async () => {
  const root = makePackage({ jest: { testMatch: ['**/*.check.js'] } }, { 'a.check.js': '', 'b.test.js': '' });
  await check('jest', root, ['a.check.js']);
});

it('mocha says which files it loads, without loading them', async () => {
  const root = makePackage(
    { scripts: { test: 'mocha --recursive checks' } },
    {
      '.mocharc.json': JSON.stringify({ ignore: ['checks/skipped.js'] }),
      'checks/a.js': 'throw new Error()',
      'checks/deep/b.js': '',
      'checks/skipped.js': '',
    },
  );
  await check('mocha', root, ['checks/a.js', 'checks/deep/b.js']);
});

it('of node:test are the files with names that Node looks for, or that the script names', async () => {
  const head = `require('node:test');`;
  const files = {
    'a.test.js': head,
    'test/deep/b.cjs': head,
    'test-c.mjs': `import 'node:test'`,
    'd_test.ts': `import 'node:test'`,
    'test/helper.js': '',
    'src/e.js': head,
    'testing.js': head,
  };
  await check('node', makePackage({ scripts: { test: 'node --test' } }, files), [
    'a.test.js',
    'd_test.ts',
    'test-c.mjs',
    'test/deep/b.cjs',
  ]);
  await check('node', makePackage({ scripts: { test: 'node --test "src/**/*.js"' } }, files), ['src/e.js']);
});

it('where a runner cannot list them, names decide, and its words are kept', async () => {
  const files = { 'a.test.js': '', 'src/b.spec.ts': '', 'tests/c.js': '', 'src/d.js': '', 'tests/types.d.ts': '' };
  const byName = ['a.test.js', 'src/b.spec.ts', 'tests/c.js'];
  const broken = makePackage(
    { type: 'module', scripts: { test: 'vitest' } },
    { ...files, 'vitest.config.js': `throw new Error('out of order')` },
  );
  const listing = await listTests(projectIn(broken, 'vitest'));
  expect(listing.files.map((file) => path.relative(broken, file))).toEqual(byName);
  expect(listing.problem).toContain('out of order');

  const missing = makePackage({ scripts: { test: 'jest' } }, files, []);
  const { problem } = await listTests(projectIn(missing, 'jest'));
  expect(problem).toMatch(/^jest is not installed: install the packages first/);
});

it('stops when nobody waits for it any more', async () => {
  const root = makePackage(
    { type: 'module', scripts: { test: 'vitest' } },
    { 'vitest.config.js': 'await new Promise((resolve) => setTimeout(resolve, 60_000)); export default {}' },
  );
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 500);
  await expect(listTests(projectIn(root, 'vitest'), controller.signal)).rejects.toThrow();
});
