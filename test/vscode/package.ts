/** The package that the tests are about. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { repository } from '../../scripts/vscode-host/repository.ts';
import { installExtensions } from '../../scripts/vscode-host/server.ts';
import { bundlesFolder } from './bundle.ts';

/** Builds first, if asked to. What it prints is shown. */
export function makePackage(build: boolean): string {
  const args = [path.join(repository, 'scripts/package-extension.mjs'), ...(build ? [] : ['--no-build'])];
  const run = spawnSync(process.execPath, args, {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(run.stdout);
  const vsix = /^(extension\S+\.vsix):/m.exec(run.stdout)?.[1];
  if (run.status !== 0 || !vsix) throw new Error('The extension could not be packaged; the lines above say why.');
  return path.join(repository, vsix);
}

/** Installs it for this process, and returns the folder of extensions. */
export async function installPackage(vsix: string): Promise<string> {
  const extensions = path.join(bundlesFolder, 'extensions');
  await installExtensions([vsix], extensions);
  return extensions;
}

/** However this process ends, nothing of what it made or started stays. */
export function cleanUpAtExit(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  process.once('exit', () => removeFolder(bundlesFolder));
}
