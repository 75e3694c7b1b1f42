/** Compresses the blobs that programs have left in a recording, one after the other, beside everything else. */
import { chmodSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PACKED, packFile } from '../format/packed-file.ts';
import { FILE_MODE } from '../store/recording-paths.ts';

export interface BlobPacker {
  /** Packs what is there; a call while it is at work waits for that work and looks once more. */
  pack(): Promise<void>;
}

/** Smaller blobs are left as they are: a file takes a block of the disk anyway. */
const LEAST_BYTES = 4096;
/** Larger ones too: they would be held in memory whole. */
const MOST_BYTES = 64 << 20;
const BLOB = /^[0-9a-f]{64}$/;

export function blobPacker(folder: string): BlobPacker {
  const left = new Set<string>();
  let chain: Promise<void> = Promise.resolve();

  async function packOne(name: string): Promise<void> {
    const file = path.join(folder, name);
    const { size } = statSync(file);
    if (size < LEAST_BYTES || size > MOST_BYTES) return void left.add(name);
    const target = file + PACKED;
    if (!existsSync(target)) {
      const packed = await packFile(readFileSync(file));
      const draft = path.join(folder, `.packed-${name}`);
      writeFileSync(draft, packed, { mode: FILE_MODE });
      chmodSync(draft, FILE_MODE);
      renameSync(draft, target);
    }
    rmSync(file);
  }

  async function packAll(): Promise<void> {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      if (!BLOB.test(name) || left.has(name)) continue;
      // on a full disk, or where someone took the file away, it stays as it is
      await packOne(name).catch(() => left.add(name));
    }
  }

  return {
    pack() {
      chain = chain.then(packAll);
      return chain;
    },
  };
}
