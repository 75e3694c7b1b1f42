/** From a program that fails to standing at its throw, and backward from there. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { withWorkbench } from './workbench.ts';

suite('recording and replaying', () => {
  test('a file is recorded, and the editor stands at its throw', () =>
    withWorkbench('examples/shop', {}, async (workbench) => {
      const { page } = workbench;
      await workbench.openFile('checkout.js');
      await workbench.palette('Hindcast: Record This File');
      await workbench.waitStopped(12);
      await workbench.screenshot('at-the-throw');
      assert.match((await workbench.variables()).join('\n'), /cents = NaN|cents: NaN/);
      await workbench.debugAction('Step Back');
      await workbench.waitStopped(11);
      await workbench.debugAction('Step Back');
      await workbench.waitStopped(10);
      await workbench.palette('Hindcast: Reverse Into');
      await page.waitForTimeout(1500);
      await workbench.screenshot('stepped-back');
      await page.locator('.activitybar a.action-label[aria-label^="Hindcast"]').click();
      await page.waitForTimeout(2500);
      await workbench.screenshot('recordings');
    }));
});
