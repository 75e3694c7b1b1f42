/** What VS Code calls in the extension host: runs the tests that lie beside this bundle, and leaves the outcome in a file. */
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { writeOutcome } from '../outcome.ts';
import { runMocha } from '../run-mocha.ts';

const TEST_MS = 120_000;

export async function run(): Promise<void> {
  const { HINDCAST_TEST_LOG: log, HINDCAST_TEST_OUTCOME: file, HINDCAST_TEST_FILTER: filter } = process.env;
  if (!log || !file) throw new Error('These tests are started by `npm run test:vscode`.');
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  const outcome = await runMocha({
    files: files.map((name) => path.join(__dirname, name)),
    filter,
    timeoutMs: TEST_MS,
    print: (line) => appendFileSync(log, `${line}\n`),
  });
  writeOutcome(file, outcome);
  if (outcome.failed > 0) throw new Error(`${outcome.failed} tests failed`);
}
