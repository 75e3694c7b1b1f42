/** A workspace of two folders, each with its own package and runner. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { open, type Workbench } from './workbench.ts';

suite('a workspace of several folders', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/cart', { packages: true, besides: ['test/vscode/fixtures/runners'] });
  });
  suiteTeardown(() => workbench?.close());

  const recordingsOf = (folder: string): readonly string[] => {
    const store = path.join(workbench.folder, folder, '.hindcast', 'recordings');
    return existsSync(store)
      ? readdirSync(store).filter((name) => existsSync(path.join(store, name, 'manifest.json')))
      : [];
  };
  /** Each link of the file, by its number. */
  const record = async (file: string, link: number, line: number): Promise<void> => {
    await workbench.openFile(file);
    const links = workbench.page.locator('.codelens-decoration a', { hasText: 'Record' });
    await links.nth(link).click();
    await workbench.waitStopped(line);
  };

  test('each test is recorded by the runner of its own package, and its recording lies in its own folder', async () => {
    await record('cart.test.ts', 2, 13);
    assert.deepEqual([recordingsOf('cart').length, recordingsOf('runners').length], [1, 0]);
    await record('bill.test.js', 2, 14);
    assert.deepEqual([recordingsOf('cart').length, recordingsOf('runners').length], [1, 1]);
    assert.ok(!existsSync(path.join(workbench.folder, '.hindcast')));
  });

  test('the lists of tests and of recordings have both', async () => {
    const { page } = workbench;
    await workbench.showContainer('Testing');
    for (const name of ['cart', 'runners'])
      await page.locator('.test-explorer-tree .monaco-list-row', { hasText: name }).first().waitFor();
    await workbench.screenshot('several-testing');
    await workbench.showContainer('Hindcast');
    for (const name of ['takes a discount off', 'multiplies by'])
      await page.locator('.pane-body .monaco-list-row', { hasText: name }).first().waitFor();
    await workbench.screenshot('several-recordings');
  });

  test('a text is looked for in the recordings of each folder, not of the first alone', async () => {
    const { page } = workbench;
    await workbench.palette('Hindcast: Search Recordings');
    const input = page.locator('.quick-input-widget', { hasText: 'Search all recordings' }).locator('input.input');
    await input.fill('multiplies by');
    await input.press('Enter');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'multiplies by' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  test('a fix in one of them is validated there', async () => {
    await record('cart.test.ts', 2, 13);
    await workbench.palette('Hindcast: Validate Fix');
    await workbench.statusBarItem(/still failing/i).waitFor();
    assert.equal(recordingsOf('cart').length, 3);
    assert.equal(recordingsOf('runners').length, 1);
  });
});
