import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildSync } from 'esbuild';
import { capableNode } from '../../cli/src/installation.ts';
import { entriesOf } from './recording-contents.ts';

const root = path.resolve(import.meta.dirname, '../..');
const secret = 'tk-9f8e7d6c5b4a-SECRET/x+y';
const program = path.join(root, 'test/fixtures/privacy/program.cjs');

interface Recorded {
  readonly folder: string;
  readonly stdout: string;
  readonly stderr: string;
}

function record(flags: readonly string[], args: readonly string[]): Promise<Recorded> {
  const work = mkdtempSync(path.join(tmpdir(), 'hindcast-privacy-'));
  const out = path.join(work, 'recordings');
  const command = [
    path.join(root, 'cli/dist/hindcast.cjs'),
    'record',
    '--out',
    out,
    ...flags,
    '--',
    process.execPath,
    program,
    path.join(work, 'file.txt'),
    ...args,
  ];
  const env = { ...process.env, SHOP_API_TOKEN: secret };
  return new Promise((resolve, reject) => {
    // The umask of a careless user: files would be open to all.
    const before = process.umask(0);
    execFile(process.execPath, command, { cwd: work, env, timeout: 50_000 }, (error, stdout, stderr) => {
      if (error) reject(error);
      else resolve({ folder: path.join(out, readdirSync(out)[0] ?? ''), stdout, stderr });
    });
    process.umask(before);
  });
}

function search(folder: string, texts: readonly string[]): { holders: string[][]; contents: string[] } {
  const outfile = path.join(mkdtempSync(path.join(tmpdir(), 'hindcast-privacy-')), 'search.cjs');
  const entry = path.join(import.meta.dirname, 'search.ts');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['msgpackr'],
    logLevel: 'error',
  });
  const env = { ...process.env, NODE_PATH: path.join(root, 'node_modules') };
  const node = capableNode(import.meta.dirname) ?? process.execPath;
  return JSON.parse(execFileSync(node, [outfile, folder, ...texts], { encoding: 'utf8', env }));
}

test.each([
  ['with the native helper, if it is there', []],
  ['without', ['--portable']],
])('a secret that is read, joined, logged, sent and passed on is in no file of the recording, %s', async (_, flags) => {
  const { folder, stdout, stderr } = await record(flags, [`--password=${secret}`]);
  expect(stdout).toContain(secret);
  expect(stderr).toContain(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    secret.slice(3, -2),
    Buffer.from(secret).toString('base64').slice(0, -4),
  ];
  const { holders, contents } = search(folder, [...forms, 'redacted:SHOP_API_TOKEN']);
  const references = holders.pop();
  expect(holders).toEqual(forms.map(() => []));
  expect(references).toContainEqual(expect.stringMatching(/\(words\)$/));
  expect(contents).toContainEqual(expect.stringMatching(/^blobs\/[0-9a-f]{64}$/));
});

test('folders are 0700 and files 0600, whatever the umask', async () => {
  const { folder } = await record([], []);
  const entries = entriesOf(folder);
  expect(entries.filter(({ folder: isFolder, mode }) => mode !== (isFolder ? 0o700 : 0o600))).toEqual([]);
  expect(entries.length).toBeGreaterThan(8);
});
