/** `record --level auto`: light where that can be executed again; values of what failed are made at once, by one process. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { NODE, Program, type Ended } from '../rerun/program.ts';

vi.setConfig({ testTimeout: 60_000 });

const node = NODE;
const auto = (program: Program, ...args: readonly string[]) =>
  program.hindcast(['record', '--level', 'auto', '--', node, ...args]);

function folderOf({ stderr }: Ended): string {
  return /recording: (.*)\n$/.exec(stderr)?.[1] ?? '';
}

const verificationOf = (folder: string): string => path.join(folder, 'materialised', 'verification.json');

async function until(holds: () => boolean): Promise<void> {
  for (let left = 600; !holds() && left > 0; left--) await pause(50);
  expect(holds()).toBe(true);
}

test('the values of a run that failed are made at once, without being asked for', async () => {
  const program = new Program({ 'main.js': `setTimeout(() => { const n = 41; throw new Error('no ' + n); }, 1);` });
  const folder = folderOf(await auto(program, 'main.js'));
  await until(() => existsSync(verificationOf(folder)));
  const info = JSON.parse((await program.hindcast(['info', '--json'])).stdout) as {
    readonly recording: { readonly level: string; readonly ticks: number; readonly verified: number };
  };
  expect(info.recording).toMatchObject({ level: 'light' });
  expect(info.recording.verified).toBe(info.recording.ticks);
});

test('a run that did not fail is left alone until somebody asks for its values', async () => {
  const program = new Program({ 'main.js': `console.log(1)` });
  const folder = folderOf(await auto(program, 'main.js'));
  await pause(2000);
  expect(existsSync(verificationOf(folder))).toBe(false);
});

const SHARED = `
  const { Worker, isMainThread, workerData } = require('node:worker_threads');
  if (isMainThread) {
    const memory = new Int32Array(new SharedArrayBuffer(4));
    new Worker(__filename, { workerData: { memory } }).on('exit', () => console.log(memory[0]));
  } else Atomics.add(workerData.memory, 0, 7);
`;

test('memory that threads share: the ledger says so, and the next run is recorded fully', async () => {
  const program = new Program({ 'main.js': SHARED });
  const first = folderOf(await auto(program, 'main.js'));
  expect(readFileSync(path.join(first, 'ledger.jsonl'), 'utf8')).toContain('shared memory');
  for (let runs = 0; runs < 2; runs++) {
    const folder = folderOf(await auto(program, 'main.js'));
    const { options } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      readonly options: { readonly level: string };
    };
    expect(options.level).toBe('full');
    expect(readFileSync(path.join(folder, 'ledger.jsonl'), 'utf8')).toMatch(/recorded fully.*shared memory/);
  }
});

const FRAMES = `
  import { createServer, connect } from 'node:http2';
  const server = createServer();
  server.on('stream', (stream) => stream.end('hello'));
  server.listen(0, () => {
    const client = connect('http://localhost:' + server.address().port);
    client.request({ ':path': '/' }).on('data', (data) => console.log(String(data))).on('end', () => (client.close(), server.close()));
  });
`;

test('HTTP/2: a program whose own text names it is recorded fully from its first run', async () => {
  const program = new Program({
    'main.mjs': `import './parts/server.mjs';`,
    'parts/server.mjs': FRAMES,
  });
  const folder = folderOf(await auto(program, 'main.mjs'));
  const ledger = readFileSync(path.join(folder, 'ledger.jsonl'), 'utf8');
  expect(ledger).toContain('recorded fully');
  expect(ledger).toContain('HTTP/2: parts/server.mjs makes a server or a client of it');
  program.write({ 'parts/server.mjs': `export const connect = 'http2';` });
  const later = folderOf(await auto(program, 'main.mjs'));
  expect(JSON.parse(readFileSync(path.join(later, 'manifest.json'), 'utf8'))).toMatchObject({
    options: { level: 'light' },
  });
});

test('HTTP/2: of a program whose packages use it the ledger says so once, and the next run is recorded fully', async () => {
  const program = new Program({
    'main.mjs': `import 'frames';`,
    'node_modules/frames/package.json': JSON.stringify({ name: 'frames', exports: './index.mjs' }),
    'node_modules/frames/index.mjs': FRAMES,
  });
  const ledgers: string[] = [];
  for (let runs = 0; runs < 2; runs++)
    ledgers.push(readFileSync(path.join(folderOf(await auto(program, 'main.mjs')), 'ledger.jsonl'), 'utf8'));
  expect(ledgers[0]!.match(/HTTP\/2/g)).toHaveLength(1);
  expect(ledgers[0]).toMatch(/not-executable.*HTTP\/2/);
  expect(ledgers[1]).toMatch(/recorded fully.*HTTP\/2/);
});

test('hooks that hear of Node’s own work: the ledger names the program’s, not those of Node’s test runner', async () => {
  const program = new Program({
    'hook.js': `require('node:async_hooks').createHook({ init() {} }).enable();`,
    'a.test.js': `require('node:test')('passes', () => undefined);`,
  });
  const ledgerOf = async (...command: readonly string[]): Promise<string> => {
    const file = path.join(folderOf(await auto(program, ...command)), 'ledger.jsonl');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  expect(await ledgerOf('hook.js')).toContain('async_hooks.createHook');
  expect(await ledgerOf('--test', 'a.test.js')).not.toContain('not-executable');
});

test('who waits for values may go: nothing half done is left, and the next one begins anew', async () => {
  const program = new Program({
    'main.js': `let n = 0; const step = () => { for (let i = 0; i < 3e5; i++) n = (n + i) % 1000; };
      let left = 10; const timer = setInterval(() => { step(); if (--left === 0) { clearInterval(timer); console.log(n); } }, 1);`,
  });
  const folder = folderOf(await program.hindcast(['record', '--level', 'light', '--', node, 'main.js']));
  const cli = path.join(process.cwd(), 'cli/dist/hindcast.cjs');
  const reader = spawn(node, [cli, 'state', '--at', 'end'], { cwd: program.folder, stdio: 'ignore', detached: true });
  const ended = new Promise<number | null>((resolve) => reader.on('exit', resolve));
  await until(() => existsSync(path.join(folder, 'materialising')));
  // as a terminal does it
  process.kill(-reader.pid!, 'SIGINT');
  expect(await ended).toBe(130);
  expect(existsSync(path.join(folder, 'materialising'))).toBe(false);
  expect(existsSync(path.join(folder, 'materialised'))).toBe(false);
  const both = await Promise.all([1, 2].map(() => program.hindcast(['materialise', '--json'])));
  for (const { stdout } of both) {
    const { ticks, verified } = JSON.parse(stdout) as { readonly ticks: number; readonly verified: number };
    expect(verified).toBe(ticks);
  }
});
