import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readLedger } from '../../trace-runtime/src/store/ledger.ts';
import { check, feed, finish, newRecording, startSidecar } from './kit.ts';

test('--keep holds a recording to its size by dropping the oldest, and says so', async () => {
  const recording = newRecording(undefined, { bytes: 4_000_000 });
  startSidecar(recording);
  await feed({ recording, words: 40_000_000, end: 'close' }).ended;
  await finish(recording);
  const [stream] = check(recording);
  expect(stream!.bytes).toBeLessThan(4_600_000);
  expect(stream!.problems).toEqual([]);
  const dropped = readLedger(recording).filter(({ kind }) => kind === 'dropped');
  expect(dropped.length).toBeGreaterThan(2);
  expect(readdirSync(path.join(recording, 'streams', stream!.id)).length).toBe(stream!.segments + 1);
});
