/** A light recording is executed again elsewhere: moved, without its files, without network, as another user. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';

vi.setConfig({ testTimeout: 120_000 });
const root = path.resolve(import.meta.dirname, '../..');
const OTHERS = ['node22', 'node24'].flatMap((name): [string, string][] => {
  const node = path.join(root, 'node_modules', name, 'bin/node');
  return existsSync(node) ? [[name, node]] : [];
});
const MAIN = `
  const fs = require('node:fs');
  const http = require('node:http');
  const server = http.createServer((request, response) => {
    fs.readFile('prices.json', 'utf8', (_, text) => response.end(text + Date.now()));
  });
  server.listen(0, '127.0.0.1', () => {
    http.get({ port: server.address().port, host: '127.0.0.1' }, async (response) => {
      let body = '';
      for await (const part of response) body += part;
      fs.writeFileSync('report.txt', body);
      console.log(body.length, new Date().getFullYear(), process.env.USER, process.getuid(), Math.random());
      server.close();
    });
  });
`;

const FILES = { 'main.js': MAIN, 'prices.json': '{"pear":3}' };

/** The folder of a recording that is the only one where it lies. */
async function recorded(
  files: Readonly<Record<string, string>> = FILES,
  command: readonly string[] = [process.execPath, 'main.js'],
  link?: readonly [file: string, target: string],
): Promise<{ readonly program: Program; readonly folder: string }> {
  const program = new Program(files);
  if (link) symlinkSync(link[1], program.at(link[0]));
  await program.hindcast(['record', '--level', 'light', '--', ...command]);
  const store = program.at('.hindcast/recordings');
  const [name] = readdirSync(store).filter((each) => /^\d/.test(each));
  return { program, folder: path.join(store, name!) };
}

/** Executes it again; `before`: a command in front of it. */
function proven(folder: string, before: readonly string[] = []): unknown {
  const hindcast = [
    process.execPath,
    path.join(root, 'cli/bin/hindcast.cjs'),
    'materialise',
    folder,
    '--again',
    '--json',
  ];
  const [command = '', ...args] = [...before, ...hindcast];
  const { stdout, stderr } = spawnSync(command, args, { cwd: os.tmpdir(), encoding: 'utf8' });
  if (!stdout.startsWith('{')) return stderr;
  if (stdout.includes('"error"')) return stdout + stderr;
  const { ticks, verified, divergences } = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  return { isWhole: Number(ticks) > 2 && ticks === verified, divergences };
}

const WHOLE = { isWhole: true, divergences: [] };

test('in another folder, without the files that it read and wrote', async () => {
  const { program, folder } = await recorded();
  program.remove('prices.json');
  program.remove('report.txt');
  const elsewhere = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-elsewhere-')));
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
  cpSync(folder, path.join(elsewhere, 'moved'), { recursive: true });
  rmSync(folder, { recursive: true });
  expect(proven(path.join(elsewhere, 'moved'))).toEqual(WHOLE);
  expect(Object.keys(program.tree()).sort()).toEqual(['main.js', 'package.json']);
});

/** Each is loaded in another way, and not one of them is there any more. */
const MODULES = {
  'main.mjs': `
    import fs from 'node:fs';
    import { late } from './lib/first.mjs';
    import common from './lib/common.cjs';
    setTimeout(async () => console.log(common.name, (await late()).value, fs.existsSync('main.mjs')), 2);
  `,
  'lib/first.mjs': `export const late = () => import('./late.mjs');`,
  'lib/late.mjs': `
    import { createRequire } from 'node:module';
    export const value = createRequire(import.meta.url)('./settings').size;
  `,
  'lib/common.cjs': `exports.name = require('./name').name;`,
  'lib/name.js': `exports.name = require('./settings.json').name;`,
  'lib/settings.json': '{"name":"pear","size":3}',
};

test.each([['this Node', process.execPath], ...OTHERS])(
  'on %s, without the modules, scripts and JSON that it was loaded from',
  async (_, node) => {
    const { program, folder } = await recorded(MODULES, [node, 'main.mjs']);
    for (const name of Object.keys(MODULES)) program.remove(name);
    expect(proven(folder)).toEqual(WHOLE);
  },
);

/** Compiled as they are loaded, of a package whose manifest decides what is imported, and of one that is a link. */
const COMPILED = {
  'package.json': '{"type":"module"}',
  'main.ts': `
    import { size } from 'measures';
    import { late } from './lib/first.ts';
    enum Unit { piece = 4 }
    setTimeout(async () => console.log((await late()).value, size as number, Unit.piece), 2);
  `,
  'lib/first.ts': `export const late = () => import('./late.ts');`,
  'lib/late.ts': `import { name } from 'linked'; export const value: string = name;`,
  'node_modules/measures/package.json': '{"exports":{"import":"./lib/size.mjs"}}',
  'node_modules/measures/lib/size.mjs': 'export const size = 3;',
  'packages/linked/package.json': '{"main":"lib/name.cjs"}',
  'packages/linked/lib/name.cjs': `exports.name = 'pear';`,
};
const LINK = ['node_modules/linked', '../packages/linked'] as const;
const loader = path.join(root, 'node_modules/tsx/dist/loader.mjs');
const isLinux = process.platform === 'linux';

