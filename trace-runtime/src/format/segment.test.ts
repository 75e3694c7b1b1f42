import { copyFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { crc32, crc32ByTable } from './crc32.ts';
import { decodeFooter, encodeFooter, FOOTER_VERSION, noCounts, type SegmentFooter } from './footer.ts';
import { readBlock, readSegmentIndex, type SegmentIndex } from './segment-reader.ts';
import { prepareBlock, SegmentWriter } from './segment-writer.ts';
import { TickTable } from './tick-table.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-segment-'));
const stream = '01234567-89ab-4cde-8f01-23456789abcd';
let number = 0;

async function writeSegment(blocks: number): Promise<string> {
  const writer = new SegmentWriter(folder, stream, number++, 0);
  for (let block = 0; block < blocks; block++) {
    const words = Int32Array.from({ length: 1000 }, (_, index) => block * 1000 + index);
    writer.write(await prepareBlock({ words, firstWord: block * 1000, firstRecord: block * 10, records: 10 }, true));
  }
  const ticks = new TickTable();
  for (let tick = 0; tick < 100; tick++) ticks.push(tick * 10, tick, 1, 0, 5, tick * 7, -tick);
  await writer.finish({
    version: FOOTER_VERSION,
    firstWord: 0,
    endWord: blocks * 1000,
    firstRecord: 0,
    endRecord: blocks * 10,
    files: [],
    ticks: ticks.columns(),
    landmarks: [],
    counts: noCounts,
    last: true,
  });
  return path.join(folder, `${String(number - 1).padStart(6, '0')}.seg`);
}

function words(index: SegmentIndex): number[] {
  return index.blocks.flatMap((block) => {
    const read = readBlock(index.path, block);
    return read instanceof Int32Array ? [...read] : [];
  });
}

function damaged(file: string, change: (copy: string) => void): SegmentIndex {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  change(copy);
  return readSegmentIndex(copy);
}

test('what was written is read, with the footer', async () => {
  const index = readSegmentIndex(await writeSegment(3));
  expect(index.problems).toEqual([]);
  expect(index.header).toMatchObject({ version: 1, stream, firstWord: 0 });
  expect(words(index)).toEqual(Array.from({ length: 3000 }, (_, at) => at));
  expect(index.footer?.ticks.length).toBe(100);
  expect([...(index.footer?.ticks.hashB ?? [])].slice(0, 3)).toEqual([-0, -1, -2].map((value) => value | 0));
  expect(index.footer?.blocks.map(({ firstRecord }) => firstRecord)).toEqual([0, 10, 20]);
});

test('a tail torn at any byte costs that tail only', async () => {
  const file = await writeSegment(3);
  const { size } = statSync(file);
  const ends = readSegmentIndex(file).blocks.map(({ offset }) => offset);
  for (let bytes = 0; bytes < size; bytes += 13) {
    const index = damaged(file, (copy) => truncateSync(copy, bytes));
    const whole = ends.filter((_, at) => (ends[at + 1] ?? Infinity) <= bytes).length;
    expect(words(index).length).toBeGreaterThanOrEqual(whole * 1000);
    expect(index.footer).toBeUndefined();
  }
});

test('a flipped byte in a block is noticed and costs that block only', async () => {
  const file = await writeSegment(3);
  const { offset } = readSegmentIndex(file).blocks[1]!;
  const index = damaged(file, (copy) => {
    const bytes = readFileSync(copy);
    bytes[offset + 40]! ^= 1;
    writeFileSync(copy, bytes);
  });
  expect(readBlock(index.path, index.blocks[1]!)).toMatchObject({ kind: 'damaged', offset });
  expect(words(index)).toHaveLength(2000);
});

test('no byte of a segment can be changed so that reading it throws', async () => {
  const file = await writeSegment(2);
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 5) {
    const index = damaged(file, (copy) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0xff;
      writeFileSync(copy, changed);
    });
    words(index);
  }
});

test('a file that is no segment and a newer one are told apart', async () => {
  const file = await writeSegment(1);
  expect(damaged(file, (copy) => writeFileSync(copy, 'x'.repeat(200))).problems[0]?.kind).toBe('no-segment');
  expect(damaged(file, (copy) => writeFileSync(copy, '')).problems[0]?.kind).toBe('torn');
  const newer = damaged(file, (copy) => {
    const bytes = readFileSync(copy);
    bytes.writeUInt32LE(99, 4);
    writeFileSync(copy, bytes);
  });
  expect(newer.problems[0]).toMatchObject({ kind: 'newer', reason: 'it has version 99, known is 1' });
});

test.each<[string, object]>([
  ['counts', { counts: undefined }],
  ['a count', { counts: { ...noCounts, ticks: 'many' } }],
  ['blocks', { blocks: undefined }],
  ['a place of a block', { blocks: [{ offset: null, firstWord: 0, words: 1, firstRecord: 0 }] }],
  ['a possible place of a block', { blocks: [{ offset: -0.5, firstWord: 0, words: 1, firstRecord: 0 }] }],
  ['a file', { files: [null] }],
])('a footer without %s is none', async (_, change) => {
  const footer = readSegmentIndex(await writeSegment(1)).footer!;
  expect(decodeFooter(encodeFooter(footer))).toEqual(footer);
  expect(() => decodeFooter(encodeFooter({ ...footer, ...change } as SegmentFooter))).toThrow();
});

test('the checksum is the same with and without zlib', () => {
  const bytes = Buffer.from('The quick brown fox jumps over the lazy dog');
  expect(crc32ByTable(bytes)).toBe(0x414fa339);
  expect(crc32(bytes)).toBe(0x414fa339);
});
