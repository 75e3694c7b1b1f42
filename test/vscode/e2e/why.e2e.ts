/** From a failing test to the line that made its value wrong: by the panel that says why it failed. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import type { Frame } from 'playwright-core';
import { checkThemes } from './axe.ts';
import { open, type Workbench } from './workbench.ts';

/** In `discounts.js`: the rates, by names that are written in one way only. */
const TRUE_LINE = 3;

suite('why it failed', () => {
  let workbench: Workbench;
  let panel: Frame;

  suiteSetup(async () => {
    workbench = await open('examples/shop');
  });
  suiteTeardown(() => workbench?.close());
  teardown(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench.screenshot('failed-why');
    console.error(await workbench.shownText());
  });

  const back = async (): Promise<void> => {
    await (await workbench.webview('timeline')).locator('.failure-button').click();
    await workbench.waitStopped(11);
  };

  /** The file that is open, and the line where the cursor is. */
  const stoodAt = async (): Promise<string> => {
    const tab = workbench.page.locator('.tabs-container .tab.active').first();
    return `${await tab.getAttribute('data-resource-name')} ${await workbench.line()}`;
  };
  /** Waits until the line that holds the text is dimmed, or is not; without a text the line of the stop. */
  const waitDim = (is: boolean, text?: string): Promise<unknown> =>
    workbench.page.waitForFunction(
      ([wanted, held]) => {
        const stop = document.querySelector('.monaco-editor .debug-top-stack-frame-line')?.parentElement?.style.top;
        return [...document.querySelectorAll<HTMLElement>('.monaco-editor .view-line')].some((line) => {
          const isIt =
            held === undefined ? line.style.top === stop : line.innerText.replaceAll('\u00a0', ' ').includes(held);
          const spans = [...line.querySelectorAll('span span')];
          return isIt && spans.some((span) => Number(getComputedStyle(span).opacity) < 1) === wanted;
        });
      },
      [is, text] as const,
    );

  test('a click records the failing test, another one stands at the line that explains it', async () => {
    await workbench.openFile('discounts.test.js');
    const links = workbench.page.locator('.codelens-decoration a', { hasText: 'Record' });
    await links.nth(1).waitFor();
    await links.last().click();
    await workbench.waitStopped(11);
    panel = await workbench.webview('why');
    await panel.locator('.why-sentence').waitFor();
    assert.match(
      await panel.locator('.why-title').innerText(),
      /^AssertionError: Expected values to be strictly equal/,
    );
    await workbench.screenshot('why-dark');
    await panel.locator('.why-sentence .why-link').click();
    await workbench.editorTab('discounts.js').first().waitFor();
    await workbench.statusBarItem(new RegExp(`^Ln ${TRUE_LINE}, `)).waitFor();
  });

  test('a click on the first suspect stands at its line', async () => {
    await back();
    const suspects = panel.locator('section', { hasText: 'No rerun of the program has confirmed one.' });
    await suspects.waitFor();
    await workbench.screenshot('why-suspects-dark');
    const first = suspects.locator('.why-link').first();
    const line = /:(\d+)/.exec(await first.locator('.why-place').innerText())![1];
    await first.click();
    await workbench.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  });

  test('the keyboard alone goes to a line', async () => {
    await back();
    const links = panel.locator('.why-list .why-link');
    const line = /:(\d+)/.exec(await links.first().locator('.why-place').innerText())![1];
    await panel.locator('.why-sentence .why-link').focus();
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  });

  test('a variable is asked why it has its value', async () => {
    await back();
    await panel
      .locator('.why-link', { hasText: /^discounts.js:15 rest \* rate/ })
      .first()
      .click();
    await workbench.statusBarItem(/^Ln 15, /).waitFor();
    await workbench.variableRow(/^rate\s*=\s*undefined/).click({ button: 'right' });
    await workbench.menuItem('Why Does This Have This Value?');
    await panel.locator('h2', { hasText: 'Why does rate have this value?' }).waitFor();
    await panel.locator('.why-sentence', { hasText: 'rate is undefined' }).waitFor();
    await workbench.screenshot('why-value-dark');
    await panel.locator('button', { hasText: 'Show Why It Failed' }).click();
    await panel.locator('.why-title').waitFor();
  });

  test('a line is asked why it ran, in the context menu of the editor', async () => {
    await back();
    await workbench.openFile('discounts.js');
    await workbench.goToLine(15);
    await workbench.page.locator('.monaco-editor .view-line', { hasText: 'rest * rate' }).click({ button: 'right' });
    await workbench.menuItem('Why Did This Run?');
    await panel.locator('h2', { hasText: 'Why did discounts.js:15 run?' }).waitFor();
    await panel.locator('.why-sentence', { hasText: /^discounts.js:15 ran/ }).waitFor();
    await workbench.screenshot('why-ran-dark');
    const decision = panel.locator('.why-list .why-link').first();
    const line = /:(\d+)/.exec(await decision.locator('.why-place').innerText())![1];
    await decision.click();
    await workbench.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  });

  test('a line that ran is asked why it did not, and a line without a statement why it ran', async () => {
    await workbench.goToLine(15);
    await workbench.palette('Hindcast: Why Did This Not Run?');
    await panel.locator('.why-sentence', { hasText: 'discounts.js:15 ran after all' }).waitFor();
    await workbench.goToLine(1);
    await workbench.palette('Hindcast: Why Did This Run?');
    await panel.locator('[role="alert"]', { hasText: 'Line 1 of discounts.js has no statement' }).waitFor();
    await panel.locator('button', { hasText: 'Show Why It Failed' }).click();
  });

  test('only what the failure depends on is shown, and stepped along, until that is left', async () => {
    await back();
    await workbench.openFile('discounts.js');
    await workbench.palette('Hindcast: Show Only What This Depends On');
    const told = workbench.statusBarItem(/\d of \d/);
    await told.waitFor();
    await waitDim(false, 'rest * rate');
    await waitDim(true, 'module.exports');
    await workbench.screenshot('slice-dark');
    for (let steps = 0; steps < 3; steps++) {
      const before = await stoodAt();
      await workbench.debugAction('Step Back');
      while ((await stoodAt()) === before) await workbench.page.waitForTimeout(50);
      await waitDim(false);
    }
    await told.click();
    await told.waitFor({ state: 'detached' });
    await waitDim(false, 'module.exports');
  });

  test('axe finds nothing in the panel, in each theme', async () => {
    await checkThemes(workbench, panel, 'why');
  });
});
