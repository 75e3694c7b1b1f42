/** The same step in VS Code's own JavaScript debugger: what the editor itself costs on this machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Workbench } from '../e2e/workbench.ts';

/** Starts `fixtures/steps` in it, and waits until it stands at the first line; Step Into goes from line to line. */
export async function startOwnDebugger(workbench: Workbench): Promise<void> {
  const folder = path.join(workbench.folder, '.vscode');
  mkdirSync(folder, { recursive: true });
  const configuration = {
    type: 'node',
    request: 'launch',
    name: 'steps',
    program: '${workspaceFolder}/steps.js',
    stopOnEntry: true,
  };
  writeFileSync(
    path.join(folder, 'launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
  );
  await workbench.openFile('steps.js');
  await workbench.palette('Debug: Start Debugging');
  await workbench.waitStopped();
}
