/** What somebody does while a replay begins, and right after its first stop. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import type { Locator } from 'playwright-core';
import { open, type Workbench } from './workbench.ts';

/** In which panels would come after a stop. */
const PANELS_MS = 2_500;

suite('a replay that begins', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/cart', { packages: true });
    await workbench.openFile('cart.test.ts');
    const record = workbench.page.locator('.codelens-decoration a', { hasText: 'Record' });
    await record.nth(2).click();
    await workbench.waitStopped(13);
    await workbench.webview('timeline');
    await stop();
  });
  suiteTeardown(() => workbench?.close());

  const link = (): Locator => workbench.page.locator('.codelens-decoration a', { hasText: 'Replay' }).first();
  const toolbar = (): Locator => workbench.page.locator('.debug-toolbar');
  const panel = (name: string): Locator => workbench.page.locator('.part.panel .action-item', { hasText: name });

  /** By its key: the toolbar takes no click while it changes. */
  async function stop(): Promise<void> {
    await workbench.page.keyboard.press('Shift+F5');
    await toolbar().waitFor({ state: 'hidden', timeout: 15_000 });
  }

  test('gives way to another one that is begun meanwhile', async () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      await link().dblclick();
      await workbench.waitStopped(13);
      await workbench.page.waitForTimeout(1_000);
      await stop();
    }
  });

  test('is ended by Stop also while it restarts', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      await link().click();
      await workbench.waitStopped(13);
      await workbench.page.keyboard.press('Control+Shift+F5');
      await stop();
      // VS Code begins a session anew that ends while it saves files before a restart
      await workbench.page.waitForTimeout(1_000);
      assert.ok(await toolbar().isHidden());
    }
  });

  test('leaves the panel in view that somebody chose after its first stop', async () => {
    await link().click();
    await workbench.waitStopped(13);
    const chosen = panel('Problems');
    await chosen.click();
    await workbench.page.waitForTimeout(PANELS_MS);
    assert.match((await chosen.getAttribute('class')) ?? '', /checked/);
    await stop();
    // the next one shows them again
    await link().click();
    await workbench.waitStopped(13);
    assert.match((await panel('Hindcast').getAttribute('class')) ?? '', /checked/);
    await stop();
  });
});
