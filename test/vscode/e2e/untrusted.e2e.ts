/** A workspace that is not trusted: its recordings can be looked at, and nothing of it runs. */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { suite, test } from 'mocha';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { withWorkbench } from './workbench.ts';

const cli = path.join(repository, 'cli/bin/hindcast.cjs');

suite('a workspace that is not trusted', () => {
  test('records and validates nothing, and says so; shows its recordings; to replay, VS Code asks for trust', () =>
    withWorkbench('examples/shop', { workspaceTrust: true }, async (workbench) => {
      const { page } = workbench;
      spawnSync(process.execPath, [cli, 'record', '--', process.execPath, 'checkout.js'], { cwd: workbench.folder });
      execFileSync(process.execPath, [cli, 'list'], { cwd: workbench.folder });
      await workbench.openFile('checkout.js');
      await workbench.palette('Hindcast: Record This File');
      await workbench.notification('runs nothing in a workspace that is not trusted').waitFor();
      await workbench.palette('Hindcast: Validate Fix');
      await workbench.notification('To validate, trust the workspace first').waitFor();
      await workbench.screenshot('untrusted');
      await workbench.showContainer('Hindcast');
      const row = page.locator('.pane-body .monaco-list-row', { hasText: 'checkout.js' }).first();
      await row.waitFor();
      await workbench.palette('Hindcast: Replay the Newest Recording');
      await page.locator('.monaco-dialog-box', { hasText: 'trust' }).waitFor();
      await page.locator('.monaco-dialog-box .monaco-button', { hasText: /Trust/ }).first().click();
      await workbench.waitStopped(12);
    }));
});
