/** Failures kept with the code, and proved again, also where the project lies elsewhere. */
import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Program } from './kit.ts';

const FILES = {
  'lib/read.js': `const fs = require('node:fs');
const path = require('node:path');
exports.rates = () => JSON.parse(fs.readFileSync(path.join(__dirname, '../rates.json'), 'utf8'));
`,
  'read.test.js': `const test = require('node:test');
const assert = require('node:assert');
const { rates } = require('./lib/read.js');
test('has a rate for each day', () => {
  assert.equal(rates().sunday.toFixed(1), '0.0');
});
`,
  'rates.json': '{"monday": 1}',
};

interface All {
  readonly expected: number;
  readonly entries: readonly { readonly name: string; readonly verdict: string; readonly isExpected: boolean }[];
}

test('a kept failure is small and readable, and --all proves it by its expected verdict', async () => {
  const program = new Program(FILES);
  await program.record([process.execPath, 'read.test.js'], { env: { SHOP_API_KEY: 'abcdefgh-12345' } });
  const kept = await program.hindcast(['validate', '--keep', '#has a rate'], {
    env: { SHOP_API_KEY: 'abcdefgh-12345' },
  });
  expect(kept.status).toBe(1);
  const corpus = program.at('.hindcast/corpus');
  const [name = ''] = readdirSync(corpus);
  expect(name).toBe('has-a-rate-for-each-day');
  const facts = JSON.parse(readFileSync(path.join(corpus, name, 'failure.json'), 'utf8')) as Record<string, unknown>;
  expect(facts).toMatchObject({
    version: 1,
    case: 'has a rate for each day',
    type: 'TypeError',
    expected: 'fixed',
    folder: '',
  });
  expect(readFileSync(path.join(corpus, name, 'recording.hindcast')).includes('abcdefgh-12345')).toBe(false);

  const failing = await program.hindcast(['validate', '--all', '--junit', 'report.xml']);
  expect(failing.status, failing.stdout + failing.stderr).toBe(1);
  expect(failing.stdout).toContain('not ok');
  expect(readFileSync(program.at('report.xml'), 'utf8')).toContain('failures="1"');

  program
    .edit('lib/read.js', 'JSON.parse(', '({ sunday: 0, ...JSON.parse(')
    .edit('lib/read.js', "'utf8'));", "'utf8')) });");
  program.remove('rates.json').remove('.hindcast/recordings');
  const passing = await program.hindcast(['validate', '--all', '--json', '--junit', 'report.xml']);
  expect(passing.status, passing.stdout + passing.stderr).toBe(0);
  expect((JSON.parse(passing.stdout) as All).entries[0]).toMatchObject({ verdict: 'fixed', isExpected: true });
  expect(readFileSync(program.at('report.xml'), 'utf8')).toContain('failures="0"');

  // as in CI: another folder, without recordings
  const elsewhere = new Program({});
  cpSync(program.folder, elsewhere.folder, { recursive: true });
  program.remove('.');
  expect(existsSync(program.folder)).toBe(false);
  const moved = await elsewhere.hindcast(['validate', '--all']);
  expect(moved.status, moved.stdout + moved.stderr).toBe(0);
  elsewhere.edit('lib/read.js', 'sunday: 0', 'saturday: 0');
  const broken = await elsewhere.hindcast(['validate', '--all']);
  expect(broken.status, broken.stdout + broken.stderr).toBe(1);
});

test('a failure is kept without running it, and one of the corpus is validated by its folder', async () => {
  const program = new Program(FILES);
  await program.record([process.execPath, 'read.test.js']);
  const kept = await program.hindcast(['keep', '#has a rate', '--json']);
  expect(kept.status, kept.stderr).toBe(0);
  const { folder, expected } = JSON.parse(kept.stdout) as { readonly folder: string; readonly expected: string };
  expect(expected).toBe('fixed');
  expect(readdirSync(program.at('.hindcast/recordings')).filter((name) => !name.startsWith('.'))).toHaveLength(1);

  const one = await program.hindcast(['validate', folder, '--json']);
  expect(one.status, one.stderr).toBe(1);
  expect((JSON.parse(one.stdout) as All).entries).toMatchObject([{ verdict: 'still-failing', isExpected: false }]);
  const { recordings } = JSON.parse((await program.hindcast(['list', '--json'])).stdout) as {
    readonly recordings: readonly { readonly id: string; readonly rerunOf: string | null }[];
  };
  expect(recordings).toMatchObject([{ rerunOf: recordings[1]?.id }, { rerunOf: null }]);

  const strange = await program.hindcast(['validate', folder, 'read.test.js']);
  expect(strange.status).toBe(4);
  expect(strange.stderr).toContain('read.test.js is not in the corpus');
});
