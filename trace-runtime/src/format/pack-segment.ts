/**
 * Makes a whole segment smaller, in the background, when nothing is written to it any more: its blocks are predicted
 * (predicted-words.ts) and compressed with more effort. The blocks stay the same, with the same numbers of words, so that
 * places in them are where they were; readers that know the file as it was find them (`findFrame`).
 */
import { renameSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { compress, Compression, type CompressionId } from './compression.ts';
import type { BlockEntry, SegmentFooter } from './footer.ts';
import { fromPredicted, toPredicted } from './predicted-words.ts';
import { toRelativeIds } from './relative-ids.ts';
import { encodeFrameHeader, FrameKind, segmentFileName, Transform } from './segment-layout.ts';
import { readBlock, readSegmentIndex, readStoredBlock } from './segment-reader.ts';
import { SegmentWriter, type PreparedBlock } from './segment-writer.ts';

/** A block is replaced where that leaves at most this share of it, a segment likewise. */
const WORTH = 0.9;
/** Milliseconds without a write after which nobody packs a segment any more. */
const IDLE = 120_000;

/**
 * Gives how many bytes were saved: 0 where the segment is not whole, is damaged, is being packed by somebody else or would
 * hardly get smaller. Throws what the file system says; the segment is then as it was.
 */
export async function packSegment(file: string): Promise<number> {
  const { header, footer, bytes } = readSegmentIndex(file);
  if (!header || !footer) return 0;
  const packing = `${segmentFileName(header.number)}.packing`;
  const target = path.join(path.dirname(file), packing);
  if (isBusy(target)) return 0;
  const writer = new SegmentWriter(path.dirname(file), header.stream, header.number, header.firstWord, packing);
  try {
    const isWorth = await writePacked(writer, file, footer);
    const saved = bytes - statSync(target).size;
    if (isWorth && saved > 0) renameSync(target, file);
    else unlinkSync(target);
    return isWorth ? Math.max(saved, 0) : 0;
  } catch (error) {
    unlinkSync(target);
    throw error;
  }
}

async function writePacked(writer: SegmentWriter, file: string, footer: SegmentFooter): Promise<boolean> {
  const isWorth = await writeBlocks(writer, file, footer).catch((error: unknown) => {
    writer.close();
    throw error;
  });
  if (isWorth) await writer.finish(footer);
  else writer.close();
  return isWorth;
}

async function writeBlocks(writer: SegmentWriter, file: string, { blocks }: SegmentFooter): Promise<boolean> {
  let before = 0;
  let after = 0;
  for (const block of blocks) {
    const stored = readStoredBlock(file, block);
    if (!stored) return false;
    const { payload, bytes } = stored;
    before += payload.length;
    const prepared = (await packBlock(file, block, stored)) ?? { ...block, header: bytes, payload };
    after += prepared.payload.length;
    writer.write(prepared);
  }
  return after <= before * WORTH;
}

/** undefined where the block is best left as it is */
async function packBlock(
  file: string,
  block: BlockEntry,
  { header, payload: stored }: NonNullable<ReturnType<typeof readStoredBlock>>,
): Promise<PreparedBlock | undefined> {
  const compression = header.compression as CompressionId;
  if (compression === Compression.none || header.transform === Transform.predicted) return undefined;
  const words = readBlock(file, block);
  if (!(words instanceof Int32Array)) return undefined;
  toRelativeIds(words);
  const predicted = toPredicted(words);
  if (!areEqual(fromPredicted(predicted, words.length), words)) return undefined;
  const payload = await compress(predicted, compression, 'thorough');
  if (payload.length > stored.length * WORTH) return undefined;
  const { rawBytes, firstWord, records } = header;
  const transform = Transform.predicted;
  const frame = { kind: FrameKind.words, compression, transform, rawBytes, firstWord, records };
  return { ...block, header: encodeFrameHeader(frame, payload), payload };
}

/** Nothing is replaced by what does not give it back. */
function areEqual(a: Int32Array, b: Int32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));
}

/** Removes what a packer left that was ended. */
function isBusy(target: string): boolean {
  const written = statSync(target, { throwIfNoEntry: false })?.mtimeMs;
  if (written === undefined) return false;
  if (Date.now() - written < IDLE) return true;
  unlinkSync(target);
  return false;
}
