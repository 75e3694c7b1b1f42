/** The way of someone who has never heard of Hindcast: from a failing test to its throw, and backward from there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { lastingFaults } from './axe.ts';
import { ALL_THEMES } from './themes.ts';
import { open, type Workbench } from './workbench.ts';

const MOMENT = /\b2:\d+/;

suite('a failing vitest test', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/cart', { packages: true });
  });
  suiteTeardown(() => workbench?.close());

  test('is recorded by the link over it, and the editor stands at its throw', async () => {
    await workbench.openFile('cart.test.ts');
    const links = workbench.page.locator('.codelens-decoration a', { hasText: 'Record' });
    await links.nth(2).waitFor();
    await links.nth(2).click();
    await workbench.waitStopped(13);
    const shown = workbench.page.locator('.exception-widget');
    assert.match(await shown.innerText(), /expected 4000 to be 3400/);
    await workbench.page.locator('.debug-variables .monaco-list-row', { hasText: /^total\s*=\s*4000/ }).waitFor();
    const unknown = (await workbench.variables()).filter((row) => row.includes('not captured'));
    assert.deepEqual(unknown, []);
    await workbench.webview('timeline');
    // the test's message lies over the end of its line
    const shownLine = (text: string) => workbench.page.locator('.view-line', { hasText: text });
    await shownLine('const total =')
      .filter({ hasText: /total\s=\s4000/ })
      .waitFor();
    assert.doesNotMatch(await shownLine('toBe(3400)').innerText(), /4000/);
    await workbench.screenshot('throw-dark');
  });

  test('is stepped back through', async () => {
    const lines: number[] = [];
    for (let step = 0; step < 3; step++) {
      const before = await workbench.line();
      await workbench.debugAction('Step Back');
      await workbench.statusBarItem(new RegExp(`^Ln (?!${before},)\\d+, `)).waitFor();
      lines.push(await workbench.line());
    }
    assert.deepEqual(lines, [12, 11, 10]);
    await workbench.screenshot('step-back-dark');
  });

  test('shows where a value came from', async () => {
    await workbench.palette('Hindcast: Go to Moment');
    const { page } = workbench;
    await page.locator('.quick-input-widget input.input').fill('2:end');
    await page.keyboard.press('Enter');
    await workbench.statusBarItem(MOMENT).waitFor();
    // back to the failure, by the timeline
    const timeline = await workbench.webview('timeline');
    await timeline.locator('.failure-button').click();
    await workbench.waitStopped(13);
    await page
      .locator('.debug-variables .monaco-list-row', { hasText: /^total\s*=\s*4000/ })
      .click({ button: 'right' });
    await workbench.menuItem('Go to Where This Value Came From');
    await workbench.statusBarItem(/^Ln 12, /).waitFor();
  });

  test('has each change of a variable in a hover, to be gone to', async () => {
    const { page } = workbench;
    const timeline = await workbench.webview('timeline');
    await timeline.locator('.failure-button').click();
    await workbench.waitStopped(13);
    const name = page.locator('.view-line', { hasText: 'const total =' }).locator('span', { hasText: /^\s*total\s*$/ });
    const { x, y } = (await name.first().boundingBox())!;
    // a hover opens where the mouse came to rest
    await page.mouse.move(x + 5, y + 60);
    await page.mouse.move(x + 5, y + 6, { steps: 5 });
    await page.mouse.move(x + 12, y + 8, { steps: 4 });
    const change = page.locator('.debug-hover-widget .monaco-list-row', { hasText: '← line 12' });
    await change.locator('.value a.link').click({ modifiers: ['ControlOrMeta'] });
    await workbench.waitStopped(12);
    await page.keyboard.press('Escape');
  });

  test('is scrubbed through by the timeline', async () => {
    const timeline = await workbench.webview('timeline');
    const canvas = timeline.locator('.timeline-canvas');
    const box = (await canvas.boundingBox())!;
    const before = await workbench.statusBarItem(MOMENT).innerText();
    const { mouse } = workbench.page;
    // the ruler lies below the picture of the whole run
    const y = box.y + 30;
    await mouse.move(box.x + box.width - 30, y);
    await mouse.down();
    for (let x = box.width - 30; x > box.width * 0.6; x -= 12) await mouse.move(box.x + x, y);
    await mouse.up();
    await workbench.until(
      async () => (await workbench.statusBarItem(MOMENT).innerText()) !== before,
      () => `it still shows ${before}`,
    );
    await workbench.screenshot('scrubbed-dark');
  });

  test('has its calls found by name, and gone to', async () => {
    const calls = await workbench.webview('calls');
    await calls.locator('[role=radio]', { hasText: 'Call Tree' }).click();
    await calls.getByLabel('Find calls by function or file').fill('apply');
    await calls.locator('.search-count', { hasText: 'of' }).waitFor();
    await calls.getByLabel('Find calls by function or file').press('Enter');
    await calls.getByLabel('Find calls by function or file').press('Control+Enter');
    await workbench.editorTab('cart.ts').first().waitFor();
    await workbench.page.locator('.debug-call-stack .monaco-list-row', { hasText: 'apply' }).waitFor();
    await workbench.screenshot('calls-dark');
  });

  test('looks right in each theme, and axe finds nothing in the panels', async () => {
    for (const theme of ALL_THEMES) {
      await workbench.setTheme(theme);
      for (const panel of ['timeline', 'calls']) {
        const frame = await workbench.webview(panel);
        assert.deepEqual(await lastingFaults(frame), [], `${panel} in ${theme}`);
      }
      await workbench.screenshot(`panels-${theme}`);
    }
  });

  test('is in the list of recordings, and an exported file replays when it is opened', async () => {
    const { page } = workbench;
    await workbench.debugAction('Stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await workbench.showContainer('Hindcast');
    await page.locator('.pane-body .monaco-list-row', { hasText: 'takes a discount off' }).first().waitFor();
    await workbench.screenshot('recordings-dark');
    exportNewest(workbench.folder, 'failing.hindcast');
    await workbench.showContainer('Explorer');
    await page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'failing.hindcast' }).dblclick();
    await workbench.waitStopped(13);
    await workbench.screenshot('portable-dark');
  });
});

function exportNewest(folder: string, target: string): void {
  const store = path.join(folder, '.hindcast', 'recordings');
  const newest = readdirSync(store)
    .filter((name) => existsSync(path.join(store, name, 'manifest.json')))
    .sort()
    .at(-1)!;
  const cli = path.join(repository, 'cli/bin/hindcast.cjs');
  execFileSync(process.execPath, [cli, 'export', path.join(store, newest), path.join(folder, target)], { cwd: folder });
}
