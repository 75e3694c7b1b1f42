import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderEntries, importArchive, named, readArchiveId, writeArchive } from './archive.ts';
import { appendLedger, readLedger } from './ledger.ts';
import { RECORDING_FORMAT, readManifest, writeManifest } from './manifest.ts';
import { openRecording } from './recording.ts';
import {
  defaultStore,
  enforceRetention,
  findRecording,
  findStore,
  listRecordings,
  makeStore,
  newRecordingId,
  pinRecording,
} from './recordings.ts';

function project(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-store-'));
  makeStore(defaultStore(folder));
  return folder;
}

function add(store: string, id: string, startedAt: number, bytes = 1000, recorder?: number): string {
  const folder = path.join(store, id);
  mkdirSync(path.join(folder, 'blobs'), { recursive: true });
  const begun = {
    format: RECORDING_FORMAT,
    id,
    command: ['node', 'a.js'],
    cwd: '/',
    startedAt,
    options: {},
    environment: {},
  };
  writeManifest(
    folder,
    recorder === undefined ? { ...begun, state: 'complete' } : { ...begun, state: 'recording', recorder },
  );
  writeFileSync(path.join(folder, 'blobs', 'b'.repeat(64)), Buffer.alloc(bytes, id));
  return folder;
}

const ids = (store: string): readonly string[] => listRecordings(store).map(({ manifest }) => manifest.id);

test('recordings are kept out of version control by an ignore file of their own', () => {
  const store = defaultStore(project());
  expect(readFileSync(path.join(store, '.gitignore'), 'utf8')).toBe('*\n');
});

test('recordings are listed newest first, and ids sort by time', () => {
  const store = defaultStore(project());
  add(store, 'old', 1);
  add(store, 'new', 2);
  mkdirSync(path.join(store, 'no-recording'));
  expect(ids(store)).toEqual(['new', 'old']);
  expect(newRecordingId(new Date('2026-01-31T12:00:00Z'))).toMatch(/^2026-01-31T12-00-00-[0-9a-f]{4}$/);
});

test('the newest is the last run: what was imported is it only where nothing was recorded here', () => {
  const folder = project();
  const store = defaultStore(folder);
  const imported = add(store, 'run-3-9', 2);
  const manifest = readManifest(imported);
  if (manifest.ok) writeManifest(imported, { ...manifest.value, imported: true });
  expect(findRecording(undefined, folder)).toEqual({ ok: true, value: imported });
  const own = add(store, 'run', 1);
  expect(findRecording(undefined, folder)).toEqual({ ok: true, value: own });
});

test('beyond the limit the oldest go, but not pinned ones, growing ones and the newest', () => {
  const store = defaultStore(project());
  pinRecording(add(store, 'pinned', 1), true);
  add(store, 'growing', 2, 1000, process.pid);
  add(store, 'old', 3);
  add(store, 'middle', 4);
  add(store, 'newest', 5);
  enforceRetention(store, 5100);
  expect(ids(store)).toEqual(['newest', 'middle', 'growing', 'pinned']);
  enforceRetention(store, 0);
  expect(ids(store)).toEqual(['newest', 'growing', 'pinned']);
});

test('a recording is found by path, by the beginning of its id, or as the latest, from any folder of the project', () => {
  const folder = project();
  const store = defaultStore(folder);
  const one = add(store, 'abc-1', 1);
  const two = add(store, 'def-2', 2);
  const deep = path.join(folder, 'a', 'b');
  mkdirSync(deep, { recursive: true });
  expect(findStore(deep)).toBe(store);
  expect(findRecording(undefined, deep)).toEqual({ ok: true, value: two });
  expect(findRecording('abc', deep)).toEqual({ ok: true, value: one });
  expect(findRecording(one, os.tmpdir())).toEqual({ ok: true, value: one });
  expect(findRecording('xyz', deep)).toMatchObject({ ok: false, error: { code: 'no-such-recording' } });
});

test('what is no recording, is newer, or is torn is told in one sentence', () => {
  const folder = project();
  expect(readManifest(folder)).toMatchObject({
    ok: false,
    error: { sentence: `${folder} is not a recording: it has no manifest.json.` },
  });
  writeFileSync(path.join(folder, 'manifest.json'), '{"format": 1, "id"');
  expect(readManifest(folder)).toMatchObject({ ok: false, error: { code: 'not-a-recording' } });
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ format: 99, id: 'x', command: [] }));
  expect(readManifest(folder)).toMatchObject({ ok: false, error: { code: 'newer-recording' } });
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ format: 1, id: 'x', command: [], options: null }));
  expect(readManifest(folder)).toMatchObject({ ok: true, value: { options: {}, environment: {} } });
});

