import { existsSync, mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Tag } from '../wire/words.ts';
import { FOOTER_VERSION, noCounts } from './footer.ts';
import { packSegment } from './pack-segment.ts';
import { isReadable, readBlock, readSegmentIndex } from './segment-reader.ts';
import { prepareBlock, SegmentWriter } from './segment-writer.ts';
import { TickTable } from './tick-table.ts';

const BLOCKS = 3;
const BLOCK_WORDS = 20_000;

/** Values without a pattern, each written, passed and returned. */
async function writeSegment(isWhole = true): Promise<{ readonly file: string; readonly words: number[][] }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-pack-'));
  const writer = new SegmentWriter(folder, '01234567-89ab-4cde-8f01-23456789abcd', 0, 0);
  const words: number[][] = [];
  let value = 1;
  for (let block = 0; block < BLOCKS; block++) {
    const content = Int32Array.from({ length: BLOCK_WORDS }, (_, at) => {
      if (at % 6 === 0) value = Math.imul(value, 1_103_515_245) + 12_345;
      return at % 2 === 0 ? ((300 + (at % 6)) << 4) | Tag.control : value & ~1;
    });
    words.push([...content]);
    const place = { firstWord: block * BLOCK_WORDS, firstRecord: 0, records: 10 };
    writer.write(await prepareBlock({ words: content, ...place }, true));
  }
  const ticks = new TickTable().columns();
  const content = { firstWord: 0, endWord: BLOCKS * BLOCK_WORDS, firstRecord: 0, endRecord: 10 };
  const found = { files: [], ticks, landmarks: [], counts: noCounts };
  if (isWhole) await writer.finish({ version: FOOTER_VERSION, ...content, ...found, last: true });
  else writer.close();
  return { file: path.join(folder, '000000.seg'), words };
}

test('a packed segment is smaller and says the same', async () => {
  const { file, words } = await writeSegment();
  const before = readSegmentIndex(file);
  const saved = await packSegment(file);
  const after = readSegmentIndex(file);
  expect(after.bytes).toBe(before.bytes - saved);
  expect(after.bytes).toBeLessThan(before.bytes * 0.75);
  expect(after.blocks.map((block) => [...(readBlock(file, block) as Int32Array)])).toEqual(words);
  const { blocks: _, ...footer } = after.footer!;
  expect(footer).toEqual({ ...before.footer, blocks: undefined, ...footer });
  expect(after.problems).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.packing`)).toBe(false);
  expect(await packSegment(file), 'packed again').toBe(0);
});

test('who opened the segment before it was packed reads it still', async () => {
  const { file, words } = await writeSegment();
  const { blocks } = readSegmentIndex(file);
  expect(await packSegment(file)).toBeGreaterThan(0);
  expect(blocks.map((block) => isReadable(file, block))).toEqual([true, true, true]);
  expect(blocks.map((block) => [...(readBlock(file, block) as Int32Array)])).toEqual(words);
});

test('segments that grow or are damaged stay as they are', async () => {
  const growing = await writeSegment(false);
  expect(await packSegment(growing.file)).toBe(0);
  const damaged = await writeSegment();
  const bytes = readFileSync(damaged.file);
  bytes[500]! ^= 1;
  writeFileSync(damaged.file, bytes);
  expect(await packSegment(damaged.file)).toBe(0);
  expect(readFileSync(damaged.file).equals(bytes)).toBe(true);
  expect(existsSync(`${damaged.file}.packing`)).toBe(false);
});

test('of two who pack one waits for nobody, and what was left by one that was ended goes', async () => {
  const { file } = await writeSegment();
  const packing = `${file}.packing`;
  writeFileSync(packing, '');
  expect(await packSegment(file)).toBe(0);
  utimesSync(packing, new Date(0), new Date(0));
  expect(await packSegment(file)).toBeGreaterThan(0);
  expect(existsSync(packing)).toBe(false);
});

test('a block that is damaged after it was packed is told, and costs no other', async () => {
  const { file, words } = await writeSegment();
  await packSegment(file);
  const { blocks } = readSegmentIndex(file);
  const bytes = readFileSync(file);
  bytes[blocks[1]!.offset + 200]! ^= 1;
  writeFileSync(file, bytes);
  expect(readBlock(file, blocks[1]!)).toMatchObject({ kind: 'damaged' });
  expect([...(readBlock(file, blocks[2]!) as Int32Array)]).toEqual(words[2]);
});
