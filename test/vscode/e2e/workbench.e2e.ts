import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { ALL_THEMES } from './themes.ts';
import { withWorkbench } from './workbench.ts';

suite('the workbench', () => {
  test('opens a folder, and asks no other machine for anything', () =>
    withWorkbench('examples/shop', {}, async (workbench) => {
      await workbench.openFile('checkout.js');
      await workbench.page.locator('.view-line', { hasText: 'has no valid total' }).waitFor();
      assert.deepEqual(workbench.foreignHosts(), []);
      await workbench.screenshot('workbench');
    }));

  test('does not trust a folder until it is told to, when workspace trust is on', () =>
    withWorkbench('examples/shop', { workspaceTrust: true }, async (workbench) => {
      const restricted = workbench.statusBarItem('Restricted Mode');
      await restricted.waitFor();
      await workbench.trustFolder();
      await restricted.waitFor({ state: 'detached' });
    }));

  test('changes its theme while it runs', () =>
    withWorkbench('examples/shop', { theme: 'dark' }, async (workbench) => {
      for (const theme of ALL_THEMES) {
        await workbench.setTheme(theme);
      }
    }));
});
