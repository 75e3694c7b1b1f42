/** Recordings are compressed with zstd, which Node's zlib has from 22.15: older ones hand over to one that is installed along. */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { capableNode } from './installation.ts';

/** What a program held that filled its memory is held by its reader, too. */
const HEAP = `--max-old-space-size=${Math.max(4096, Math.floor((0.6 * os.totalmem()) / 2 ** 20))}`;

/**
 * The exit code of the same command on a capable Node, or undefined where this one does or there is no other. `flags`:
 * what Node has to be started with.
 */
export function rerunOnCapableNode(flags: readonly string[] = []): number | undefined {
  const node = capableNode();
  const missing = flags.filter((flag) => !process.execArgv.includes(flag));
  if (node === undefined || (node === process.execPath && missing.length === 0)) return undefined;
  // the terminal tells both: the other one decides what follows
  process.on('SIGINT', () => undefined);
  const run = spawnSync(node, [HEAP, ...process.execArgv, ...missing, ...process.argv.slice(1)], { stdio: 'inherit' });
  return run.status ?? undefined;
}
