import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { makePackage, removePackages, writeFiles } from '../package-kit.ts';
import type { Project, RunnerName } from '../test-model.ts';
import { projectOf } from './detect-runners.ts';
import { findProjects } from './find-projects.ts';

afterEach(removePackages);

function shown(root: string, project: Project | undefined): string {
  return project ? `${project.runner} in ${path.relative(root, project.folder) || '.'}` : 'none';
}

async function check(
  packageJson: object,
  files: Readonly<Record<string, string>>,
  expected: readonly string[],
): Promise<void> {
  const root = makePackage(packageJson, files);
  expect((await findProjects(root)).map((project) => shown(root, project))).toEqual(expected);
}

it('scripts, configuration files and keys of package.json name runners', async () => {
  await check({ scripts: { test: 'npm run build && vitest run' } }, {}, ['vitest in .']);
  await check({}, { 'jest.config.ts': '' }, ['jest in .']);
  await check({ jest: {} }, {}, ['jest in .']);
  await check({}, { '.mocharc.yml': '' }, ['mocha in .']);
  await check({ scripts: { unit: 'vitest', e2e: 'mocha out' } }, {}, ['vitest in .', 'mocha in .']);
});

it('a dependency counts where nothing else is said', async () => {
  await check({ devDependencies: { mocha: '*' } }, {}, ['mocha in .']);
  await check({ devDependencies: { mocha: '*', vitest: '*' }, scripts: { test: 'vitest' } }, {}, ['vitest in .']);
});

it('tests of node:test need nothing', async () => {
  await check({}, { 'a.test.js': `require('node:test')` }, ['node in .']);
  await check({}, { 'a.test.js': '' }, []);
});

it('each package of a repository counts, and none below node_modules', async () => {
  await check(
    { devDependencies: { vitest: '*' } },
    {
      'packages/a/package.json': '{"scripts":{"test":"node --test"}}',
      'packages/b/package.json': '{}',
      'packages/c/package.json': 'no JSON',
      'node_modules/d/package.json': '{"jest":{}}',
    },
    ['vitest in .', 'node in packages/a'],
  );
});

it('a file belongs to the nearest package with its runner; what it imports decides', () => {
  const root = makePackage(
    { devDependencies: { vitest: '*' }, scripts: { test: 'vitest' } },
    { 'packages/a/package.json': '{"scripts":{"test":"mocha"}}', 'packages/b/package.json': '{}' },
  );
  const of = (file: string, framework?: RunnerName): string => shown(root, projectOf(path.join(root, file), framework));
  expect(of('packages/a/x.test.js')).toBe('mocha in packages/a');
  expect(of('packages/a/x.test.js', 'vitest')).toBe('vitest in .');
  expect(of('packages/a/x.test.js', 'node')).toBe('node in packages/a');
  expect(of('packages/b/x.test.js')).toBe('vitest in .');
  expect(of('packages/b/deep/x.test.js', 'vitest')).toBe('vitest in .');
});

it('a folder inside a package has that package’s project', async () => {
  const root = makePackage({ scripts: { test: 'vitest' } }, {});
  writeFiles(root, { 'src/a.test.ts': '' });
  expect((await findProjects(path.join(root, 'src'))).map((project) => shown(root, project))).toEqual(['vitest in .']);
});
