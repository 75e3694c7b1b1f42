/** Has VS Code installed where it is not yet there. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { hostFolder } from './repository.ts';

/** In a process of its own, which says what it does. Fast when there is nothing to do. */
export async function setUp(): Promise<void> {
  const run = spawn(process.execPath, [path.join(hostFolder, 'setup.mjs')], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    run.once('error', reject);
    run.once('exit', resolve);
  });
  if (code !== 0) throw new Error('VS Code for the tests is not installed; the lines above say why.');
}
