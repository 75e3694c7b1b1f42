/** A workbench to drive: what a person does with it, and what they see. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import type { Environment } from '../../../scripts/vscode-host/environment.ts';
import type { Settings } from '../../../scripts/vscode-host/profile.ts';
import { startVSCode, type VSCode } from '../../../scripts/vscode-host/vscode.ts';
import { copyProject, copyProjects, type Workspace, type WorkspaceOptions } from '../workspaces.ts';
import { themes, type Theme } from './themes.ts';

export interface OpenOptions {
  /** whether VS Code asks if the folder is trusted; else it is */
  readonly workspaceTrust?: boolean;
  readonly settings?: Settings;
  readonly theme?: Theme;
  readonly env?: Environment;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** whose packages (vitest, jest, mocha …) the project has: true, the repository's */
  readonly packages?: WorkspaceOptions['packages'];
  /** projects that are folders of the same workspace, beside the first */
  readonly besides?: readonly string[];
  /** folders that are there before VS Code is: it begins to watch at some moment after it was opened */
  readonly folders?: readonly string[];
  /** whether the extension is installed; yes, if not said otherwise */
  readonly installed?: boolean;
  /** a folder with other extensions, in its place */
  readonly extensions?: string;
}

/** Without a graphics processor, everything that moves for ever takes a processor for itself. */
const calmSettings: Settings = { 'workbench.reduceMotion': 'on', 'editor.cursorBlinking': 'solid' };

/** Opens a copy of a project of the repository with the packaged extension. Whoever opens it closes it. */
export async function open(project: string, options: OpenOptions = {}): Promise<Workbench> {
  const { besides = [], folders = [] } = options;
  const workspace = besides.length > 0 ? copyProjects([project, ...besides], options) : copyProject(project, options);
  try {
    for (const folder of folders) mkdirSync(path.join(workspace.folder, folder), { recursive: true });
    const { extensions } = settingsOfRun();
    const vscode = await startVSCode({
      folder: workspace.file ?? workspace.folder,
      extensionsDir: options.extensions ?? (options.installed === false ? undefined : extensions),
      workspaceTrust: options.workspaceTrust,
      settings: { ...calmSettings, ...options.settings },
      colorTheme: themes[options.theme ?? 'dark'].name,
      env: options.env,
      viewport: options.viewport,
    });
    const workbench = new Workbench(vscode, workspace);
    try {
      await vscode.open();
      await workbench.waitReady();
      return workbench;
    } catch (error) {
      await workbench.close();
      throw error;
    }
  } catch (error) {
    workspace.remove();
    throw error;
  }
}

/** Opens, uses and closes. What went wrong comes with a screenshot, where they are kept, and the server's last lines. */
export async function withWorkbench(
  project: string,
  options: OpenOptions,
  use: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const workbench = await open(project, options);
  try {
    await use(workbench);
  } catch (error) {
    await workbench.screenshot(`failed-${Date.now()}`).catch(() => undefined);
    console.error(await workbench.shownText().catch(() => ''));
    console.error(workbench.serverLog().split('\n').slice(-20).join('\n'));
    throw error;
  } finally {
    await workbench.close();
  }
}

const PATIENCE_MS = 90_000;

/** Buttons of the debug toolbar, as their labels begin. */
export type DebugAction =
  | 'Continue'
  | 'Pause'
  | 'Step Over'
  | 'Step Into'
  | 'Step Out'
  | 'Step Back'
  | 'Reverse'
  | 'Restart'
  | 'Stop'
  | 'Disconnect';

const ATTEMPTS = 5;
/** How long the input at the top may take to answer before it is asked again. */
const ANSWER_MS = 15_000;
const MENU_MS = 300;
/** How long a page may take to show the folder's files, and how often it is loaded again. */
const READY_MS = 45_000;
const LOADS = 2;

export class Workbench {
  readonly page: Page;
  /** the copy of the project, which is the workspace's folder */
  readonly folder: string;
  readonly #vscode: VSCode;
  readonly #workspace: Workspace;

  constructor(vscode: VSCode, workspace: Workspace) {
    this.#vscode = vscode;
    this.#workspace = workspace;
    this.page = vscode.page;
    // the first recording of a project prepares its packages
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.folder = workspace.folder;
  }

  async close(): Promise<void> {
    await this.#vscode.close();
    this.#workspace.remove();
  }

  /** A page that does not come up is loaded again, and what it showed is printed. */
  async waitReady(): Promise<void> {
    const row = this.page.locator('.monaco-workbench .explorer-viewlet .monaco-list-row').first();
    for (let more = LOADS; ; more--) {
      try {
        return await row.waitFor({ timeout: READY_MS });
      } catch (error) {
        await this.screenshot(`not-ready-${more}`);
        console.error(`The workbench is not ready: ${await this.shownText()}`);
        console.error(this.serverLog().split('\n').slice(-20).join('\n'));
        if (more === 0) throw error;
        await this.page.reload();
      }
    }
  }

