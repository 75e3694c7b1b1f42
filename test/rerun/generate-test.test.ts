/** Tests that are written from recordings: each fails before the fix as the recording did, and passes after it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAILING_PROGRAMS } from './failing-programs.ts';
import { FAILING_TESTS } from './failing-tests.ts';
import { Program } from './kit.ts';
import { NODE } from './program.ts';
import { proveGenerated } from './prove-generated.ts';

const failing = (name: string) => [...FAILING_PROGRAMS, ...FAILING_TESTS].find((each) => each.name === name)!;

test.each([
  ['node', 'csv-file', 'program'],
  ['vitest', 'json-file', 'call'],
  ['mocha', 'http-sequence', 'program'],
  ['jest', 'json-tree', 'call'],
  ['node', 'node-assertion', 'call'],
  ['vitest', 'vitest-assertion', 'call'],
  ['jest', 'jest-assertion', 'call'],
  ['mocha', 'mocha-throw', 'call'],
  ['node', 'method-throw', 'call'],
  ['vitest', 'method-assertion', 'call'],
  ['jest', 'constructor-throw', 'call'],
])('%s: %s', async (runner, name, kind) => {
  const { before, after, text, output, ...proof } = await proveGenerated(failing(name), runner);
  expect({ before, after, kind: proof.kind }, text + output).toEqual({
    before: 'fails-as-recorded',
    after: 'passes',
    kind,
  });
});

interface Answer {
  readonly file: string;
  readonly runner: string;
  readonly kind: string | null;
  readonly result: string | null;
  readonly needs: readonly string[];
  readonly others: readonly string[];
  readonly fixtures: readonly string[];
  readonly command: readonly string[];
}

async function generate(
  program: Program,
  args: readonly string[] = [],
  unset: readonly string[] = [],
): Promise<Answer> {
  const { stdout, stderr } = await program.hindcast(['generate-test', '--json', ...args], { unset });
  expect(stdout, stderr).toMatch(/^\{"version":1,/);
  return JSON.parse(stdout) as Answer;
}

test('the test can be read, and its text is what a person would have written', async () => {
  const program = new Program({
    'package.json': '{"devDependencies": {"mocha": "*"}}',
    'tax.js': `
      const rates = new Map([['de', 0.19]]);
      exports.tax = ({ amount, country }, at, tags) => amount * rates.get(country).valueOf() + tags.size + at.getTime();
    `,
    'main.js': `
      const { tax } = require('./tax.js');
      const order = { amount: 10, country: process.argv[2] };
      console.log(tax(order, new Date(0), new Set(['new'])));
    `,
  }).withPackages();
  await program.record([process.execPath, 'main.js', 'fr']);
  const { file, runner, kind } = await generate(program);
  expect([runner, kind]).toEqual(['mocha', 'call']);
  const text = readFileSync(file, 'utf8').replace(/recording \S+:/, 'recording ID:');
  expect(text).toBe(`// From recording ID: TypeError: Cannot read properties of undefined (reading 'valueOf')
const assert = require('node:assert');
const { tax } = require('../tax.js');

it('tax does not fail', () => {
  // it threw: TypeError: Cannot read properties of undefined (reading 'valueOf')
  tax({ amount: 10, country: 'fr' }, new Date('1970-01-01T00:00:00.000Z'), new Set(['new']));
});
`);
});

test('another function, or the program, where one asks for it; a second test beside the first', async () => {
  const program = new Program({
    'a.js': `
      const { inner } = require('./b.js');
      exports.outer = (text) => inner(text.split(' '));
    `,
    'b.js': `
      exports.inner = (words) => words.map((word) => word.at(0).toUpperCase());
    `,
    'main.js': `
      console.log(require('./a.js').outer(process.argv[2]));
    `,
  });
  await program.record([process.execPath, 'main.js', 'one  two']);
  const first = await generate(program);
  expect(first).toMatchObject({ kind: 'call', result: 'fails-as-recorded', others: ['outer'] });
  const outer = await generate(program, ['--call', 'outer']);
  expect(readFileSync(outer.file, 'utf8')).toContain("outer('one  two');");
  const whole = await generate(program, ['--call', 'program']);
  expect(whole).toMatchObject({ kind: 'program', result: 'fails-as-recorded' });
  const again = await generate(program, ['--call', 'outer']);
  expect(again.file).not.toBe(outer.file);
});

test('secrets are in no test: it takes them from the environment, and says which', async () => {
  const program = new Program({
    'key.js': `
      exports.region = (key, zone) => {
        const [, name] = key.split('-');
        if (name !== zone) throw new RangeError('not of this zone');
      };
    `,
    'main.js': `
      require('./key.js').region(process.env.SHOP_API_KEY, 'eu');
    `,
  });
  const env = { SHOP_API_KEY: 'abcdefgh0123-us' };
  await program.record([process.execPath, 'main.js'], { env });
  const { file, needs, result } = await generate(program, [], ['SHOP_API_KEY']);
  expect(needs).toEqual(['SHOP_API_KEY']);
  expect(result).toBe('not-run');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('// Needs SHOP_API_KEY in the environment');
  expect(text).not.toContain('abcdefgh0123');
  const { status, stdout } = await program.hindcast(['generate-test'], { env });
  expect(stdout).toContain('It needs SHOP_API_KEY in the environment');
  expect(stdout).toContain('it fails as the recording did');
  expect(status).toBe(0);
});

test('what is mended already is told, and what cannot be written leaves nothing behind', async () => {
  const program = new Program({
    'half.js': 'exports.half = (n) => n.of / 2;\n',
    'main.js': "console.log(require('./half.js').half(undefined));\n",
    'sum.test.js': `
      const test = require('node:test');
      const assert = require('node:assert');
      test('sums', () => assert.ok([1, 2].includes(3)));
    `,
  });
  await program.record([process.execPath, '--test', 'sum.test.js']);
  const none = await generate(program);
  expect(none).toMatchObject({ kind: null, file: null });
  expect(existsSync(program.at('test'))).toBe(false);
  await program.record([process.execPath, 'main.js']);
  program.edit('half.js', 'n.of', '(n?.of ?? 0)');
  const { stdout, status } = await program.hindcast(['generate-test']);
  expect(stdout).toContain('it PASSES');
  expect(status).toBe(3);
});

describe('answers of the network are fixtures', () => {
  const LAST = `
    .then((rates) => console.log(rates.eur.toFixed(2)))
    .catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });`;

  test.each([
    [
      'fetch',
      `fetch('http://localhost:' + process.argv[2] + '/rates?of=' + process.argv[3]).then((answer) => answer.json())`,
    ],
    [
      'http',
      `new Promise((resolve) => {
        require('node:http').get({ port: process.argv[2], path: '/rates?of=' + process.argv[3] }, (answer) => {
          let text = '';
          answer.on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text)));
        });
      })`,
    ],
  ])('%s', async (_, asked) => {
    const server = http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/rates?of=usd' ? { eur: 2 } : { error: 'no such rate' }));
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;
    const program = new Program({ 'main.js': `${asked}${LAST}\n` });
    const recorded = await program.record([process.execPath, 'main.js', String(port), 'yen']);
    server.close();
    expect(recorded.stderr).toContain("reading 'toFixed'");
    const { kind, result, command, fixtures } = await generate(program);
    expect({ kind, result }).toEqual({ kind: 'program', result: 'fails-as-recorded' });
    expect(fixtures.map((file) => path.basename(file)).sort()).toContain('answers.json');
    program.edit('main.js', 'rates.eur.', '(rates.eur ?? 0).');
    expect(ranBy(command, program.folder)).toEqual([0, '']);
  });

  test.each([
    [
      'fetch',
      "fetch('http://127.0.0.1:' + process.argv[2]).then((answer) => answer.json())",
      '.json())',
      '.json(), () => 0)',
    ],
    [
      'http',
      "require('node:http').get({ host: '127.0.0.1', port: process.argv[2] })",
      '] })',
      "] }).on('error', () => 0)",
    ],
  ])('a peer that is not there: %s', async (_, source, was, is) => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const program = new Program({ 'main.js': `${source};\n` });
    const recorded = await program.record([process.execPath, 'main.js', String(port)]);
    expect(recorded.stderr).toContain('ECONNREFUSED');
    const { kind, result, command } = await generate(program);
    expect({ kind, result }).toEqual({ kind: 'program', result: 'fails-as-recorded' });
    program.edit('main.js', was, is);
    expect(ranBy(command, program.folder)).toEqual([0, '']);
  });
});

/** Exit code of a test, and what it said where that is not 0. */
function ranBy([, ...args]: readonly string[], cwd: string): readonly [number | null, string] {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(NODE, args, { cwd, env, encoding: 'utf8' });
  return [status, status === 0 ? '' : stdout + stderr];
}
