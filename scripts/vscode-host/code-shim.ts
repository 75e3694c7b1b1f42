#!/usr/bin/env node
/**
 * Stands in for desktop VS Code's executable where there is none, for `@vscode/test-electron`. It takes those of its arguments
 * that tests use, and exits as VS Code would.
 */
import { runTests } from './run-tests.ts';

const args = process.argv.slice(2);
const profile = { userDataDir: option('user-data-dir'), extensionsDir: option('extensions-dir') };
const extensionTestsPath = option('extensionTestsPath');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

if (extensionTestsPath) {
  const { code, log } = await runTests({
    ...profile,
    folder: args.find((arg) => !arg.startsWith('-')),
    extensionDevelopmentPath: option('extensionDevelopmentPath'),
    extensionTestsPath,
    workspaceTrust: !args.includes('--disable-workspace-trust'),
    env: testVariables(),
  });
  if (code !== 0) console.error(`${log}\n${code === 124 ? 'The tests took too long.' : `Exit code ${code}.`}`);
  process.exitCode = code;
} else {
  console.error('This only runs tests: --extensionTestsPath=FILE is missing.');
  process.exitCode = 4;
}

/** `--name=value`, as test-electron writes it. */
function option(name: string): string | undefined {
  const start = `--${name}=`;
  return args.find((arg) => arg.startsWith(start))?.slice(start.length);
}

function testVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('HINDCAST_TEST_')));
}