  /** Loads the page again: a new extension host, with the same settings and window state. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitReady();
  }

  /**
   * Uses the window that VS Code opens by what `ask` does, and closes it. Only the window in front is drawn: this one is not
   * while that is there. What went wrong there is shown as `withWorkbench` does.
   */
  async inNewWindow(ask: () => Promise<void>, use: (other: Workbench) => Promise<void>): Promise<void> {
    const opened = this.#vscode.context.waitForEvent('page', { timeout: PATIENCE_MS });
    await ask();
    const page = await opened;
    const other = new Workbench({ ...this.#vscode, page }, this.#workspace);
    try {
      await page.bringToFront();
      await page.locator('.monaco-workbench .statusbar').waitFor();
      // the other one may have come to the front again while this one loaded
      await page.bringToFront();
      await use(other);
    } catch (error) {
      await other.screenshot(`failed-other-${Date.now()}`).catch(() => undefined);
      console.error(`The other window: ${await other.shownText().catch(() => '')}`);
      throw error;
    } finally {
      await page.close();
    }
    await this.page.bringToFront();
  }

  foreignHosts(): readonly string[] {
    return this.#vscode.foreignHosts();
  }

  serverLog(): string {
    return this.#vscode.server.log();
  }

  /** Taken in any case, so that the page is drawn; kept where the run keeps them. */
  async screenshot(name: string): Promise<void> {
    const image = await this.page.screenshot();
    const { screenshots } = settingsOfRun();
    if (!screenshots) return;
    mkdirSync(screenshots, { recursive: true });
    writeFileSync(path.join(screenshots, `${name}.png`), image);
  }

  /** All text that is seen, in few lines. */
  async shownText(): Promise<string> {
    return (await this.page.locator('body').innerText()).replaceAll(/\s*\n\s*/g, ' | ');
  }

  /** Runs the first command whose title in the palette holds this. */
  async palette(title: string): Promise<void> {
    await this.#choose(title, () => this.#ask('F1', '>', title));
  }

  /** Chooses from the list that `ask` makes the input at the top show. */
  #choose(text: string, ask: () => Promise<void>): Promise<void> {
    return this.#again(async () => {
      await ask();
      await this.quickPick(text, ANSWER_MS);
    });
  }

  /** A panel that loads may take the keyboard, and the input at the top closes then: what uses it is done again. */
  async #again(use: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await use();
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  get #input(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** Opens the input at the top and fills it. A key that comes while the last one closes is lost: it is pressed again. */
  async #ask(key: string, prefix: string, text: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press(key);
      const opened = await this.#input.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (opened || attempt === ATTEMPTS) break;
    }
    await this.#input.fill(prefix + text, { timeout: ANSWER_MS });
  }

  /** Chooses from the list that is open at the top, once it is no longer filled: a click would meet another row. */
  async quickPick(text: string, timeout = PATIENCE_MS): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const row = rows.filter({ hasText: text }).first();
    const deadline = Date.now() + timeout;
    for (let before = ''; Date.now() < deadline;) {
      await row.waitFor({ timeout });
      const now = (await rows.allInnerTexts()).join('\n');
      if (now === before) break;
      before = now;
      await this.page.waitForTimeout(MENU_MS);
    }
    await row.click({ timeout });
  }

  /** Has a file saved under this name by what `ask` opens: a dialog that shows a name of its own late, or loses the keyboard, is asked again. */
  saveAs(file: string, ask: () => Promise<void>): Promise<void> {
    return this.#again(async () => {
      await ask();
      await this.#giveFile(file);
      await this.wait(() => existsSync(file), ANSWER_MS);
    });
  }

  /** Answers the dialog that asks for a file. It takes no Enter while it reads the folder, and puts a name of its own there first. */
  async #giveFile(file: string): Promise<void> {
    await this.#input.waitFor();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if ((await this.#input.inputValue({ timeout: ANSWER_MS })) !== file) await this.#input.fill(file);
      await this.page.waitForTimeout(MENU_MS);
      await this.#input.press('Enter', { timeout: ANSWER_MS }).catch(() => undefined);
      const isGiven = await this.#input.waitFor({ state: 'hidden', timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (isGiven) return;
    }
    throw new Error(`The dialog did not take ${file}.`);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    const base = path.basename(name);
    await this.#again(async () => {
      await this.#choose(base, () => this.#ask('Control+P', '', name));
      await this.page.locator('.tabs-container .tab.active', { hasText: base }).waitFor({ timeout: ANSWER_MS });
    });
    await this.statusBarItem(/^Ln \d/).waitFor();
  }

  /** Puts the cursor into a line of the editor that has the keyboard. */
  async goToLine(line: number): Promise<void> {
    await this.#choose(`line ${line}`, () => this.#ask('Control+G', ':', String(line)));
    await this.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  }

  editorTab(name: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  notification(text: string): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text }).first();
  }

  /** Waits until a debug session stands somewhere, and at this line if one is given. */
  async waitStopped(line?: number): Promise<void> {
    await this.page.locator('.debug-toolbar').waitFor();
    await this.page.locator('.monaco-editor .debug-top-stack-frame-line').first().waitFor();
    if (line !== undefined) await this.statusBarItem(new RegExp(`^Ln ${line}, `)).waitFor();
  }

  /** Waits up to 20 s until this holds; otherwise an error says what is so instead. */
  async until(holds: () => Promise<boolean>, instead: () => string): Promise<void> {
    for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
      if (await holds()) return;
    throw new Error(`It did not come to be: ${instead()}.`);
  }

  /** The line where the cursor stands: after a stop, the line of the stop. */
  async line(): Promise<number> {
    const text = await this.statusBarItem(/Ln \d+/).innerText();
    return Number(/Ln (\d+)/.exec(text)?.[1]);
  }

  async debugAction(action: DebugAction): Promise<void> {
    await this.page.locator(`.debug-toolbar [aria-label^="${action}"]`).click();
  }

  /** Chooses from the context menu that opens now, which takes no click of the mouse in its first tenth of a second. */
  async menuItem(text: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-item', { hasText: text });
    await item.waitFor();
    await this.page.waitForTimeout(MENU_MS);
    await item.click();
    await item.waitFor({ state: 'hidden' });
  }

  /** Where workspace trust is on and the folder is not trusted yet. */
  async trustFolder(): Promise<void> {
    await this.palette('Manage Workspace Trust');
    await this.page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ })
      .first()
      .click();
  }

  /** Shows a view's container by the label of its icon in the activity bar. */
  async showContainer(label: string): Promise<void> {
    const icon = this.page.locator(`.activitybar .action-item:has(a.action-label[aria-label^="${label}"])`);
    if ((await icon.getAttribute('aria-selected')) !== 'true') await icon.click();
  }

  /** The rows of the Variables view as they are read, each `name: value`. */
  async variables(): Promise<readonly string[]> {
    return rowTexts(this.variableRow());
  }

  variableRow(text?: string | RegExp): Locator {
    return this.page.locator('.debug-variables .monaco-list-row', text === undefined ? {} : { hasText: text });
  }

  async callStack(): Promise<readonly string[]> {
    return rowTexts(this.page.locator('.debug-call-stack .monaco-list-row'));
  }

  /**
   * The frame of a panel, none of `others`, that runs `webview-ui/dist/NAME.js`; waits for it. VS Code lays its webviews over the workbench, so
   * nothing else tells whose they are.
   */
  async webview(name: string, { others = [] }: { readonly others?: readonly Frame[] } = {}): Promise<Frame> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const script = frame.locator(`script[src*="/${name}.js"]`);
        if (!others.includes(frame) && (await script.count().catch(() => 0)) > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview ran ${name}.js within ${PATIENCE_MS} ms.`);
  }

  /** The frame of a page without scripts, once its heading holds this and all is there. */
  async staticPage(heading: string): Promise<Frame> {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const found = frame.locator('main:not(:has([role=status])) h1', { hasText: heading });
        if ((await found.count().catch(() => 0)) > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No page said ${heading} within ${PATIENCE_MS} ms.`);
  }

  /** Until it is so. */
  async wait(isSo: () => boolean, patience = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + patience;
    while (!isSo()) {
      if (Date.now() > deadline) throw new Error(`It was not so within ${patience} ms.`);
      await this.page.waitForTimeout(100);
    }
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = themes[theme];
    await this.#choose(label, async () => {
      await this.palette('Preferences: Color Theme');
      const input = this.page.locator('.quick-input-widget input[placeholder^="Select Color Theme"]');
      await input.fill(label, { timeout: ANSWER_MS });
    });
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }
}

async function rowTexts(rows: Locator): Promise<readonly string[]> {
  return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** What `e2e-tests.ts` says about this run. */
function settingsOfRun(): { readonly extensions: string; readonly screenshots: string | undefined } {
  const { HINDCAST_TEST_EXTENSIONS: extensions, HINDCAST_TEST_SCREENSHOTS: screenshots } = process.env;
  if (!extensions) throw new Error('These tests are started by `npm run test:vscode`.');
  return { extensions, screenshots };
}
