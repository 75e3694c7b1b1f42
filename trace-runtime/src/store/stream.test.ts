import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { segmentFileName } from '../format/segment-layout.ts';
import { encodeSegment } from '../format/segment-writer.ts';
import { Runtime, Tag } from '../wire/words.ts';
import { openWords, readStream } from './stream.ts';

const words = (from: number): Int32Array<ArrayBuffer> =>
  Int32Array.of((Runtime.tick << 4) | Tag.control, (from + 1) << 1, 0, 0, 0);

/** Without a footer, as a killed collector leaves it; `torn`: with the beginning of a further block. */
function segment(number: number, firstWord: number, torn: number): Uint8Array {
  const whole = encodeSegment({ number, firstWord, madeAt: 0, stream: 'a' }, words(firstWord), firstWord, undefined);
  return Buffer.concat([whole, new Uint8Array(torn)]);
}

/** Segments of five words each; what begins behind a torn one begins so many words later. */
function check(gap: number): { readonly problems: number; readonly words: number } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-stream-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, segmentFileName(0)), segment(0, 0, 8));
  writeFileSync(path.join(folder, segmentFileName(1)), segment(1, 5 + gap, 0));
  const { segments, problems } = readStream(folder);
  let count = 0;
  const source = openWords(segments);
  for (let chunk = source.next(); chunk; chunk = source.next()) count += chunk.length;
  return { problems: problems.length, words: count };
}

test('a block that a killed collector tore, and that the next one wrote, is no problem', () => {
  expect(check(0)).toEqual({ problems: 0, words: 10 });
});

test('a torn block that nobody wrote again is one', () => {
  expect(check(3)).toEqual({ problems: 1, words: 10 });
});

test('a file without a header is no problem where the next segment has its words', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-stream-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (number: number): string => path.join(folder, segmentFileName(number));
  writeFileSync(file(0), '');
  writeFileSync(file(1), segment(1, 0, 0));
  expect(readStream(folder).problems).toEqual([]);
  writeFileSync(file(2), '');
  expect(readStream(folder).problems).toHaveLength(1);
  writeFileSync(file(3), segment(3, 5, 0));
  expect(readStream(folder).problems).toEqual([]);
  writeFileSync(file(3), segment(3, 10, 0));
  expect(readStream(folder).problems).toHaveLength(1);
});

test('whole chunks are passed over unread, never the last one, and none that cannot be read', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-stream-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (number: number): string => path.join(folder, segmentFileName(number));
  for (let i = 0; i < 5; i++) writeFileSync(file(i), segment(i, 5 * i, 0));
  const { segments } = readStream(folder);
  const source = openWords(segments);
  expect(source.pass(11)).toBe(10);
  expect(source.tell()).toBe(1);
  expect(source.next()).toEqual(words(10));
  source.seek(0);
  expect(source.pass(10)).toBe(5);
  expect(source.pass(1000)).toBe(15);
  expect(source.pass(1000)).toBe(0);
  const bytes = readFileSync(file(2));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file(2), bytes);
  const damaged = openWords(segments);
  expect(damaged.pass(1000)).toBe(10);
  expect(damaged.next()).toEqual(words(15));
});
