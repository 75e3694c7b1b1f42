import { spawnSync } from 'node:child_process';
import { capableNode, nodeHasZstd } from '../../cli/src/installation.ts';

const PROGRAM_NODE = 'HINDCAST_PROGRAM_NODE';

/** The Node that measured and compared programs run on: that of whoever started the tool. */
export const programNode = process.env[PROGRAM_NODE] ?? process.execPath;

/** Goes on in a Node that reads every recording, where this one does not. To be called before anything else. */
export function continueInReaderNode(): void {
  const reader = nodeHasZstd() ? undefined : capableNode(process.env['HINDCAST_REPOSITORY'] ?? process.cwd());
  if (reader === undefined) return;
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const run = spawnSync(reader, args, { stdio: 'inherit', env: { ...process.env, [PROGRAM_NODE]: process.execPath } });
  process.exit(run.status ?? 1);
}
