/** The operations view on the example's real daemon: a drift, a recommendation, a bad release, and what a recording shows. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, teardown, test } from 'mocha';
import type { Frame, Locator } from 'playwright-core';
import { operationsFolder, readAddress } from '../../../operational-loop/src/api/address.ts';
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import { checkThemes } from './axe.ts';
import { open, type Workbench } from './workbench.ts';

/** The fleet is left alone for three minutes first; then things take as long as it takes to be sure of them. */
const TEST_MS = 900_000;
const PATIENCE_MS = 300_000;
/** On a busy machine what is usual is noise, and a drift has to grow out of it. */
const DRIFT_MS = 600_000;

/** What it started would write on while the folder is removed. */
async function endDaemon(folder: string): Promise<void> {
  const pid = readAddress(operationsFolder(folder))?.pid;
  if (pid === undefined || !processLives(pid)) return;
  process.kill(pid, 'SIGTERM');
  for (const end = Date.now() + 20_000; processLives(pid) && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 100));
}

suite('operations', function () {
  // each test goes on where the one before ended
  this.bail(true);
  this.timeout(TEST_MS);
  let workbench: Workbench;
  let panel: Frame;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/steps', { viewport: { width: 1440, height: 1400 } });
  });
  suiteTeardown(async () => {
    if (workbench) await endDaemon(workbench.folder);
    await workbench?.close();
  });
  teardown(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed-operations');
  });

  const card = (section: string, text: string | RegExp): Locator =>
    panel.locator(`#${section} .ops-card`, { hasText: text }).first();
  const soon = { timeout: PATIENCE_MS } as const;

  /** Answers the question that the editor asks before a service is changed. */
  const confirm = async (button: string): Promise<void> => {
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.locator('.monaco-button', { hasText: button }).click();
    await dialog.waitFor({ state: 'hidden' });
  };

  test('without a daemon it says so, and starts the demo', async () => {
    await workbench.palette('Hindcast: Show Operations');
    panel = await workbench.webview('operations');
    await panel.locator('text=No daemon watches this folder').waitFor();
    await workbench.screenshot('operations-empty-dark');
    await panel.locator('button', { hasText: 'Run the Demo' }).click();
    await panel.locator('table.ops-signals').first().waitFor(soon);
    await workbench.statusBarItem(/1 service/).waitFor(soon);
  });

  test('the service’s instances have golden signals, a chart and a forecast', async () => {
    const instances = panel.locator('table.ops-signals').nth(1).locator('tbody tr');
    await instances.nth(2).waitFor(soon);
    assert.equal(await instances.count(), 3);
    await instances.nth(0).locator('td', { hasText: /^\d/ }).first().waitFor(soon);
    await panel.locator('.ops-charts .uplot').nth(1).waitFor(soon);
    await panel.locator('summary', { hasText: 'Forecast as a table' }).click();
    await panel.locator('.ops-charts table', { hasText: '95 % interval' }).locator('tbody tr').first().waitFor();
  });

  test('an instance that drifts is said to, and its evidence is shown', async () => {
    const drift = card('drifts', 'is away from its peers');
    await drift.waitFor({ timeout: DRIFT_MS });
    await drift.locator('table tbody tr').first().waitFor();
    const link = panel.locator('tr.drifting .ops-drift-link');
    await link.first().waitFor(soon);
    await link.first().click();
    await panel.locator('#drifts .ops-shown').waitFor();
    await workbench.screenshot('operations-drift-dark');
  });

  test('its recommendation is applied once that was confirmed, and the judge lets it through', async () => {
    const proposal = card('proposals', 'CACHE_SIZE');
    await proposal.waitFor(soon);
    await proposal.locator('button', { hasText: /^Apply$/ }).click();
    await workbench.screenshot('operations-confirm-dark');
    await confirm('Apply');
    const rollout = card('rollouts', 'CACHE_SIZE');
    await rollout.waitFor(soon);
    await rollout.locator('.ops-interval').first().waitFor(soon);
    await workbench.screenshot('operations-canary-dark');
    await rollout.locator('.ops-tag', { hasText: 'Promoted' }).waitFor(soon);
    await panel
      .locator('#settings td', { hasText: /CACHE_SIZE=(?!50\b)\d+/ })
      .first()
      .waitFor(soon);
  });

  test('a bad release is rolled back before one’s eyes, and a notification tells', async () => {
    const release = card('rollouts', 'release-2');
    await release.waitFor(soon);
    await release.locator('.ops-tag', { hasText: 'Rolled back' }).waitFor(soon);
    await release.locator('tr', { hasText: 'Errors' }).locator('td', { hasText: 'Worse' }).waitFor();
    await workbench.notification('was rolled back').waitFor(soon);
    await panel.locator('#history tr', { hasText: 'the demo' }).first().waitFor(soon);
    await panel.locator('#calibration', { hasText: 'A canary is found worse' }).waitFor(soon);
    await workbench.screenshot('operations-rolled-back-dark');
  });

  test('it has no barriers in any theme', async () => {
    await panel
      .locator('details')
      .evaluateAll((all) => all.forEach((each) => ((each as HTMLDetailsElement).open = true)));
    await checkThemes(workbench, panel, 'operations');
  });

  test('an alert opens the recording of a request that failed, at its failure', async () => {
    const alert = panel.locator('.ops-alert', { has: panel.locator('button', { hasText: 'Open Recording' }) });
    await alert.first().waitFor(soon);
    await alert.first().locator('button', { hasText: 'Open Recording' }).click();
    await workbench.waitStopped();
    await workbench.screenshot('operations-recording-dark');
    await workbench.debugAction('Stop');
  });

  test('it ends with the daemon, which takes its services along', async () => {
    await workbench.palette('Hindcast: Show Operations');
    await panel.locator('button', { hasText: 'Stop Watching' }).click();
    await confirm('Stop');
    await panel.locator('text=No daemon watches this folder').waitFor(soon);
    assert.equal(readAddress(operationsFolder(workbench.folder)), undefined);
  });
});
