/** `npm start`, as far as it goes without a person: it opens a replay at the failure, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'mocha';
import { chromium } from 'playwright-core';
import { removeFolder } from '../../../scripts/remove-folder.ts';
import { browserArguments, findBrowser } from '../../../scripts/vscode-host/browser.ts';
import { repository } from '../../../scripts/vscode-host/repository.ts';

suite('npm start', () => {
  test('opens the example where it failed; Ctrl-C ends all of it', async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'hc-'));
    const run = spawn(process.execPath, ['scripts/start.mjs', '--no-open'], {
      cwd: repository,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => run.once('exit', resolve));
    try {
      const url = await printedUrl(run);
      await standsAtFailure(url);
      run.kill('SIGINT');
      assert.equal(await ended, 0);
      await assert.rejects(fetch(url), 'its server has ended');
      assert.deepEqual(readdirSync(temporary), []);
    } finally {
      run.kill('SIGTERM');
      await ended;
      removeFolder(temporary);
    }
  });
});

function printedUrl({ stdout, stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (text) => {
        said += String(text);
        const url = /^VS Code runs at (http:\S+)$/m.exec(said)?.[1];
        if (url) resolve(url);
      });
    }
    stdout?.once('close', () => reject(new Error(`It printed no address:\n${said}`)));
  });
}

async function standsAtFailure(url: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserArguments] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    await page.locator('.debug-toolbar [aria-label^="Step Back"]').waitFor();
    await page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor();
    await page.locator('.tabs-container .tab.active', { hasText: 'checkout.js' }).waitFor();
    await page.locator('.statusbar-item', { hasText: /^Ln 12, / }).waitFor();
  } finally {
    await browser.close();
  }
}
