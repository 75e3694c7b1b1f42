/** How long VS Code takes to load and activate the extension, by its own clock: its editor of startup performance shows it. */
import type { Workbench } from '../e2e/workbench.ts';
import { quantile } from './statistics.ts';

const EXTENSION = 'hindcast.hindcast-debugger';

/** Medians over some starts of the extension host, in milliseconds. */
export interface ActivationTimes {
  /** VS Code loads the code of all extensions that begin then in one go, and counts what comes before this one to it */
  readonly loadMs: number;
  readonly activateMs: number;
}

export async function measureActivation(workbench: Workbench, starts: number): Promise<ActivationTimes> {
  const times: ActivationTimes[] = [];
  for (let start = 0; start < starts; start++) {
    if (start > 0) await workbench.reload();
    times.push(await activationTimes(workbench));
  }
  return {
    loadMs: quantile(
      times.map(({ loadMs }) => loadMs),
      0.5,
    ),
    activateMs: quantile(
      times.map(({ activateMs }) => activateMs),
      0.5,
    ),
  };
}

async function activationTimes(workbench: Workbench): Promise<ActivationTimes> {
  // shown where the extension is active
  await workbench.palette('Developer: Show Running Extensions');
  const { page } = workbench;
  const running = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Hindcast' });
  await running.locator('.activation-time').filter({ hasText: /\d/ }).waitFor();
  // it lies over the workbench
  await page.keyboard.press('Escape');
  await page.locator('.runtime-extensions-editor').waitFor({ state: 'hidden' });
  await workbench.palette('Developer: Startup Performance');
  await page.locator('.monaco-editor .view-line', { hasText: 'System Info' }).waitFor();
  await page.locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+F');
  await page.locator('.find-widget.visible').waitFor();
  await page.keyboard.type(`| ${EXTENSION}`);
  const row = page.locator('.monaco-editor .view-line', { hasText: EXTENSION }).first();
  await row.waitFor();
  const text = (await row.innerText()).replaceAll(/\s/g, '');
  const [, , , loadMs, activateMs] = text.split('|').map(Number);
  await page.keyboard.press('Escape');
  if (!Number.isFinite(loadMs) || !Number.isFinite(activateMs))
    throw new Error(`VS Code shows an activation time that cannot be read: ${text}`);
  return { loadMs: loadMs!, activateMs: activateMs! };
}
