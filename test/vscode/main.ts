/**
 * `npm run test:vscode [-- OPTIONS]`: the packaged extension in a real VS Code. First the tests inside the extension host,
 * then those that drive the workbench.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../../scripts/vscode-host/browser.ts';
import { E2E_PARTS, runE2eTests } from './e2e-tests.ts';
import { runHostTests } from './host-tests.ts';
import { noTests, sum } from './outcome.ts';
import { cleanUpAtExit, installPackage, makePackage } from './package.ts';

const USAGE = `usage: npm run test:vscode [-- OPTIONS] [FILTER]

  FILTER                    only tests whose title holds this text
  --only PART               host: only those inside the extension host; e2e: those that drive the workbench; operations:
                            those of the operations view, which drive it too and wait for minutes; may be given again
  --keep-screenshots DIR    writes the screenshots of the end-to-end tests there
  --vsix FILE               tests this package, instead of making one
  --no-build                packages what was built before
  --vscode FILE             runs the tests of the extension host in this desktop VS Code (its executable)`;

const PARTS: readonly string[] = ['host', ...E2E_PARTS];

cleanUpAtExit();
process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    console.error(USAGE);
    return 4;
  }
  const { filter, only, screenshots, executable } = options;
  findBrowser();
  const vsix = options.vsix ?? makePackage(options.build);
  const extensions = await installPackage(vsix);
  const host = only.includes('host') ? await runHostTests({ vsix, extensions, executable, filter }) : noTests;
  if (!host) console.error('The extension host ended before its tests did.');
  const parts = E2E_PARTS.filter((part) => only.includes(part));
  const e2e = parts.length > 0 ? await runE2eTests({ extensions, parts, filter, screenshots }) : noTests;
  const { passed, failed, skipped, failures } = sum([host ?? noTests, e2e]);
  for (const failure of failures) console.log(`FAILED ${failure}`);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (passed + failed + skipped === 0) console.error('No test ran.');
  return host && failed === 0 && passed > 0 ? 0 : 1;
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [...PARTS] },
        'keep-screenshots': { type: 'string' },
        vsix: { type: 'string' },
        'no-build': { type: 'boolean' },
        vscode: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const { only, vsix, vscode: executable } = values;
    if (values.help || !only.every((part) => PARTS.includes(part)) || positionals.length > 1) return undefined;
    if (vsix && !existsSync(vsix)) throw new Error(`There is no file ${vsix}.`);
    return {
      only,
      vsix: vsix && path.resolve(vsix),
      executable,
      build: !values['no-build'],
      screenshots: values['keep-screenshots'],
      filter: positionals[0],
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
