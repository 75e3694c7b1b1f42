import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Collector } from './collector.ts';
import { takeLock } from './lock.ts';
import { openRecording } from '../store/recording.ts';
import { RECORDING_FORMAT, writeManifest } from '../store/manifest.ts';
import { FINISH_FILE, spoolFileName, spoolHeader } from '../wire/spool.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function newRecording(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-collector-'));
  folders.push(folder);
  for (const name of ['spool', 'streams', 'sites', 'sources']) mkdirSync(path.join(folder, name));
  writeManifest(folder, {
    format: RECORDING_FORMAT,
    id: 'r',
    command: ['x'],
    cwd: folder,
    startedAt: 0,
    state: 'recording',
    recorder: process.pid,
    options: {},
    environment: {},
  });
  return folder;
}

const bytesOf = (words: Int32Array): Uint8Array => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

test('words written just before the programs ended, after the last look, are taken', async () => {
  const recording = newRecording();
  const stream = '0b2c1d3e-0000-4000-8000-000000000001';
  const part = path.join(recording, 'spool', spoolFileName(stream, 0, 'part'));
  mkdirSync(path.join(recording, 'streams', stream));
  writeFileSync(path.join(recording, 'streams', stream, 'hello.json'), JSON.stringify({ format: 1, stream }));
  writeFileSync(part, bytesOf(spoolHeader(0, 0)));
  appendFileSync(part, bytesOf(Int32Array.of(2, 4, 6)));
  let tended = 0;
  const collector = new Collector({
    recording,
    lock: takeLock(path.join(recording, 'spool'))!,
    sites: { keep: () => undefined, keepPlain: () => undefined },
    recorder: process.pid,
    limits: { bytes: 1e6, milliseconds: 1e6 },
    // Called between a look and the question whether all have ended: the worst moment.
    cut: () => '',
    tend() {
      if (++tended !== 2) return;
      appendFileSync(part, bytesOf(Int32Array.of(8, 10)));
      writeFileSync(path.join(recording, FINISH_FILE), '');
    },
  });
  expect(await collector.run()).toBe(true);
  const opened = openRecording(recording);
  expect(opened.ok && opened.value.streams[0]?.words).toBe(5);
});

/** A stream of a program that lives on; gives the file that its words go to. */
function livingStream(recording: string, pid: number): string {
  const stream = '0b2c1d3e-0000-4000-8000-000000000002';
  const part = path.join(recording, 'spool', spoolFileName(stream, 0, 'part'));
  mkdirSync(path.join(recording, 'streams', stream));
  writeFileSync(path.join(recording, 'streams', stream, 'hello.json'), JSON.stringify({ format: 1, stream, pid }));
  writeFileSync(part, bytesOf(spoolHeader(0, 0)));
  return part;
}

function collectorOf(recording: string, recorder: number | undefined): Collector {
  return new Collector({
    recording,
    lock: takeLock(path.join(recording, 'spool'))!,
    sites: { keep: () => undefined, keepPlain: () => undefined },
    recorder,
    limits: { bytes: 1e6, milliseconds: 1e6 },
    cut: () => '',
    tend: () => undefined,
  });
}

test('a program that lives on and never stops writing is not waited for', async () => {
  const recording = newRecording();
  const part = livingStream(recording, process.pid);
  writeFileSync(path.join(recording, FINISH_FILE), '');
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  let written = 0;
  const write = (): void => {
    appendFileSync(part, bytesOf(new Int32Array(64).fill(2)));
    vi.setSystemTime((written += 50));
  };
  const writing = setInterval(write, 1);
  try {
    const collector = collectorOf(recording, process.pid);
    collector.wake = () => undefined;
    expect(await collector.run()).toBe(true);
    expect(written).toBeLessThan(60_000);
  } finally {
    clearInterval(writing);
    vi.useRealTimers();
  }
});

test('where the record command is gone, a collector that is told to end ends, whatever still lives', async () => {
  const recording = newRecording();
  livingStream(recording, process.pid);
  const collector = collectorOf(recording, undefined);
  let over = false;
  const run = collector.run().finally(() => (over = true));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(over).toBe(false);
  collector.end();
  expect(await run).toBe(true);
});
