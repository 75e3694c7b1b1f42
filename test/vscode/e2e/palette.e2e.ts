/** Commands of the palette where nothing is recorded, and what a terminal shows of a recording. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import { open, type Workbench } from './workbench.ts';

/** What somebody may try first, and what they are told then. */
const FIRST: readonly (readonly [command: string, said: string])[] = [
  ['Replay Recording…', 'There is no recording here yet'],
  ['Search Recordings…', 'There is no recording here yet'],
  ['Show the Space that Recordings Take', 'There is no recording here yet'],
  ['Validate Fix', 'There is no recording of a failure here yet'],
  ['Open Kept Failure…', 'The corpus is empty'],
];

suite('commands of the palette', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await open('test/vscode/fixtures/steps', {
      // drawn as text
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    });
  });
  suiteTeardown(() => workbench?.close());

  test('say what is missing where nothing is recorded, and how to record', async () => {
    for (const [command, said] of FIRST) {
      await workbench.palette(`Hindcast: ${command}`);
      const told = workbench.notification(said);
      await told.waitFor();
      if (said.startsWith('There is no recording here')) await told.locator('.monaco-button').first().waitFor();
      await workbench.palette('Notifications: Clear All Notifications');
      await told.waitFor({ state: 'hidden' });
    }
    await workbench.palette('Hindcast: Refresh Recordings');
    await workbench.statusBarItem('No recordings').waitFor();
  });

  test('record a file from the list of what can be recorded, and its terminal speaks of the command alone', async () => {
    await workbench.openFile('steps.js');
    await workbench.palette('Hindcast: Record…');
    await workbench.quickPick('This file');
    await workbench.waitStopped(12);
    // the panels open where the terminal was, once the stop has been seen
    await workbench.webview('timeline');
    await workbench.palette('Terminal: Focus Terminal');
    const rows = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
    await rows.filter({ hasText: 'recording:' }).first().waitFor();
    await workbench.screenshot('terminal-dark');
    // the second shows the command where that is scrolled out of sight; a terminal that changes its size is empty for a
    // moment, and breaks a line anywhere
    let shown: string[] = [];
    const terminated = async () => {
      shown = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s/g, ''));
      return shown.join('').includes('terminatedwithexitcode');
    };
    await workbench.until(terminated, () => `the terminal shows ${JSON.stringify(shown)}`);
    assert.match(shown.join(''), /\$nodesteps\.js/);
    assert.match(shown[0]!, /recording:\S+terminatedwithexitcode:1/);
    assert.doesNotMatch(shown[0]!, /--out|--path-file|--show-command/);
    // its tab says that it failed
    await workbench.page.locator('.terminal-tab .codicon-error, .single-terminal-tab .codicon-error').first().waitFor();
  });

  test('offer to pin only what is not pinned yet', async () => {
    await workbench.palette('Hindcast: Unpin Recording');
    await workbench.notification('No recording is pinned.').waitFor();
    await workbench.palette('Hindcast: Pin Recording');
    await workbench.quickPick('steps.js');
    await workbench.statusBarItem('steps.js is kept for good').waitFor();
    await workbench.palette('Hindcast: Pin Recording');
    await workbench.notification('All recordings are pinned already.').waitFor();
  });

  test('on a keyword ask for a variable', async () => {
    await workbench.openFile('steps.js');
    await workbench.goToLine(12);
    await workbench.page.keyboard.press('Home');
    await workbench.palette('Hindcast: Go to Where This Value Came From');
    await workbench.notification('Put the cursor on a variable or property first.').waitFor();
  });

  test('of a run that ended well, the replay stands at what ran last, with its panels open', async () => {
    const { page } = workbench;
    await workbench.palette('Hindcast: Validate Fix');
    const verdict = workbench.statusBarItem('Still failing');
    await verdict.waitFor();
    await workbench.debugAction('Stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    writeFileSync(path.join(workbench.folder, 'well.js'), 'let sum = 0;\nsum += 4;\nconsole.log(sum);\n');
    await workbench.openFile('well.js');
    await workbench.palette('Hindcast: Record This File');
    await workbench.notification('the program ended well').getByText('Replay from its End').click();
    await workbench.waitStopped(3);
    await workbench.variableRow(/^sum\s*=\s*4/).waitFor();
    await workbench.webview('timeline');
    // that was of the other recording
    await verdict.waitFor({ state: 'hidden' });
  });

  test('a program that does not end is cancelled, and what was recorded of it replays', async () => {
    writeFileSync(
      path.join(workbench.folder, 'forever.js'),
      'let turns = 0;\nsetInterval(() => {\n  turns += 1;\n}, 20);\n',
    );
    await workbench.openFile('forever.js');
    await workbench.palette('Hindcast: Record This File');
    const recording = workbench.notification('Recording forever.js');
    await recording.filter({ hasText: /[1-9]\d* events/ }).waitFor();
    await recording.locator('.monaco-button', { hasText: 'Cancel' }).click();
    const told = workbench.notification('What was recorded until then is kept');
    await told.locator('.monaco-button', { hasText: 'Replay' }).click();
    await workbench.page.locator('.debug-call-stack .monaco-list-row', { hasText: 'forever.js' }).first().waitFor();
  });

  test('a deleted recording is gone, and there again after Undo', async () => {
    const store = path.join(workbench.folder, '.hindcast', 'recordings');
    const names = (): string =>
      readdirSync(store)
        .filter((name) => /^\d/.test(name))
        .join();
    const before = names();
    await workbench.palette('Hindcast: Delete Recording…');
    await workbench.quickPick('well.js');
    const told = workbench.notification('Deleted the recording of');
    await workbench.until(async () => names().length < before.length, names);
    await told.locator('.monaco-button', { hasText: 'Undo' }).click();
    await workbench.until(async () => names() === before, names);
  });

  test('a command line may need a shell', async () => {
    mkdirSync(path.join(workbench.folder, 'inner'));
    writeFileSync(path.join(workbench.folder, 'inner', 'told.js'), 'console.log(process.env.TOLD);\n');
    await recordLine('cd inner && TOLD="so it is" node told.js');
    await workbench.notification('the program ended well').waitFor();
  });

  test('a command that is not there is named', async () => {
    await recordLine('vitset run');
    await workbench
      .notification(
        'vitset run could not be recorded. The command vitset was not found: check its name, and your PATH.',
      )
      .waitFor();
  });

  async function recordLine(line: string): Promise<void> {
    await workbench.palette('Hindcast: Record…');
    await workbench.quickPick('A command line');
    const input = workbench.page.locator('.quick-input-widget input.input');
    await input.fill(line);
    await input.press('Enter');
  }
});
