/** Each command is run by the real runner; tests write their names, so that what ran is seen. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePackage, removePackages, writeFiles } from '../package-kit.ts';
import { projectOf } from '../runners/detect-runners.ts';
import { listTests } from '../runners/list-tests.ts';
import { askNodeVersion } from '../runners/node-version.ts';
import { parseTests } from '../source/parse-tests.ts';
import type { Listing } from '../test-model.ts';
import { testCommands } from './test-commands.ts';

let root = '';
/** what follows is the name of a row */
const ROW = '\u0002';
/** what each runner listed, asked once a package */
const listings = new Map<string, Listing>();

afterEach(removePackages);

/** A package with the repository's runners. `log` is there in every file. */
function makeLogging(packageJson: object, files: Readonly<Record<string, string>>): void {
  listings.clear();
  root = makePackage(packageJson, {});
  const head =
    'type' in packageJson
      ? `import { appendFileSync as put } from 'node:fs';`
      : `const { appendFileSync: put } = require('node:fs');`;
  const log = `const log = (name) => () => put(${JSON.stringify(path.join(root, 'ran.log'))}, name + '\\n');`;
  const isTest = (name: string): boolean => /test\.[cm]?[jt]s$|spec\./.test(name);
  const texts = Object.entries(files).map(([name, text]) => [name, isTest(name) ? `${head} ${log}\n${text}` : text]);
  writeFiles(root, Object.fromEntries(texts) as Record<string, string>);
}

