/** `npm run test:services [-- FILTER…]`: what needs Debian's services, on a Node that has SQLite. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { capableNode } from '../../cli/src/installation.ts';

const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const node = capableNode(repository);
if (node === undefined) {
  console.error('There is no Node 22.15 or newer beside this one: these tests keep decisions in SQLite.');
  process.exit(4);
}
const vitest = path.join(repository, 'node_modules/vitest/vitest.mjs');
const args = ['--no-warnings', vitest, 'run', '--config', 'vitest.services.config.ts', ...process.argv.slice(2)];
process.exitCode = spawnSync(node, args, { cwd: repository, stdio: 'inherit' }).status ?? 1;
