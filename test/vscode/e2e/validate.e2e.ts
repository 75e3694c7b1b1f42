/** From a failing test to the proof of its fix, and the corpus that keeps proving it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import type { Frame, Locator } from 'playwright-core';
import { checkThemes, faultsOfPage } from './axe.ts';
import { open, type Workbench } from './workbench.ts';

const NAME = 'it does not matter how a coupon is written';
/** In `discounts.js`: what makes of a coupon the name of its rate. */
const LINE = 7;
const FIRST = '  const code = coupon.trim();';
const FIX = '  const code = coupon.trim().toLowerCase();';
const NO_FIX = '  const code = coupon.trim().toUpperCase();';

suite('the proof of a fix', function () {
  // each test goes on where the one before ended
  this.bail(true);
  let workbench: Workbench;
  let panel: Frame;

  suiteSetup(async () => {
    workbench = await open('examples/shop', { viewport: { width: 1440, height: 960 } });
  });
  suiteTeardown(() => workbench?.close());
  teardown(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed-proof');
  });

  const link = (text: string | RegExp): Locator =>
    workbench.page.locator('.codelens-decoration a', { hasText: text }).last();

  const edit = async (text: string): Promise<void> => {
    const { page } = workbench;
    await workbench.openFile('discounts.js');
    await workbench.goToLine(LINE);
    await page.keyboard.press('Home');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.insertText(text);
    await page.locator('.monaco-editor .view-line', { hasText: text.trim() }).first().waitFor();
  };

  const kept = (text: string | RegExp): Locator => corpus().filter({ hasText: NAME }).filter({ hasText: text });

  const corpus = (): Locator => {
    const { page } = workbench;
    const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: 'Corpus' }) });
    return pane.locator('.monaco-list-row');
  };

  const endAll = async (): Promise<void> => {
    const toolbar = workbench.page.locator('.debug-toolbar');
    for (let sessions = 0; sessions < 3 && (await toolbar.isVisible()); sessions++) {
      await workbench.debugAction('Stop');
      // another session may be left
      await toolbar.waitFor({ state: 'hidden', timeout: 2000 }).catch(() => undefined);
    }
    await toolbar.waitFor({ state: 'hidden' });
  };

  /** Where its links can be seen. */
  const openTest = async (): Promise<void> => {
    await workbench.openFile('discounts.test.js');
    await workbench.goToLine(9);
  };

  test('a failing test is recorded, and Validate stands over it, in the toolbar and beside the failure', async () => {
    await workbench.openFile('discounts.test.js');
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Record' }).nth(1).waitFor();
    await link('Record').click();
    await workbench.waitStopped(11);
    panel = await workbench.webview('why');
    await panel.locator('button', { hasText: 'Validate Fix' }).waitFor();
    await workbench.page.locator('.debug-toolbar [aria-label^="Validate Fix"]').waitFor();
    await link('Validate').waitFor();
    assert.ok(await workbench.page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null));
    await workbench.screenshot('validate-before-dark');
  });

  test('without a fix it still fails, and the reason leads to its place', async () => {
    await panel.locator('button', { hasText: 'Validate Fix' }).click();
    await panel.locator('.why-verdict.still-failing').waitFor();
    await workbench.statusBarItem('Still failing').waitFor();
    await link(/Still failing \(/).waitFor();
    await workbench.screenshot('validate-still-failing-dark');
    await workbench.openFile('cart.js');
    await panel.locator('.why-proof .why-link', { hasText: 'it fails as it did' }).click();
    await workbench.statusBarItem(/^Ln 11, /).waitFor();
  });

  test('a value is confirmed as the cause by a rerun with another one, and a suspect without a change is not', async () => {
    const { page } = workbench;
    const suspects = panel.locator('section', { has: panel.locator('h3', { hasText: 'Suspects' }) });
    const suspect = suspects.locator('li', { hasText: `discounts.js:${LINE}` }).first();
    await suspect.locator('button', { hasText: 'Confirm' }).click();
    await suspect.locator('.why-confirmed', { hasText: 'No change that mends the case' }).waitFor();
    const value = panel.locator('li', { hasText: 'rates[code] = undefined' }).first();
    await value.locator('button', { hasText: 'Confirm' }).click();
    // the failure does not say what it should have been
    await page.locator('.quick-input-widget', { hasText: 'What should the value have been?' }).waitFor();
    await page.locator('.quick-input-widget input.input').fill('0.15');
    await page.keyboard.press('Enter');
    await value.locator('.why-confirmed', { hasText: 'Cause, confirmed by rerun' }).waitFor();
    await value.locator('button', { hasText: 'Replay the Rerun' }).waitFor();
    await workbench.screenshot('confirmed-dark');
  });

  test('an edit that mends it is saved, and validated as fixed', async () => {
    await edit(FIX);
    await panel.locator('button', { hasText: 'Validate Fix' }).click();
    await panel.locator('.why-verdict.fixed').waitFor();
    await panel.locator('.why-proof', { hasText: `${NAME} passes on the recorded input` }).waitFor();
    await workbench.statusBarItem('Fixed').waitFor();
    assert.ok(readFileSync(path.join(workbench.folder, 'discounts.js'), 'utf8').includes(FIX));
    await workbench.screenshot('validate-fixed-dark');
    await openTest();
    await link(/Fixed \(/).waitFor();
  });

  test('the page of what differs names the edited value, with links to both runs', async () => {
    await panel.locator('button', { hasText: 'Show What Differs' }).click();
    const page = await workbench.staticPage('What differs');
    await page.locator('h2', { hasText: 'The first value that differs' }).waitFor();
    const row = page.locator('tr', { hasText: 'code' });
    assert.match(await row.innerText(), /'Friends'\s+'friends'/);
    await workbench.screenshot('difference-dark');
    assert.deepEqual(await faultsOfPage(page), []);
    await page.locator('a', { hasText: 'Replay the Rerun There' }).first().click();
    await workbench.waitStopped(LINE + 1);
    await panel.locator('.why-proof', { hasText: 'this is the rerun' }).waitFor();
  });

  test('the rerun hangs at the recording that failed', async () => {
    const { page } = workbench;
    await endAll();
    await workbench.showContainer('Hindcast');
    const failed = page.locator('.pane-body .monaco-list-row', { hasText: 'fixed ·' }).first();
    await failed.waitFor();
    assert.equal(await page.locator('.pane-body .monaco-list-row', { hasText: /^Rerun/ }).count(), 0);
    await failed.click();
    await page.keyboard.press('ArrowRight');
    await page
      .locator('.pane-body .monaco-list-row', { hasText: /^Rerun/ })
      .first()
      .waitFor();
    await workbench.screenshot('recordings-proven-dark');
  });

  test('it is kept in the corpus by a click', async () => {
    await openTest();
    await link(/Fixed \(/).click();
    await workbench.quickPick('Keep in Corpus');
    await kept('expected fixed, not validated here yet').waitFor();
    const folder = path.join(workbench.folder, '.hindcast', 'corpus');
    const [name = ''] = readdirSync(folder);
    assert.ok(existsSync(path.join(folder, name, 'failure.json')));
    await workbench.screenshot('corpus-kept-dark');
  });

  test('broken again, all of the corpus is validated, and fails with the reason', async () => {
    const { page } = workbench;
    await edit(NO_FIX);
    await workbench.showContainer('Hindcast');
    const header = page.locator('.pane-header', { hasText: 'Corpus' });
    await header.hover();
    await header.locator('[aria-label^="Validate All of the Corpus"]').click();
    await kept('still failing, expected fixed').waitFor();
    const reason = corpus().filter({ hasText: 'it fails as it did' });
    assert.match(await reason.innerText(), /discounts\.test\.js:11/);
    await workbench.notification('is still failing, expected fixed: it fails as it did').waitFor();
    await workbench.screenshot('corpus-failing-dark');
    await reason.click();
    await workbench.editorTab('discounts.test.js').first().waitFor();
    await workbench.statusBarItem(/^Ln 11, /).waitFor();
  });

  test('the Testing view shows the same, and validates it by its Run button', async () => {
    const { page } = workbench;
    await edit(FIX);
    await page.keyboard.press('Control+S');
    await workbench.showContainer('Testing');
    const row = page.locator('.test-explorer .monaco-list-row', { hasText: NAME }).first();
    await row.waitFor();
    await workbench.screenshot('corpus-testing-dark');
    await row.hover();
    await row.locator('[aria-label*="Run Test"]').first().click();
    await workbench.showContainer('Hindcast');
    await kept(/^(?!.*expected).*fixed/s).waitFor();
    await workbench.screenshot('corpus-fixed-dark');
  });

  test('a value is changed where the replay stands, and what that changes is shown', async () => {
    const { page } = workbench;
    await edit(FIRST);
    await page.keyboard.press('Control+S');
    await workbench.palette('Hindcast: Replay the Newest Recording');
    await workbench.waitStopped(11);
    await panel
      .locator('.why-link', { hasText: /^discounts.js:15 rest \* rate/ })
      .first()
      .click();
    await workbench.statusBarItem(/^Ln 15, /).waitFor();
    await workbench.variableRow(/^rate\s*=\s*undefined/).click({ button: 'right' });
    await workbench.menuItem('What If…');
    await page.locator('.quick-input-widget input.input').fill('0.15');
    await page.keyboard.press('Enter');
    const shown = await workbench.staticPage('What if rate were 0.15');
    await workbench.screenshot('what-if-dark');
    await shown.locator('.outcome.fixed').waitFor();
    assert.deepEqual(await faultsOfPage(shown), []);
  });

  test('axe finds nothing in the panel with a verdict, in each theme', async () => {
    await edit(FIX);
    await endAll();
    await openTest();
    await link('Validate').click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Fixed', hasNotText: 'edited since' }).waitFor();
    await workbench.palette('Hindcast: Replay the Newest Recording');
    await workbench.waitStopped(11);
    await panel.locator('.why-verdict.fixed').waitFor();
    await checkThemes(workbench, panel, 'validate-fixed');
  });
});
