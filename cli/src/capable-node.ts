/** Recordings are compressed with zstd, which Node's zlib has from 22.15: older ones hand over to one that is installed along. */
import { spawnSync } from 'node:child_process';
import { capableNode } from './installation.ts';

/** The exit code of the same command on a capable Node, or undefined where this one does or there is no other. */
export function rerunOnCapableNode(): number | undefined {
  const node = capableNode();
  if (node === undefined || node === process.execPath) return undefined;
  const run = spawnSync(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  return run.status ?? undefined;
}
