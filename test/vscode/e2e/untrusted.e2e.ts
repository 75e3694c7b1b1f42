/** A workspace that is not trusted: its recordings can be looked at, and nothing of it runs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { suite, test } from 'mocha';
import { repository } from '../../../scripts/vscode-host/repository.ts';
import { withWorkbench } from './workbench.ts';

const cli = path.join(repository, 'cli/bin/hindcast.cjs');

suite('a workspace that is not trusted', () => {
  test('records and validates nothing, and says so; shows its recordings, and replays them in another window', () =>
    withWorkbench('examples/shop', { workspaceTrust: true }, async (workbench) => {
      const { page } = workbench;
      const record = (...options: readonly string[]): void => {
        const args = [cli, 'record', ...options, '--', process.execPath, 'checkout.js'];
        spawnSync(process.execPath, args, { cwd: workbench.folder });
      };
      record('--level', 'light');
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
      await workbench.notification('made by running its program again').waitFor();
      record();
      await workbench.palette('Hindcast: Replay the Newest Recording');
      const openOther = async (): Promise<void> => {
        await workbench.notification('replay the recording in an empty window').waitFor();
        await page.locator('.notification-toast .monaco-button', { hasText: 'Replay in New Window' }).click();
      };
      await workbench.inNewWindow(openOther, async (other) => {
        await other.waitStopped(12);
        await other.screenshot('untrusted-replay');
        for (const line of [12, 11]) {
          await other.debugAction('Step Back');
          await other.waitStopped(line);
        }
        await other.palette('Hindcast: Validate Fix');
        await other.notification('nothing of it runs').waitFor();
      });
      await workbench.palette('Workspaces: Manage Workspace Trust');
      await page
        .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ })
        .first()
        .click();
      await workbench.palette('Hindcast: Replay the Newest Recording');
      await workbench.waitStopped(12);
    }));
});