// on Node 22 it compiles in a thread that shares memory with the program's
const COMPILING = OTHERS.filter(([name]) => name !== 'node22');

test.skipIf(!isLinux).each([['this Node', process.execPath], ...COMPILING])(
  'on %s, without TypeScript that a loader compiles, packages and links to them',
  async (_, node) => {
    const { program, folder } = await recorded(COMPILED, [node, '--import', loader, 'main.ts'], LINK);
    for (const name of [...Object.keys(COMPILED), LINK[0]]) program.remove(name);
    expect(proven(folder)).toEqual(WHOLE);
  },
);

/** Its own manifest says what its files are and what it imports by `#name`, in a process that it starts, too. */
const OF_MANIFEST = {
  'package.json': '{"type":"module","name":"shop","imports":{"#price":"./lib/price.js"},"exports":"./lib/name.js"}',
  'main.js': `
    import { fork } from 'node:child_process';
    import { price } from '#price';
    import { name } from 'shop';
    console.log(name, price, typeof require, process.env.LD_PRELOAD, Object.keys(process.env).join().includes('HINDCAST'));
    if (process.argv[2] !== 'again') fork('main.js', ['again']).on('exit', (code) => setTimeout(() => console.log(code), 2));
  `,
  'lib/price.js': 'export const price = 3;',
  'lib/name.js': `export const name = 'pear';`,
};

test.skipIf(!isLinux).each([['this Node', process.execPath], ...OTHERS])(
  'on %s, without the manifest of its package',
  async (_, node) => {
    const { program, folder } = await recorded(OF_MANIFEST, [node, 'main.js']);
    for (const name of Object.keys(OF_MANIFEST)) program.remove(name);
    expect(proven(folder)).toEqual(WHOLE);
  },
);

const JEST = {
  'package.json': '{"jest":{"testEnvironment":"node","cacheDirectory":"./cache"}}',
  'sum.js': `const { base } = require('numbers'); exports.sum = (a, b) => base + a + b;`,
  'sum.test.js': `
    const { sum } = require('./sum');
    test('adds', () => expect(sum(1, 2)).toBe(3));
    test('fails', () => expect(sum(1, 2)).toBe(4));
  `,
  'node_modules/numbers/package.json': '{"main":"lib/base.js"}',
  'node_modules/numbers/lib/base.js': 'exports.base = 0;',
};

test.skipIf(!isLinux).each([['this Node', process.execPath], ...OTHERS])(
  'on %s, without the files of a test that jest runs, which its resolver looks for in native code',
  async (_, node) => {
    const jest = path.join(root, 'node_modules/jest/bin/jest.js');
    const { program, folder } = await recorded(JEST, [node, jest, '--runInBand']);
    for (const name of [...Object.keys(JEST), 'cache']) program.remove(name);
    expect(proven(folder)).toEqual(WHOLE);
  },
);

/** A loader that stands for one of the tools that are run as they are. */
const LOADED = {
  'main.ts': `console.log('of TypeScript' as string);`,
  'node_modules/tsx/package.json': '{"exports":"./loader.mjs"}',
  'node_modules/tsx/loader.mjs': `import ${JSON.stringify(loader)};`,
  'node_modules/jest/run.js': `require(require('node:path').resolve('sum.js'));`,
  'sum.js': 'console.log(1 + 2);',
};

