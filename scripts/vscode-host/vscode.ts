/** A whole VS Code: the server, and the workbench as a page in Chromium. */
import { realpathSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { browserArguments, findBrowser } from './browser.ts';
import { startServer, type Server, type ServerOptions } from './server.ts';

export interface VSCodeOptions extends ServerOptions {
  readonly extensionDevelopmentPath?: string | undefined;
  /** a module with `run()`, for the extension host */
  readonly extensionTestsPath?: string | undefined;
  readonly viewport?: { readonly width: number; readonly height: number } | undefined;
}

export interface VSCode {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly browser: Browser;
  readonly server: Server;
  /** the other machines that the workbench asked for something */
  foreignHosts(): readonly string[];
  /** Opens the workbench in the page. Not done at the start, so that the page can be prepared. */
  open(): Promise<void>;
  /** Ends everything and removes what was temporary. May be called again. */
  close(): Promise<void>;
}

export async function startVSCode(options: VSCodeOptions = {}): Promise<VSCode> {
  const executablePath = findBrowser();
  const server = await startServer(options);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close().catch(() => undefined);
    await server.close();
  };
  try {
    browser = await chromium.launch({ executablePath, headless: true, args: [...browserArguments] });
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await context.addInitScript(developInPage, {
      extension: remote(server, options.extensionDevelopmentPath),
      tests: remote(server, options.extensionTestsPath),
    });
    const page = await context.newPage();
    const foreign = watchForeignHosts(page, server.authority);
    const open = async (): Promise<void> => {
      await page.goto(server.url);
    };
    return { page, context, browser, server, foreignHosts: () => [...foreign], open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface RemoteUri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/** Without symbolic links: VS Code finds the extension of a module by the beginning of its path. */
function remote({ authority }: Server, file: string | undefined): RemoteUri | undefined {
  return file === undefined ? undefined : { scheme: 'vscode-remote', authority, path: realpathSync(file) };
}

/**
 * Runs in the page. A built VS Code takes extensions under development from its page's configuration only; that is changed
 * when the page has been parsed, which is before the workbench's module runs.
 */
function developInPage({ extension, tests }: { readonly extension?: unknown; readonly tests?: unknown }): void {
  if (!extension && !tests) return;
  document.addEventListener('readystatechange', () => {
    const element = document.getElementById('vscode-workbench-web-configuration');
    const text = element?.getAttribute('data-settings');
    if (!element || !text || element.dataset['patched']) return;
    const configuration = JSON.parse(text) as { developmentOptions?: object };
    configuration.developmentOptions = {
      ...configuration.developmentOptions,
      ...(extension ? { extensions: [extension] } : {}),
      ...(tests ? { extensionTestsPath: tests } : {}),
    };
    element.setAttribute('data-settings', JSON.stringify(configuration));
    element.dataset['patched'] = 'yes';
  });
}

function watchForeignHosts(page: Page, authority: string): ReadonlySet<string> {
  const foreign = new Set<string>();
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(?:http|ws)s?:$/.test(protocol) && host !== authority) foreign.add(host);
  });
  return foreign;
}
