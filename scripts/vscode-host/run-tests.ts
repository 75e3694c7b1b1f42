/** Runs a module's `run()` in the extension host, and says how that ended. */
import { startVSCode, type VSCodeOptions } from './vscode.ts';

export interface RunTestsOptions extends VSCodeOptions {
  readonly extensionTestsPath: string;
  readonly timeoutMs?: number | undefined;
}

export interface TestRun {
  /**
   * What the workbench reported, or 124 after a time-out. It reports 0 too when the extension host dies: whoever needs to
   * know that the tests ran has them leave a proof.
   */
  readonly code: number;
  /** what the extension host printed, and the server's last lines */
  readonly log: string;
}

const LINES = 30;

export async function runTests(options: RunTestsOptions): Promise<TestRun> {
  const vscode = await startVSCode(options);
  const printed: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    const { page, browser } = vscode;
    const code = await new Promise<number>((resolve, reject) => {
      // The two functions that VS Code for the web calls when it runs tests.
      const exit = page.exposeFunction('codeAutomationExit', (value: unknown) => resolve(Number(value)));
      const log = page.exposeFunction('codeAutomationLog', (type: unknown, args: readonly unknown[]) => {
        printed.push(`[${String(type)}] ${args.map(String).join(' ')}`);
      });
      page.once('crash', () => reject(new Error('The page with the workbench crashed.')));
      browser.once('disconnected', () => reject(new Error('The browser with the workbench ended.')));
      timer = setTimeout(resolve, options.timeoutMs ?? 600_000, 124);
      Promise.all([exit, log]).then(vscode.open).catch(reject);
    });
    return { code, log: [...printed.slice(-LINES), ...vscode.server.log().split('\n').slice(-LINES)].join('\n') };
  } finally {
    clearTimeout(timer);
    await vscode.close();
  }
}
