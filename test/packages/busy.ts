/** A machine that others keep busy: a test that is decided by a few milliseconds shows that it is. */
import { spawn } from 'node:child_process';
import os from 'node:os';

/** To each processor. */
const PROCESSES = 3;

export async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const count = os.availableParallelism() * PROCESSES;
  const busy = Array.from({ length: count }, () => spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
}
