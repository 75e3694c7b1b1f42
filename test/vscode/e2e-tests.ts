/** The tests that drive the workbench from outside (`e2e/*.e2e.ts`): Playwright and the installed package. */
import path from 'node:path';
import { bundleForNode, bundlesFolder, filesIn } from './bundle.ts';
import { runInProcess } from './mocha-process.ts';
import { sum, type Outcome } from './outcome.ts';
import { runMocha } from './run-mocha.ts';

export interface E2eTestsOptions {
  /** a folder with the package installed */
  readonly extensions: string;
  readonly filter?: string | undefined;
  /** where screenshots go; without it none are kept */
  readonly screenshots?: string | undefined;
}

const TEST_MS = 300_000;
/** These wait for minutes, more than they work: they run beside all others. */
const WAITING = ['operations.e2e.ts'];

export async function runE2eTests({ extensions, filter, screenshots }: E2eTestsOptions): Promise<Outcome> {
  const folder = path.join(bundlesFolder, 'e2e');
  const names = filesIn('test/vscode/e2e', '.e2e.ts');
  const [program = '', ...bundles] = await bundleForNode(['test/vscode/mocha-process.ts', ...names], folder);
  const isWaiting = (_: string, at: number): boolean => WAITING.includes(path.basename(names[at] ?? ''));
  // Read by `e2e/workbench.ts`, in whose bundle this module is not.
  process.env['HINDCAST_TEST_EXTENSIONS'] = extensions;
  if (screenshots) process.env['HINDCAST_TEST_SCREENSHOTS'] = path.resolve(screenshots);
  const run = { filter, timeoutMs: TEST_MS };
  const waiting = runInProcess(program, { ...run, files: bundles.filter(isWaiting) });
  const others = runMocha({ ...run, files: bundles.filter((name, at) => !isWaiting(name, at)) });
  return sum(await Promise.all([others, waiting]));
}
