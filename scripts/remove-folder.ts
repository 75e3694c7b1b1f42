/** Removes folders in which programs may still write that end by themselves soon. */
import { rmSync } from 'node:fs';

const PATIENCE_MS = 20_000;
const BETWEEN_MS = 50;

/**
 * What was started in the folder and has it as its home, such as the instrumenter with its cache, ends when it sees that the
 * folder is gone, and writes meanwhile. `rmSync` with `maxRetries` removes the emptied folder again and again, and does not look for
 * what came into it; this does. A folder that is not there is no error.
 */
export function removeFolder(folder: string): void {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['ENOTEMPTY', 'EBUSY', 'EPERM'].includes(code) || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_MS);
    }
  }
}
