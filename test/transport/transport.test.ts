import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLedger } from '../../trace-runtime/src/store/ledger.ts';
import {
  check,
  feed,
  finish,
  hasHelper,
  helper,
  newRecording,
  sidecarNode,
  sidecarPid,
  sidecarScript,
  sleep,
  startSidecar,
} from './kit.ts';

const MILLION = 1_000_000;
const root = path.resolve(import.meta.dirname, '../..');
const sidecar = { node: sidecarNode, script: sidecarScript };
const ways = [
  { way: 'spool files', options: {} },
  ...(hasHelper ? [{ way: 'the mapped ring', options: { helper } }] : []),
];

describe.each(ways)('words through $way', ({ options }) => {
  test('arrive whole and in order, more than the spool holds at a time', async () => {
    const recording = newRecording();
    startSidecar(recording);
    const feeder = feed({ recording, words: 30 * MILLION, end: 'close', ...options });
    expect(await feeder.ended).toEqual({ code: 0, signal: null });
    await finish(recording);
    const [stream] = check(recording);
    expect(stream).toMatchObject({ words: 30 * MILLION, wrong: '', problems: [] });
    expect(stream!.footers).toBe(stream!.segments);
  });

  test('of several programs at a time do not mix', async () => {
    const recording = newRecording();
    startSidecar(recording);
    const counts = [3 * MILLION, 200, 1_234_567];
    await Promise.all(counts.map((words) => feed({ recording, words, end: 'close', ...options }).ended));
    await finish(recording);
    expect(
      check(recording)
        .map(({ words }) => words)
        .sort((a, b) => a - b),
    ).toEqual([...counts].sort((a, b) => a - b));
  });

  test('survive a program that is killed, up to the last flush', async () => {
    const recording = newRecording();
    startSidecar(recording);
    const said: number[] = [];
    for (const after of [30, 90, 150]) {
      const feeder = feed({ recording, words: 900 * MILLION, say: 5000, flush: true, end: 'close', ...options });
      while (feeder.said() === 0) await sleep(2);
      await sleep(after);
      feeder.child.kill('SIGKILL');
      await feeder.ended;
      await sleep(100);
      said.push(feeder.said());
    }
    await finish(recording);
    const streams = check(recording);
    expect(streams).toHaveLength(3);
    expect(readLedger(recording).filter(({ kind }) => kind === 'died')).toHaveLength(3);
    streams.forEach(({ words, wrong }, index) => {
      expect(wrong).toBe('');
      expect(words).toBeGreaterThanOrEqual(said[index]!);
    });
  });

  test.each(['kill', 'abort'])('are all there when the program ends itself by %s after a flush', async (end) => {
    const recording = newRecording();
    startSidecar(recording);
    const words = 2 * MILLION;
    await feed({ recording, words, say: words, flush: true, end, ...options }).ended;
    await finish(recording);
    expect(check(recording)[0]).toMatchObject({ words: words, wrong: '' });
  });

  test('go on in a new segment when the sidecar is killed, with the gap in the ledger and nothing lost', async () => {
    const recording = newRecording();
    startSidecar(recording);
    const feeder = feed({ recording, words: 60 * MILLION, say: MILLION, sidecar, end: 'close', ...options });
    let killed = 0;
    for (const million of [5, 20]) {
      while (feeder.said() < million * MILLION) await sleep(2);
      killed = await sidecarPid(recording, killed);
      process.kill(killed, 'SIGKILL');
    }
    expect(await feeder.ended).toEqual({ code: 0, signal: null });
    startSidecar(recording);
    await finish(recording);
    expect(check(recording)[0]).toMatchObject({ words: 60 * MILLION, wrong: '' });
    expect(readLedger(recording).filter(({ kind }) => kind === 'sidecar').length).toBeGreaterThan(0);
  });

  test('wait for the first sidecar when there is none yet', async () => {
    const recording = newRecording();
    const feeder = feed({ recording, words: 40 * MILLION, say: MILLION, sidecar, end: 'close', ...options });
    expect(await feeder.ended).toEqual({ code: 0, signal: null });
    await finish(recording);
    expect(check(recording)[0]).toMatchObject({ words: 40 * MILLION, wrong: '' });
  });

  test('can be read while the program runs', async () => {
    const recording = newRecording();
    startSidecar(recording);
    const feeder = feed({ recording, words: 3 * MILLION, end: 'stay', ...options });
    while (!feeder.output().includes('written')) await sleep(5);
    let count = 0;
    for (let tries = 0; tries < 100 && count < 3 * MILLION; tries++) {
      await sleep(50);
      count = check(recording)[0]?.words ?? 0;
    }
    feeder.child.kill();
    expect(count).toBe(3 * MILLION);
    await finish(recording);
  });

  test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'stop when the disk is full: the program runs on, and the ledger says when',
    async () => {
      const disk = newRecording();
      const mount = path.join(disk, 'disk');
      execFileSync('mkdir', [mount]);
      const mounted = attempt(() => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=56m,mode=700', 'tmpfs', mount]));
      if (!mounted) return;
      try {
        const recording = path.join(mount, 'r');
        execFileSync('mkdir', [recording]);
        newRecording(recording);
        execFileSync('sh', [
          '-c',
          `yes | head -c 4000000 > ${mount}/ballast; head -c 4194304 /dev/urandom > ${recording}/reserve`,
        ]);
        startSidecar(recording);
        // Without a reader for a while: the spool fills the disk.
        process.kill(await sidecarPid(recording), 'SIGSTOP');
        const feeder = feed({ recording, words: 60 * MILLION, end: 'close', ...options });
        await sleep(500);
        process.kill(await sidecarPid(recording), 'SIGCONT');
        expect(await feeder.ended).toEqual({ code: 0, signal: null });
        await finish(recording);
        const [stream] = check(recording);
        expect(stream).toMatchObject({ wrong: '', problems: [] });
        expect(stream!.words).toBeGreaterThan(0);
        const stops = readLedger(recording).filter(({ kind }) => kind === 'stopped');
        expect(stops.length).toBe(stream!.words < 60 * MILLION ? 1 : 0);
      } finally {
        execFileSync('umount', ['-l', mount]);
      }
    },
  );

  test('lie in folders and files that only their owner may read', async () => {
    const recording = newRecording();
    startSidecar(recording);
    await feed({ recording, words: 1000, end: 'close', ...options }).ended;
    await finish(recording);
    for (const entry of readdirSync(recording, { withFileTypes: true, recursive: true })) {
      const mode = statSync(path.join(entry.parentPath, entry.name)).mode & 0o777;
      expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600]);
    }
  });
});

test.each(['node22', 'node24'])('programs on %s are recorded too', async (name) => {
  const node = path.join(root, 'node_modules', name, 'bin/node');
  if (!existsSync(node)) return;
  const recording = newRecording();
  startSidecar(recording, node);
  await feed({ recording, words: MILLION, end: 'close', ...(hasHelper ? { helper } : {}) }, node).ended;
  await finish(recording);
  expect(check(recording)[0]).toMatchObject({ words: MILLION, wrong: '' });
});

test('a sidecar on a Node without zstd compresses with deflate', async () => {
  const recording = newRecording();
  startSidecar(recording, process.execPath);
  await feed({ recording, words: MILLION, end: 'close' }).ended;
  await finish(recording);
  expect(check(recording)[0]).toMatchObject({ words: MILLION, wrong: '' });
  expect(check(recording)[0]!.bytes).toBeLessThan(3 * MILLION);
});

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
