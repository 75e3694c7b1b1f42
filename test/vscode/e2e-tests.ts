/** The tests that drive the workbench from outside (`e2e/*.e2e.ts`): Playwright and the installed package. */
import path from 'node:path';
import { bundleForNode, bundlesFolder, filesIn } from './bundle.ts';
import type { Outcome } from './outcome.ts';
import { runMocha } from './run-mocha.ts';

/** Those of the operations view are a part of their own: they wait for minutes, in which others can run. */
export const E2E_PARTS = ['e2e', 'operations'] as const;

export interface E2eTestsOptions {
  /** a folder with the package installed */
  readonly extensions: string;
  readonly parts: readonly (typeof E2E_PARTS)[number][];
  readonly filter?: string | undefined;
  /** where screenshots go; without it none are kept */
  readonly screenshots?: string | undefined;
}

const TEST_MS = 300_000;

export async function runE2eTests({ extensions, parts, filter, screenshots }: E2eTestsOptions): Promise<Outcome> {
  const wanted = filesIn('test/vscode/e2e', '.e2e.ts').filter((file) =>
    parts.includes(path.basename(file) === 'operations.e2e.ts' ? 'operations' : 'e2e'),
  );
  const files = await bundleForNode(wanted, path.join(bundlesFolder, parts.join('-')));
  // Read by `e2e/workbench.ts`, in whose bundle this module is not.
  process.env['HINDCAST_TEST_EXTENSIONS'] = extensions;
  if (screenshots) process.env['HINDCAST_TEST_SCREENSHOTS'] = path.resolve(screenshots);
  return runMocha({ files, filter, timeoutMs: TEST_MS });
}
