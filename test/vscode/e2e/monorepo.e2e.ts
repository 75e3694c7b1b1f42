/** A folder with packages in it, whose own runner would run the tests of all of them. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { open, type Workbench } from './workbench.ts';

suite('a monorepo', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/monorepo');
  });
  suiteTeardown(() => workbench?.close());

  const made = (): number => {
    const store = path.join(workbench.folder, '.hindcast', 'recordings');
    const names = existsSync(store) ? readdirSync(store) : [];
    return names.filter((name) => existsSync(path.join(store, name, 'manifest.json'))).length;
  };
  const row = (name: string) => workbench.page.locator('.test-explorer-tree .monaco-list-row', { hasText: name });

  test('has each test recorded once when all are run, and keeps the Problem of one beside the success of another', async () => {
    await workbench.showContainer('Testing');
    await row('tax').first().waitFor();
    await workbench.palette('Test: Run All Tests');
    await row('price').first().locator('.codicon-testing-failed-icon').waitFor();
    await row('tax').first().locator('.codicon-testing-passed-icon').waitFor();
    await row('tests in its packages').waitFor();
    await workbench.statusBarItem('Recording').waitFor({ state: 'hidden' });
    assert.equal(made(), 2);
    await workbench.palette('Problems: Focus on Problems View');
    await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'AssertionError' }).first().waitFor();
    await workbench.screenshot('monorepo-dark');
  });
});
