/** What a logpoint prints over the whole recording leads to its moment. */
import { suite, test } from 'mocha';
import { withWorkbench } from './workbench.ts';

suite('a logpoint', () => {
  test('prints at each hit of the recording, and a click on a printed line goes to its moment', () =>
    withWorkbench('examples/shop', {}, async (workbench) => {
      const { page } = workbench;
      await workbench.openFile('discounts.js');
      await workbench.palette('Debug: Add Logpoint');
      await page.locator('.breakpoint-widget').waitFor();
      await page.keyboard.type('loaded as {typeof module}');
      await page.keyboard.press('Enter');
      await page.locator('.breakpoint-widget').waitFor({ state: 'hidden' });
      await workbench.openFile('checkout.js');
      await workbench.palette('Hindcast: Record This File');
      await workbench.waitStopped(12);
      // the panels come last
      await workbench.webview('timeline');
      await workbench.palette('Debug Console: Focus on Debug Console View');
      const printed = page.locator('.repl .monaco-list-row a', { hasText: 'loaded as object' }).first();
      await printed.waitFor();
      const [moment = ''] = /\d+:\d+/.exec(await printed.innerText()) ?? [];
      await printed.click({ modifiers: ['Control'] });
      await workbench.statusBarItem(new RegExp(`${moment}$`)).waitFor();
      await workbench.editorTab('discounts.js').first().waitFor();
      await workbench.screenshot('printed-line');
    }));
});
