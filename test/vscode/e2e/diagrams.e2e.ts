/** Diagrams beside the editor: values that led to a failure, calls between files, and objects over time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { checkThemes } from './axe.ts';
import { open, type Workbench } from './workbench.ts';

suite('diagrams', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('examples/shop');
    await workbench.openFile('discounts.test.js');
    const links = workbench.page.locator('.codelens-decoration a', { hasText: 'Record' });
    await links.nth(1).waitFor();
    await links.last().click();
    await workbench.waitStopped(11);
  });
  suiteTeardown(() => workbench?.close());

  const back = async (): Promise<void> => {
    await (await workbench.webview('timeline')).locator('.failure-button').click();
    await workbench.waitStopped(11);
  };
  test('the graph of values leads to a line, by a click and by the keyboard', async () => {
    const view = await workbench.webview('why');
    await view.locator('.why-toggle').click();
    await view.locator('.picture-link', { hasText: 'discounts.js:3' }).click();
    await workbench.statusBarItem(/^Ln 3, /).waitFor();
    await workbench.screenshot('graph-view');
    await view.locator('.why-toggle').click();
    await back();
  });

  test('it is wide beside the editor, and saved as SVG', async () => {
    const view = await workbench.webview('why');
    await workbench.palette('Hindcast: Open Why It Failed Beside the Editor');
    const panel = await workbench.webview('why', { others: [view] });
    if ((await panel.locator('.picture').count()) === 0) await panel.locator('.why-toggle').click();
    await panel.locator('.picture-link').first().waitFor();
    await checkThemes(workbench, panel, 'graph');
    const file = path.join(workbench.folder, 'why.svg');
    await workbench.saveAs(file, () => panel.locator('button', { hasText: 'Save as SVG' }).click());
    await workbench.wait(() => readFileSync(file, 'utf8').endsWith('</svg>\n'));
    assert.match(readFileSync(file, 'utf8'), /<title>AssertionError/);
    await panel.locator('.picture-link[tabindex="0"]').focus();
    await workbench.page.keyboard.press('ArrowLeft');
    await workbench.page.keyboard.press('Enter');
    await panel.locator('.picture-link[aria-current]').first().waitFor();
    await back();
  });

  test('the sequence diagram leads to calls, looks into one, and compares cases', async () => {
    await workbench.palette('Hindcast: Show Sequence Diagram');
    const panel = await workbench.webview('sequence');
    const call = panel.locator('.picture-link', { hasText: /^discount\(/ });
    await call.waitFor();
    await checkThemes(workbench, panel, 'sequence');
    await call.click();
    await workbench.statusBarItem(/^Ln 1[12], /).waitFor();
    await workbench.editorTab('discounts.js').first().waitFor();
    await panel.locator('[data-id$="+"]').last().click();
    await panel.locator('.sequence-path', { hasText: 'discount' }).waitFor();
    await panel.locator('button', { hasText: 'Calls Within Files' }).click();
    await panel.locator('.picture-link', { hasText: /rateOf\(/ }).waitFor();
    await panel.locator('.sequence-step', { hasText: 'All' }).click();
    await panel.locator('select[aria-label="Show"]').selectOption('whole');
    await panel.locator('.picture-link', { hasText: 'starts discounts.test.js' }).waitFor();
    await workbench.screenshot('sequence-whole');
    await panel.locator('select[aria-label="Compare with"]').selectOption('other');
    const recordings = workbench.page.locator('.quick-input-list .monaco-list-row');
    await recordings
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => workbench.screenshot('pick'));
    await recordings.first().click();
    await panel.locator('.sequence-note', { hasText: 'No call differs from' }).waitFor();
    await back();
  });

  test('the object graph of a variable follows its changes', async () => {
    await workbench.openFile('discounts.js');
    await (
      await workbench.webview('why')
    )
      .locator('.why-link', { hasText: /rest \* rate/ })
      .first()
      .click();
    await workbench.statusBarItem(/^Ln 15, /).waitFor();
    await workbench
      .variableRow(/^rates\s*=/)
      .first()
      .waitFor();
    await workbench
      .variableRow(/^rates\s*=/)
      .first()
      .click({ button: 'right' });
    await workbench.menuItem('Show Object Graph');
    const panel = await workbench.webview('objects');
    await panel.locator('.picture-link', { hasText: 'spring10: 0.1' }).waitFor();
    await panel.locator('.objects-where', { hasText: /change/i }).waitFor();
    await checkThemes(workbench, panel, 'objects');
  });

  test('the group of editors beside the source ends with the last of them', async () => {
    const groups = workbench.page.locator('.editor-group-container');
    assert.equal(await groups.count(), 2);
    const close = groups.nth(1).locator('.tab.active [aria-label^="Close"]').first();
    for (let panels = await groups.nth(1).locator('.tab').count(); panels > 0; panels--) await close.click();
    await groups.nth(1).waitFor({ state: 'detached' });
  });
});
