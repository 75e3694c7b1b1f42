import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readBlock, readSegmentIndex } from '../format/segment-reader.ts';
import { WordScanner } from '../format/word-scanner.ts';
import { segmentFileName } from '../format/segment-layout.ts';
import { StreamWriter } from './stream-writer.ts';
import type { StreamSource } from './word-source.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** Hands out `words` as one look each. */
function sourceOf(...looks: readonly (readonly number[])[]): StreamSource & { released: number } {
  const left = [...looks];
  return {
    stream: '0b2c1d3e-0000-4000-8000-000000000001',
    word: 0,
    closed: false,
    released: 0,
    read(target) {
      const next = left.shift() ?? [];
      target.set(next);
      (this as { word: number }).word += next.length;
      return next.length;
    },
    release(word) {
      this.released = word;
    },
    dispose: () => undefined,
  };
}

test('what finds no room is kept until the spool has made some', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-writer-'));
  folders.push(folder);
  const stored = path.join(folder, 'stored');
  const source = sourceOf([2, 4, 6], [], [8, 10]);
  let fails = 0;
  const events = { file: () => undefined, failed: () => ++fails > 0, emptied: () => void mkdirSync(stored) };
  const resume = { segment: 0, word: 0, scanner: new WordScanner() };
  const writer = new StreamWriter(stored, source, resume, events, { bytes: 1e6, milliseconds: 1e6 });
  // stands for a full disk: no segment can be made
  rmSync(stored, { recursive: true });
  await writer.pump(10);
  await writer.close();
  expect(await writer.isStored()).toBe(false);
  await writer.pump(10);
  await writer.close();
  expect([fails, source.released, writer.failure]).toEqual([1, 0, undefined]);
  await writer.finish();
  expect(writer.failure).toBeUndefined();
  const file = path.join(stored, segmentFileName(0));
  const words = readSegmentIndex(file).blocks.flatMap((block) => [...(readBlock(file, block) as Int32Array)]);
  expect(words).toEqual([2, 4, 6, 8, 10]);
});
