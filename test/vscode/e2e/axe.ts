/** What axe-core finds wrong in a panel. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { ALL_THEMES } from './themes.ts';
import type { Workbench } from './workbench.ts';

const axe = readFileSync(path.join(repository, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong once the panel has taken over the theme, which comes a moment after the workbench. */
export async function lastingFaults(frame: Frame): Promise<readonly string[]> {
  let found = await faults(frame);
  for (let look = 0; look < 10 && found.length > 0; look++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    found = await faults(frame);
  }
  return found;
}

/** That it finds nothing in any theme, of which each leaves a screenshot; the last is the dark one. */
export async function checkThemes(workbench: Workbench, panel: Frame, name: string): Promise<void> {
  for (const theme of ALL_THEMES) {
    await workbench.setTheme(theme);
    assert.deepEqual(await lastingFaults(panel), [], theme);
    await workbench.screenshot(`${name}-${theme}`);
  }
}

/** What it finds wrong in a page that runs no script: in a copy of it. */
export async function faultsOfPage(frame: Frame): Promise<readonly string[]> {
  const copy = await frame.page().context().newPage();
  try {
    await copy.setContent((await frame.content()).replaceAll(/<(?:meta|link)[^>]*>/g, ''));
    await copy.addStyleTag({ path: path.join(repository, 'extension/media/recording.css') });
    // its editor is behind it
    await copy.addStyleTag({ content: 'body { background: var(--vscode-editor-background) }' });
    return await faults(copy.mainFrame());
  } finally {
    await copy.close();
  }
}

/** What axe-core finds wrong in a panel, by its rule and element. */
async function faults(frame: Frame): Promise<readonly string[]> {
  await frame.evaluate(axe);
  return frame.evaluate(async () => {
    const { axe: own } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }> };
    };
    const { violations } = await own.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
