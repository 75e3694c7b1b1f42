import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-bad-input-'));
let recording = '';

function hindcast(...args: readonly string[]): SpawnSyncReturns<string> {
  const command = path.join(root, 'cli/dist/hindcast.cjs');
  return spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
}

beforeAll(() => {
  writeFileSync(
    path.join(folder, 'program.cjs'),
    'const a = [1, 2];\nif (a.length > 1) throw new Error("too many");\n',
  );
  const { stderr, status } = hindcast('record', '--', process.execPath, 'program.cjs');
  expect(status).toBe(1);
  recording = /^recording: (.+)$/m.exec(stderr)?.[1] ?? '';
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the recording whose only segment was changed. */
function damaged(name: string, change: (bytes: Buffer) => Buffer): string {
  const copy = path.join(folder, name);
  cpSync(recording, copy, { recursive: true });
  const streams = path.join(copy, 'streams');
  const segment = path.join(streams, readdirSync(streams)[0] ?? '', '000000.seg');
  writeFileSync(segment, change(readFileSync(segment)));
  return copy;
}

function check(args: readonly string[], exitCode: number, message: RegExp): void {
  const { status, stderr, stdout } = hindcast(...args);
  expect({ status, stderr, stdout }).toEqual({ status: exitCode, stderr: expect.stringMatching(message), stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
}

test('a folder that is no recording is named, with what to give instead', () => {
  check(['info', root], 6, /is not a recording: it has no manifest\.json\. Give the folder/);
});

test('a recording that is not there is named, with how to find one', () => {
  check(['state', 'no-such'], 5, /There is no recording no-such\. Run `hindcast list`/);
});

test('a moment out of range is told the last one', () => {
  check(['state', recording, '--at', '1:99999'], 9, /The recording has no moment 1:99999\. Give a moment up to 1:\d+/);
});

test('a recording of which nothing can be read is an error', () => {
  const torn = damaged('garbage', () => Buffer.from('garbage'));
  check(['state', torn], 7, /is damaged: streams.*000000\.seg: .*record the command again/);
});

test('a recording of a newer Hindcast is not misread', () => {
  const newer = damaged('newer-segment', (bytes) => {
    bytes.writeUInt32LE(99, 4);
    return bytes;
  });
  check(['state', newer], 8, /has format 99, and this Hindcast reads up to \d+\. Update Hindcast/);
  const manifest = path.join(
    damaged('newer-manifest', (bytes) => bytes),
    'manifest.json',
  );
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"format": ?\d+/, '"format":99'));
  check(['state', path.dirname(manifest)], 8, /has format 99/);
});

test('of a recording whose tail is torn off, the rest is read', () => {
  const torn = damaged('torn', (bytes) => bytes.subarray(0, bytes.length - 20));
  const { status, stdout } = hindcast('info', torn, '--json');
  expect(status).toBe(0);
  const { failures, problems } = JSON.parse(stdout) as {
    failures: readonly { message: string }[];
    problems: unknown[];
  };
  expect(failures.map(({ message }) => message)).toEqual(['too many']);
  expect(problems).toHaveLength(1);
});

test('with --json the error is an object on stdout', () => {
  const { status, stdout } = hindcast('info', 'no-such', '--json');
  expect(status).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, error: { code: 'no-such-recording' } });
});

test('a command that is not there ends as in a shell', () => {
  const { status, stderr } = hindcast('record', '--', 'no-such-command');
  expect(status).toBe(127);
  expect(stderr).toMatch(/The command no-such-command was not found/);
});

test('a command begins with the first word that is no option of ours, and keeps its own', () => {
  const program = "console.log(process.argv.slice(1).join(' '))";
  const { status, stdout } = hindcast(
    'record',
    '--level',
    'light',
    process.execPath,
    '-e',
    program,
    'one',
    '--',
    '--level',
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'one -- --level\n' });
  check(['record', '--bogus', 'node', 'a.js'], 4, /Unknown option '--bogus'/);
});

test('a command asked for help says its own, and what it runs keeps its options', () => {
  for (const args of [
    ['ops', '--help'],
    ['ops', 'serve', '-h'],
    ['why', '--help'],
    ['record', '--help'],
    ['record', '-h'],
  ]) {
    expect(hindcast(...args)).toMatchObject({ status: 0, stdout: hindcast('help', args[0]!).stdout, stderr: '' });
  }
  expect(hindcast('record', '--', process.execPath, '--help').stdout).toContain('Usage: node');
  check(
    ['ops', 'bogus'],
    4,
    /^hindcast: There is no command ops bogus\. Run `hindcast help ops` for those there are\.$/m,
  );
});

test('the command says its version', () => {
  const { stdout, stderr, status } = hindcast('--version');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/^hindcast \d+\.\d+\.\d+, on Node \d+\.\d+\.\d+\n$/);
});
