/** Room kept on the disk, so that a recording that fills it can still be ended in order. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appendLedger } from '../../trace-runtime/src/store/ledger.ts';
import { FILE_MODE } from '../../trace-runtime/src/store/recording-paths.ts';
import { RESERVE_BYTES, RESERVE_FILE } from '../../trace-runtime/src/wire/spool.ts';

/** Programs that end sooner never need it, and need not share the machine with its making. */
const RESERVE_AFTER_MS = 500;

export function reserveLater(recording: string): { dispose(): void } {
  const timer = setTimeout(() => makeReserve(recording), RESERVE_AFTER_MS);
  return { dispose: () => clearTimeout(timer) };
}

/** Not zeros: a file system that compresses would keep no room for them. Without room the recording goes on without. */
function makeReserve(recording: string): void {
  const file = path.join(recording, RESERVE_FILE);
  try {
    const { randomFillSync } = process.getBuiltinModule('node:crypto');
    writeFileSync(file, randomFillSync(Buffer.allocUnsafe(RESERVE_BYTES)), { mode: FILE_MODE });
  } catch (error) {
    rmSync(file, { force: true });
    appendLedger(recording, { kind: 'missing', subject: 'reserve', reason: String(error) });
  }
}
