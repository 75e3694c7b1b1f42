import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BlockLog } from './block-log.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'block-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Records of many lengths, each of one byte over and over. */
const lengths = Array.from({ length: 300 }, (_, i) => (i === 150 ? 3_000_000 : (i * 7919) % 3000));
const recordOf = (index: number): Uint8Array => new Uint8Array(lengths[index]!).fill(index);

function written(name: string): { readonly file: string; readonly places: number[]; readonly offsets: number[] } {
  const file = path.join(folder, name);
  const log = new BlockLog(file);
  const places = lengths.map((_, index) => log.append(recordOf(index)));
  log.flush();
  log.close();
  return { file, places, offsets: log.offsets };
}

test('records come back as they were put in, the very long ones too', () => {
  const { file, places, offsets } = written('whole');
  const log = new BlockLog(file, offsets);
  for (const [index, place] of places.entries())
    expect(Buffer.compare(log.read(place).raw(lengths[index]!), recordOf(index))).toBe(0);
  log.close();
});

test('damage is told where it is met, and other blocks are read', () => {
  const { file, places, offsets } = written('damaged');
  const bytes = readFileSync(file);
  bytes.fill(1, offsets[2]! + 20, offsets[2]! + 24);
  writeFileSync(file, bytes);
  const log = new BlockLog(file, offsets);
  let told = 0;
  log.onDamage = () => told++;
  const faults = places.flatMap((place, index) => {
    try {
      expect(Buffer.compare(log.read(place).raw(lengths[index]!), recordOf(index))).toBe(0);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.length).toBeLessThan(100);
  expect(told).toBe(faults.length);
  expect(new Set(faults)).toEqual(
    new Set([
      "The index that the recording's reader made is damaged (the checksum of block 2 is wrong). Open the recording again: it is made anew.",
    ]),
  );
  log.close();
});
