/** Recordings that somebody made from a terminal in packages below the workspace's folder. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import type { Locator } from 'playwright-core';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { open, type Workbench } from './workbench.ts';

const cli = path.join(repository, 'cli/bin/hindcast.cjs');
/** GB; no two recordings have room in it */
const LIMIT = 0.000_001;

suite('packages below the folder of a workspace', () => {
  let workbench: Workbench;
  let packages: string;

  suiteSetup(async () => {
    workbench = await open('examples/shop', {
      settings: { 'hindcast.storeGigabytes': LIMIT, 'files.watcherExclude': { '**/packages/quiet/**': true } },
      folders: ['packages'],
    });
    packages = path.join(workbench.folder, 'packages');
  });
  suiteTeardown(() => workbench?.close());

  const record = (name: string): void => {
    const folder = path.join(packages, name);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(workbench.folder))
      if (/\.(?:js|json)$/.test(file)) cpSync(path.join(workbench.folder, file), path.join(folder, file));
    const { status } = spawnSync(process.execPath, [cli, 'record', '--', process.execPath, 'checkout.js'], {
      cwd: folder,
    });
    assert.equal(status, 1);
  };
  const store = (name: string): string => path.join(packages, name, '.hindcast', 'recordings');
  const recordingsOf = (name: string): number =>
    readdirSync(store(name)).filter((each) => existsSync(path.join(store(name), each, 'manifest.json'))).length;
  const row = (name: string): Locator =>
    workbench.page.locator('.pane-body .monaco-list-row', { hasText: `packages/${name}` });

  test('their recordings are listed with their package as soon as they are made, and no longer when they are gone', async () => {
    record('tax');
    await workbench.showContainer('Hindcast');
    await row('tax').first().waitFor();
    record('rent');
    await row('rent').first().waitFor();
    record('rent');
    await row('rent').nth(1).waitFor();
    await workbench.screenshot('nested-recordings');
    removeFolder(path.join(packages, 'tax', '.hindcast'));
    await row('tax').first().waitFor({ state: 'hidden' });
    record('tax');
    await row('tax').first().waitFor();
  });

  test('those that the editor does not tell of are there when somebody comes to the view', async () => {
    record('quiet');
    await workbench.showContainer('Explorer');
    await row('rent').first().waitFor({ state: 'hidden' });
    await workbench.showContainer('Hindcast');
    await row('quiet').first().waitFor();
  });

  test('a text is looked for in them, and what is found is replayed', async () => {
    const { page } = workbench;
    await workbench.palette('Hindcast: Search Recordings');
    const input = page.locator('.quick-input-widget', { hasText: 'Search all recordings' }).locator('input.input');
    await input.fill('no valid total');
    await input.press('Enter');
    await workbench.quickPick("error.message = 'order A-2 has no valid total");
    await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor();
    await workbench.debugAction('Stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  test('they take no more room than the settings allow', async () => {
    assert.equal(recordingsOf('rent'), 2);
    await workbench.openFile('checkout.js');
    await workbench.palette('Hindcast: Record This File');
    await workbench.waitStopped(12);
    await workbench.wait(() => recordingsOf('rent') === 1);
    assert.equal(recordingsOf('tax'), 1);
  });
});
