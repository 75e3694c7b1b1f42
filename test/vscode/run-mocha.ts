/** Runs files of tests with mocha: the same way inside the extension host and around the workbench. */
import Mocha from 'mocha';
import type { Outcome } from './outcome.ts';

export interface MochaRun {
  readonly files: readonly string[];
  /** only tests whose full title holds this */
  readonly filter?: string | undefined;
  readonly timeoutMs: number;
  /** takes each line of the report, instead of the console */
  readonly print?: ((line: string) => void) | undefined;
}

export async function runMocha({ files, filter, timeoutMs, print }: MochaRun): Promise<Outcome> {
  const mocha = new Mocha({ ui: 'tdd', reporter: 'spec', color: false, timeout: timeoutMs, forbidOnly: true });
  if (print) Mocha.reporters.Base.consoleLog = (...args: readonly unknown[]) => print(formatLine(args));
  if (filter) mocha.fgrep(filter);
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const failures: string[] = [];
    const runner = mocha.run((failed) => {
      const { passes, pending } = runner.stats ?? {};
      // A failed hook fails no test of its own, so mocha's count is the one that holds.
      resolve({ passed: passes ?? 0, failed, skipped: pending ?? 0, failures });
    });
    runner.on('fail', (test, error: unknown) => failures.push(`${test.fullTitle()}: ${String(error)}`));
  });
}

/** The reporter's `%s` and `%d`, without colours. */
function formatLine(args: readonly unknown[]): string {
  const [format, ...values] = args;
  const text = String(format ?? '').replaceAll(/%[sd]/g, () => String(values.shift() ?? ''));
  return [text, ...values.map(String)].join(' ');
}
