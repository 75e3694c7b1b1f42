/** The same step without the package: what the editor itself costs on this machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { installExtensions } from '../../../scripts/vscode-host/server.ts';
import { bundlesFolder } from '../bundle.ts';
import type { Workbench } from '../e2e/workbench.ts';

/** Starts `fixtures/steps` in VS Code's JavaScript debugger, and waits until it stands at the first line; Step Into goes from line to line. */
export function startOwnDebugger(workbench: Workbench): Promise<void> {
  return start(workbench, { type: 'node', program: '${workspaceFolder}/steps.js', stopOnEntry: true });
}

/** Installs a debug adapter that computes nothing for this process, and returns the folder of extensions. */
export async function installEmptyAdapter(): Promise<string> {
  const extensions = path.join(bundlesFolder, 'empty-adapter');
  mkdirSync(extensions, { recursive: true });
  const vsix = path.join(extensions, 'empty-adapter.vsix');
  const cwd = path.join(repository, 'test/vscode/bench/empty-adapter');
  await createVSIX({ cwd, packagePath: vsix, dependencies: false, allowMissingRepository: true, skipLicense: true });
  await installExtensions([vsix], extensions);
  return extensions;
}

/** Waits until it stands; Step Back goes from line to line. */
export function startEmptyAdapter(workbench: Workbench): Promise<void> {
  return start(workbench, { type: 'empty' });
}

async function start(workbench: Workbench, more: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = path.join(workbench.folder, '.vscode');
  mkdirSync(folder, { recursive: true });
  const configurations = [{ request: 'launch', name: 'steps', ...more }];
  writeFileSync(path.join(folder, 'launch.json'), JSON.stringify({ version: '0.2.0', configurations }));
  await workbench.openFile('steps.js');
  await workbench.palette('Debug: Start Debugging');
  await workbench.waitStopped();
}
