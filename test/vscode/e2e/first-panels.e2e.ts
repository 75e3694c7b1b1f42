/** The panels of the first replay of a window, beside what whoever stands at the stop looks at. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { withWorkbench } from './workbench.ts';

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
});