test.each([
  ['the loader', ['--import', 'tsx', 'main.ts']],
  ['the test runner', ['node_modules/jest/run.js']],
])('where %s is gone, that is what is said', async (_, args) => {
  const { program, folder } = await recorded(LOADED, [process.execPath, ...args]);
  for (const name of Object.keys(LOADED)) program.remove(name);
  const hindcast = [path.join(root, 'cli/bin/hindcast.cjs'), 'materialise', folder];
  const { stdout } = spawnSync(process.execPath, hindcast, { cwd: os.tmpdir(), encoding: 'utf8' });
  expect(stdout).toMatch(/^0 of \d+ ticks/);
  expect(stdout.match(/^Likely because .*/gm)).toEqual([
    expect.stringMatching(/what loads its code is not there any more \(Cannot find (?:package|module) '.*: install it/),
  ]);
});

const isAllowed = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;

test.skipIf(!isAllowed('unshare', '-n', 'true'))('without network', async () => {
  const { folder } = await recorded();
  expect(proven(folder, ['unshare', '-n'])).toEqual(WHOLE);
});

const AT_A_TERMINAL = ['script', '-qec'] as const;

/** Its input is a terminal, too, of this size. Whatever else is in the environment here may turn colours off. */
function recordedAtTerminal(
  command: string,
  files: Readonly<Record<string, string>>,
  { input = '', options = '' } = {},
): string {
  const program = new Program(files);
  const hindcast = `${process.execPath} ${path.join(root, 'cli/bin/hindcast.cjs')}`;
  const record = `stty cols 97 rows 31; ${hindcast} record --level light ${options} -- ${command}`;
  const { PATH, HOME } = process.env;
  const { stdout } = spawnSync('script', ['-qec', record, '/dev/null'], {
    cwd: program.folder,
    env: { PATH, HOME, TERM: 'xterm-256color' },
    encoding: 'utf8',
    input,
  });
  expect(stdout).toContain('\u001b[3');
  const store = program.at('.hindcast/recordings');
  const [name] = readdirSync(store).filter((each) => /^\d/.test(each));
  return path.join(store, name!);
}

const ASKING = `
  const { spawn } = require('node:child_process');
  const readline = require('node:readline');
  const tty = require('node:tty');
  const { stdin, stdout, stderr } = process;
  for (const { isTTY, constructor, _type, fd, writable, readable } of [stdin, stdout, stderr])
    console.log({ isTTY, name: constructor.name, _type, fd, writable, readable });
  console.log(stdout instanceof tty.WriteStream, stdin instanceof tty.ReadStream, [0, 1, 2, 9].map(tty.isatty));
  console.log(stdout.getWindowSize(), stdout.getColorDepth(), stdout.hasColors(256), process.listenerCount('SIGWINCH'));
  console.table([{ a: 1, b: 'two' }]);
  console.error(stderr.columns);
  process.on('beforeExit', () => console.log('nothing is left'));
  // as signal-exit does
  const { emit } = process;
  process.emit = (...args) => emit.apply(process, args) || (args[0] === 'exit' && stdout.write('\\x1b[?25h'));
  stdout.on('resize', () => {
    console.log('resize', stdout.columns, stdout.rows);
    stdin.setRawMode(false).pause();
  });
  const lines = readline.createInterface({ input: stdin, output: stdout });
  lines.question('name? ', (name) => {
    lines.close();
    console.log(name, lines.terminal, stdin.setRawMode(true).isRaw);
    stdin.resume();
    spawn('stty', ['cols', '50'], { stdio: 'inherit' });
  });
`;

const TESTS = `
  const { test } = require('node:test');
  test('small', () => console.log({ at: process.env.FORCE_COLOR }));
  test('late', () => new Promise((resolve) => setTimeout(resolve, 5)));
`;

describe.skipIf(!isAllowed(...AT_A_TERMINAL, 'true', '/dev/null'))('at a terminal', () => {
  test.each([['this Node', process.execPath], ...OTHERS])('on %s, what it asked of it', (_, node) => {
    const folder = recordedAtTerminal(`${node} main.js`, { 'main.js': ASKING }, { input: 'pear\n' });
    expect(proven(folder)).toEqual(WHOLE);
  });

  test('without the native helper', () => {
    const given = { input: 'pear\n', options: '--portable' };
    expect(proven(recordedAtTerminal(`${process.execPath} main.js`, { 'main.js': ASKING }, given))).toEqual(WHOLE);
  });

  test("tests of Node's runner, which looks at the terminal before anything else runs", () => {
    const folder = recordedAtTerminal(`${process.execPath} --test sizes.test.js`, { 'sizes.test.js': TESTS });
    expect(proven(folder)).toEqual(WHOLE);
  });

  test('with its errors going elsewhere, each output is one event', () => {
    const main = `console.log({ at: process.stdout.columns }); console.error(process.stderr.isTTY);`;
    const folder = recordedAtTerminal(`${process.execPath} main.js 2>&1 >/dev/tty | cat`, { 'main.js': main });
    const hindcast = path.join(root, 'cli/bin/hindcast.cjs');
    const { stdout } = spawnSync(process.execPath, [hindcast, 'events', folder, '--kind', 'output'], {
      encoding: 'utf8',
    });
    expect(stdout.match(/at: /g)).toHaveLength(1);
    expect(stdout.match(/undefined/g)).toHaveLength(1);
  });
});

const AS_NOBODY = ['setpriv', '--reuid', 'nobody', '--clear-groups'] as const;
const isReadable = isAllowed(...AS_NOBODY, 'node', '--check', path.join(root, 'cli/bin/hindcast.cjs'));

test.skipIf(!isReadable)('as another user', async () => {
  const { program, folder } = await recorded();
  const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-user-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const own = path.join(home, 'recording');
  cpSync(folder, own, { recursive: true });
  expect(isAllowed('chown', '-R', 'nobody', home)).toBe(true);
  expect(proven(own, [...AS_NOBODY, 'env', `HOME=${home}`])).toContain('may not be entered');
  chmodSync(program.folder, 0o755);
  expect(proven(own, [...AS_NOBODY, 'env', `HOME=${home}`])).toEqual(WHOLE);
});
