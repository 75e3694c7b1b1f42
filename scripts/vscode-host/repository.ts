/** Where this repository and what the host takes from it lie. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

export const repository = realpathSync(process.env['HINDCAST_REPOSITORY'] ?? process.cwd());

export const hostFolder = path.join(repository, 'scripts/vscode-host');

/** VS Code's server and workbench, after `setUp`. */
export const vscodeFolder = path.join(hostFolder, 'node_modules/code-server/lib/vscode');

/** For what is built to run at once and may be deleted at any time; beside the repository's own packages. */
export const cacheFolder = path.join(repository, 'node_modules/.cache/hindcast-vscode');

/** A Node that runs VS Code's server: it needs 22 or newer. */
export function serverNode(): string {
  const bundled = path.join(repository, 'node_modules/node24/bin/node');
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new Error(
    `VS Code's server needs Node 22 or newer, and this is ${process.versions.node}. Run \`npm ci\` with optional packages, or use a newer Node.`,
  );
}
