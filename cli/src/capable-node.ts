/** Recordings are compressed with zstd, which Node's zlib has from 22.15: older ones hand over to one that is installed along. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import tty from 'node:tty';
import { capableNode } from './installation.ts';

/** What a program held that filled its memory is held by its reader, too. */
const HEAP = `--max-old-space-size=${Math.max(4096, Math.floor((0.6 * os.totalmem()) / 2 ** 20))}`;

/**
 * Runs the same command on a capable Node; undefined where this one is, or there is no other. `flags`: what Node has to be
 * started with. Gives the exit code, as a shell would where a signal ended the command.
 */
export function rerunOnCapableNode(flags: readonly string[] = []): Promise<number> | undefined {
  const node = capableNode();
  const missing = flags.filter((flag) => !process.execArgv.includes(flag));
  if (node === undefined || (node === process.execPath && missing.length === 0)) return undefined;
  const args = [HEAP, ...process.execArgv, ...missing, ...process.argv.slice(1)];
  const child = spawn(node, args, { stdio: 'inherit' });
  // the other one decides what follows; the terminal tells both
  process.on('SIGINT', () => void (tty.isatty(0) || child.kill('SIGINT')));
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGKILL']));
  });
}
