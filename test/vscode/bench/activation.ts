/** How long VS Code takes to load and activate the extension, by its own clock: its list of running extensions shows it. */
import type { Workbench } from '../e2e/workbench.ts';
import { quantile } from './statistics.ts';

const EXTENSION = 'Hindcast';

/** The median over some starts of the extension host, in milliseconds. */
export async function measureActivation(workbench: Workbench, starts: number): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    if (start > 0) await workbench.reload();
    times.push(await activationMs(workbench));
  }
  return quantile(times, 0.5);
}

async function activationMs(workbench: Workbench): Promise<number> {
  await workbench.palette('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: EXTENSION });
  const time = row.locator('.activation-time');
  await time.filter({ hasText: /\d/ }).waitFor();
  const text = await time.innerText();
  const ms = /(\d+)\s*ms/.exec(text)?.[1];
  // It lies over the workbench.
  await workbench.page.keyboard.press('Escape');
  await workbench.page.locator('.runtime-extensions-editor').waitFor({ state: 'hidden' });
  if (!ms) throw new Error(`VS Code shows an activation time that cannot be read: ${text}`);
  return Number(ms);
}
