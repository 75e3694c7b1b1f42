/** Room kept on the disk, so that a recording that fills it can still be ended in order. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appendLedger } from '../../trace-runtime/src/store/ledger.ts';
import { FILE_MODE } from '../../trace-runtime/src/store/recording-paths.ts';
import { RESERVE_BYTES, RESERVE_FILE } from '../../trace-runtime/src/wire/spool.ts';

/** Without room the recording goes on without. */
export function makeReserve(recording: string): void {
  const file = path.join(recording, RESERVE_FILE);
  try {
    writeFileSync(file, noise(RESERVE_BYTES), { mode: FILE_MODE });
  } catch (error) {
    rmSync(file, { force: true });
    appendLedger(recording, { kind: 'missing', subject: 'reserve', reason: String(error) });
  }
}

/** File systems that compress do so by blocks of at most as many bytes. */
const NOISE_BYTES = 128 * 1024;

/** A file system that compresses would keep no room for zeros. Nothing depends on this being random (xorshift32). */
function noise(bytes: number): Uint8Array {
  const words = new Int32Array(NOISE_BYTES >> 2);
  let state = 0x9e3779b9;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.alloc(bytes, new Uint8Array(words.buffer));
}