test('a torn line of the ledger costs that line only', () => {
  const folder = project();
  appendLedger(folder, { kind: 'died', subject: 'a', reason: 'b' });
  writeFileSync(
    path.join(folder, 'ledger.jsonl'),
    `${readFileSync(path.join(folder, 'ledger.jsonl'), 'utf8')}{"kind":"x`,
  );
  expect(readLedger(folder)).toMatchObject([{ kind: 'died', subject: 'a', reason: 'b' }]);
});

test('a portable file brings the recording to another place, private again', () => {
  const from = add(defaultStore(project()), 'carried', 1, 5000);
  const file = path.join(path.dirname(from), 'carried.hindcast');
  writeArchive(file, folderEntries(from));
  expect(readArchiveId(file)).toEqual({ ok: true, value: 'carried' });
  const store = defaultStore(project());
  const folder = path.join(store, 'carried');
  expect(importArchive(file, store)).toEqual({ ok: true, value: { folder, isNew: true } });
  expect(readFileSync(path.join(folder, 'blobs', 'b'.repeat(64)))).toEqual(
    readFileSync(path.join(from, 'blobs', 'b'.repeat(64))),
  );
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, 'manifest.json')).mode & 0o777).toBe(0o600);
  expect(openRecording(folder)).toMatchObject({ ok: true, value: { manifest: { id: 'carried' }, streams: [] } });
  expect(importArchive(file, store)).toEqual({ ok: true, value: { folder, isNew: false } });
});

test('a name that the user gave goes with a portable file', () => {
  const from = add(defaultStore(project()), 'carried', 1, 5000);
  const file = path.join(path.dirname(from), 'carried.hindcast');
  writeArchive(file, named(folderEntries(from), 'the lost order'));
  const store = defaultStore(project());
  expect(importArchive(file, store).ok).toBe(true);
  expect(listRecordings(store)).toMatchObject([
    { name: 'the lost order', manifest: { id: 'carried', imported: true } },
  ]);
});

test('what is no portable file says so, says why, and makes no folder of recordings', () => {
  const from = add(defaultStore(project()), 'whole', 1, 5000);
  const whole = path.join(path.dirname(from), 'whole.hindcast');
  writeArchive(whole, folderEntries(from));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-store-'));
  const file = path.join(folder, 'given.hindcast');
  const check = (content: Uint8Array, reason: string): void => {
    writeFileSync(file, content);
    expect(importArchive(file, defaultStore(folder))).toMatchObject({
      error: {
        sentence: `${file} is no portable recording: ${reason}.`,
        remedy: expect.stringMatching(/^Copy it again/),
      },
    });
  };
  check(Buffer.alloc(0), 'it is empty');
  check(Buffer.from('{"not": "one"}'), 'it begins otherwise');
  check(readFileSync(whole).subarray(0, 40), 'it ends early');
  expect(existsSync(defaultStore(folder))).toBe(false);
});

test('a damaged or hostile portable file is refused and leaves nothing behind', () => {
  const from = add(defaultStore(project()), 'bad', 1, 5000);
  const file = path.join(path.dirname(from), 'bad.hindcast');
  writeArchive(file, folderEntries(from));
  const bytes = readFileSync(file);
  const refuse = (change: (copy: Buffer) => Buffer | void): void => {
    const store = defaultStore(project());
    const copy = Buffer.from(bytes);
    writeFileSync(file, change(copy) ?? copy);
    expect(importArchive(file, store).ok).toBe(false);
    expect(listRecordings(store)).toEqual([]);
  };
  for (let at = 0; at < bytes.length; at += 101) refuse((copy) => void (copy[at]! ^= 0x55));
  for (const length of [0, 7, 20, bytes.length - 1000, bytes.length - 1]) refuse((copy) => copy.subarray(0, length));
  const manifest = { name: 'manifest.json', content: readFileSync(path.join(from, 'manifest.json')) };
  const outside = path.join(path.dirname(from), 'hostile.hindcast');
  writeArchive(outside, [manifest, { name: '../../escaped', content: Buffer.from('x') }]);
  const store = defaultStore(project());
  expect(importArchive(outside, store)).toMatchObject({ ok: false, error: { code: 'not-a-recording' } });
  expect(existsSync(path.join(store, '..', 'escaped'))).toBe(false);
});