/** Runs what one reference (file, then names) or several mean, and gives what ran, in order. */
async function run(...wanted: readonly (readonly string[])[]): Promise<readonly string[]> {
  const log = path.join(root, 'ran.log');
  rmSync(log, { force: true });
  const [[first = 'package.json'] = []] = wanted;
  const parse = (file: string) => parseTests(file, readFileSync(file, 'utf8'));
  const start = path.join(root, first);
  const project = projectOf(start, first === 'package.json' ? undefined : parse(start).framework);
  if (!project) throw new Error('no project');
  const tests = wanted.map(([file = '', ...names]) => {
    const at = names.indexOf(ROW);
    const [ids, row] = at < 0 ? [names, undefined] : [names.slice(0, at), names[at + 1]];
    return { file: path.join(root, file), ids, ...(row === undefined ? {} : { row }) };
  });
  const listing = listings.get(project.runner) ?? (await listTests(project));
  listings.set(project.runner, listing);
  const { files: siblings, problem } = listing;
  expect(problem).toBeUndefined();
  const node = await askNodeVersion(root);
  const commands = await testCommands({ project, ...(tests.length > 0 ? { tests } : {}) }, { parse, siblings, node });
  for (const { command, cwd, env } of commands) {
    const [, ...args] = command;
    const { NODE_OPTIONS: _o, VITEST: _v, NODE_ENV: _n, ...own } = process.env;
    for (const name of Object.keys(own)) if (/^(?:VITEST|TINYPOOL|JEST)_/.test(name)) delete own[name];
    const done = spawnSync('node', args, {
      cwd,
      env: { ...own, ...env },
      encoding: 'utf8',
    });
    if (!existsSync(log)) throw new Error(`${command.join(' ')}\n${done.stdout}${done.stderr}`);
  }
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

const NESTED = `
describe('cart', () => {
  it('adds', log('cart adds'));
  it('adds up', log('cart adds up'));
  describe('total', () => { it('adds', log('cart total adds')); it('is $5 (net) [x] / "a"', log('special')); });
});
describe('cart total', () => { it('is zero', log('cart total: is zero')); });
it('adds', log('adds'));
it.each([[1], [2]])('row %i', (n) => log('row ' + n)());
`;
const LOOKALIKES = `it('adds', log('other file adds'));`;

/** What vitest, jest and mocha do alike; mocha has no tables. */
function runsExactly(make: () => void, file: string, other: string, tables = true): void {
  it('runs one test', async () => {
    make();
    expect(await run([file, 'cart', 'adds'])).toEqual(['cart adds']);
    expect(await run([file, 'adds'])).toEqual(['adds']);
    expect(await run([file, 'cart', 'total', 'is $5 (net) [x] / "a"'])).toEqual(['special']);
  });

  it('runs a suite, and several tests', async () => {
    make();
    expect(await run([file, 'cart'])).toEqual(['cart adds', 'cart adds up', 'cart total adds', 'special']);
    expect(await run([file, 'cart', 'total'])).toEqual(['cart total adds', 'special']);
    const two = await run([file, 'cart', 'adds'], [file, 'cart', 'total', 'adds']);
    expect(two).toEqual(['cart adds', 'cart total adds']);
  });

  it.skipIf(!tables)('runs a table, and one row of it', async () => {
    make();
    expect(await run([file, 'row %i'])).toEqual(['row 1', 'row 2']);
    expect(await run([file, 'row %i', ROW, 'row 2'])).toEqual(['row 2']);
  });

  it('runs files, and all', async () => {
    make();
    expect(await run([other])).toEqual(['other file adds']);
    expect(await run([file], [other])).toHaveLength(tables ? 9 : 7);
    expect(await run()).toHaveLength(tables ? 9 : 7);
  });
}

describe('vitest', () => {
  const head = `import { describe, it } from 'vitest';\n`;
  const make = (): void =>
    makeLogging(
      { type: 'module', scripts: { test: 'vitest run' } },
      { 'a.test.ts': head + NESTED, 'sub/a.test.ts': head + LOOKALIKES },
    );
  runsExactly(make, 'a.test.ts', 'sub/a.test.ts');

  it('uses the configuration that the script names', async () => {
    makeLogging(
      { type: 'module', scripts: { test: 'vitest run -c unit.config.mjs --reporter=dot' } },
      {
        'unit.config.mjs': `export default { test: { globals: true, include: ['**/*.spec.js'] } }`,
        'a.spec.js': `it('a', log('a')); it('b', log('b'))`,
      },
    );
    expect(await run(['a.spec.js', 'b'])).toEqual(['b']);
  });
});

describe('jest', () => {
  const make = (): void =>
    makeLogging(
      { scripts: { test: 'jest' }, jest: { transform: {} } },
      { 'a.test.js': NESTED, 'sub/a.test.js': LOOKALIKES },
    );
  runsExactly(make, 'a.test.js', 'sub/a.test.js');

  it('runs modules as the script does', async () => {
    makeLogging(
      { type: 'module', scripts: { test: 'NODE_OPTIONS=--experimental-vm-modules jest' }, jest: { transform: {} } },
      { 'a.test.js': `test('a', log('a')); test('b', log('b'))` },
    );
    expect(await run(['a.test.js', 'b'])).toEqual(['b']);
  });
});

describe('mocha', () => {
  const plain = NESTED.replace(/it\.each.*/, '');

  const make = (): void =>
    makeLogging(
      { scripts: { test: 'mocha "**/*.test.js" --ignore "node_modules/**"' } },
      { 'a.test.js': plain, 'sub/a.test.js': LOOKALIKES },
    );
  runsExactly(make, 'a.test.js', 'sub/a.test.js', false);

  it('does not run the specs of its configuration beside a file', async () => {
    makeLogging(
      { scripts: { test: 'mocha' } },
      {
        '.mocharc.json': JSON.stringify({
          spec: ['**/*.test.js'],
          ignore: ['node_modules/**'],
          require: ['./set-up.js'],
          ui: 'tdd',
          timeout: 3000,
        }),
        'set-up.js': `globalThis.isSetUp = true;`,
        'a.test.js': `suite('s', () => { test('a', () => { if (isSetUp) log('a')(); }) })`,
        'b.test.js': `suite('s', () => { test('a', log('b')) })`,
      },
    );
    expect(await run(['a.test.js', 's', 'a'])).toEqual(['a']);
    expect(await run(['b.test.js'])).toEqual(['b']);
    expect(await run()).toEqual(['a', 'b']);
  });

  it('loads TypeScript by what the package depends on', async () => {
    makeLogging(
      { scripts: { test: 'mocha' }, devDependencies: { mocha: '*', tsx: '*' } },
      {
        '.mocharc.json': JSON.stringify({ extension: ['ts'] }),
        'test/a.test.ts': `const n: number = 1; it('a', log('a' + n))`,
      },
    );
    expect(await run(['test/a.test.ts', 'a'])).toEqual(['a1']);
  });
});

const others = ['node22', 'node24'].map((name) =>
  path.resolve(import.meta.dirname, '../../../../../node_modules', name, 'bin'),
);
const nodes = [path.dirname(process.execPath), ...others.filter((folder) => existsSync(folder))];

describe.each(nodes)('node:test with %s', (folder) => {
  const { PATH } = process.env;

  beforeEach(() => {
    process.env.PATH = [folder, PATH].join(path.delimiter);
  });

  afterEach(() => {
    process.env.PATH = PATH;
  });

  const head = `const { describe, it, test } = require('node:test');\n`;

  it('runs exactly what is meant', async () => {
    makeLogging(
      { scripts: { test: 'node --test' } },
      { 'a.test.js': head + NESTED.replace(/it\.each.*/, ''), 'sub/a.test.js': head + LOOKALIKES },
    );
    const { major } = await askNodeVersion(root);
    const exact = major >= 22;
    if (exact) expect(await run(['a.test.js', 'cart', 'adds'])).toEqual(['cart adds']);
    if (exact) expect(await run(['a.test.js', 'adds'])).toEqual(['adds']);
    expect(await run(['a.test.js', 'cart', 'total', 'is $5 (net) [x] / "a"'])).toEqual(['special']);
    expect(await run(['a.test.js', 'cart'])).toEqual(['cart adds', 'cart adds up', 'cart total adds', 'special']);
    if (exact)
      expect(await run(['a.test.js', 'cart', 'adds'], ['a.test.js', 'cart', 'total', 'adds'])).toEqual([
        'cart adds',
        'cart total adds',
      ]);
    expect(await run(['sub/a.test.js'])).toEqual(['other file adds']);
    expect(await run()).toHaveLength(7);
  });

  it('runs a subtest with the test that makes it, and without its siblings', async () => {
    makeLogging(
      { scripts: { test: 'node --test' } },
      {
        'a.test.js': `${head}test('outer', async (t) => { log('outer')(); await t.test('x', log('x')); await t.test('y', log('y')); }); test('x', log('top x'));`,
      },
    );
    const ran = await run(['a.test.js', 'outer', 'y']);
    const { major } = await askNodeVersion(root);
    expect(ran).toEqual(major >= 22 ? ['outer', 'y'] : ['outer', 'x', 'y']);
  });

  it('loads TypeScript as the script does, or by what the package depends on', async () => {
    const text = `import { test } from 'node:test'; enum E { a } test('a', log('a' + E.a)); test('b', log('b'))`;
    makeLogging({ type: 'module', scripts: { test: 'tsx --test' } }, { 'a.test.ts': text });
    expect(await run(['a.test.ts', 'a'])).toEqual(['a0']);
    makeLogging({ type: 'module', devDependencies: { tsx: '*' } }, { 'a.test.ts': text });
    expect(await run(['a.test.ts', 'a'])).toEqual(['a0']);
  });
});
