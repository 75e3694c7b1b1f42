/** The panels of the first replay of a window, beside what whoever stands at the stop looks at. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { withWorkbench } from './workbench.ts';

/** A workbench in a browser stores its layout every five seconds. */
const STORED_MS = 6000;

suite('the first replay of a window', () => {
  test('leaves a tab alone that was chosen after the stop, and has its panels where one comes to them', async () => {
    await withWorkbench('test/vscode/fixtures/cart', { packages: true }, async (workbench) => {
      const { page } = workbench;
      const tab = (name: string) => page.locator('.panel .composite-bar .action-item', { hasText: name });
      const chosen = (name: string) => page.locator('.panel .composite-bar .action-item.checked', { hasText: name });
      await workbench.openFile('cart.test.ts');
      const links = page.locator('.codelens-decoration a', { hasText: 'Record' });
      await links.nth(2).waitFor();
      await links.nth(2).click();
      await workbench.waitStopped(13);
      await tab('Debug Console').click();
      await chosen('Debug Console').waitFor();
      await page.waitForTimeout(4000);
      await workbench.screenshot('first-panels-left-dark');
      assert.equal(await chosen('Debug Console').count(), 1);
      await tab('Hindcast').click();
      await (await workbench.webview('timeline')).locator('.failure-button').waitFor();
      await workbench.webview('calls');
      await workbench.screenshot('first-panels-dark');
    });
  });

  test('brings the timeline to the front where it was moved to', async () => {
    await withWorkbench('test/vscode/fixtures/steps', {}, async (workbench) => {
      const { page } = workbench;
      await workbench.palette('View: Move View');
      await page.locator('.quick-input-widget input.input').fill('Timeline');
      const timelines = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Timeline' });
      // the other one is VS Code's
      await timelines.nth(1).click();
      await workbench.quickPick('New Secondary Side Bar Entry');
      const bar = page.locator('.part.auxiliarybar');
      await bar.waitFor();
      await page.waitForTimeout(STORED_MS);
      await workbench.reload();
      if (await bar.isVisible()) await workbench.palette('View: Toggle Secondary Side Bar');
      await bar.waitFor({ state: 'hidden' });
      await page.waitForTimeout(STORED_MS);
      await workbench.reload();
      await workbench.openFile('steps.js');
      await workbench.palette('Hindcast: Record This File');
      await workbench.waitStopped(12);
      await workbench.webview('calls');
      await bar.waitFor();
      await (await workbench.webview('timeline')).locator('.failure-button').waitFor();
      await workbench.screenshot('first-panels-moved-dark');
    });
  });
});
