/** What came of recorded tests, told in a run of the Testing view. */
import * as vscode from 'vscode';
import type { Recorded } from '../recording/record.ts';
import { failureOf, messageOf, showResult, type FoundTest, type Results } from './test-results.ts';

/** The items that have a result now. Of several cases of a test (projects, repetitions) a failure counts. */
export function tellTests(
  results: Results,
  recorded: Recorded,
  found: readonly FoundTest[],
): ReadonlySet<vscode.TestItem> {
  const told = new Map<vscode.TestItem, FoundTest>();
  for (const test of found) if (!isFailed(told.get(test.item))) told.set(test.item, test);
  for (const test of told.values()) showResult(results, test, failureOf(recorded, test.found));
  return new Set(told.keys());
}

/** What went wrong outside of any test: a file that cannot be loaded, a runner that found nothing. */
export function tellDeath(
  { run, lines }: Results,
  { info, exitCode }: Recorded,
  found: readonly FoundTest[],
  items: readonly vscode.TestItem[],
): void {
  const outside = info.failures.find((failure) => !failure.case);
  const ran = found.some(({ found: { outcome } }) => outcome !== 'skipped');
  if (!outside && (ran || exitCode === 0)) return;
  const message = outside
    ? messageOf(outside)
    : new vscode.TestMessage(
        `No test ran, and the runner exited with code ${exitCode ?? 'unknown'}. Its output says why.`,
      );
  for (const item of items) {
    lines.set(item, message);
    run.errored(item, message);
  }
}

/** Nothing was recorded. */
export function tellError(run: vscode.TestRun, items: readonly vscode.TestItem[], error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  for (const item of items) run.errored(item, new vscode.TestMessage(sentence));
  run.appendOutput(`${sentence.replaceAll(/\r?\n/g, '\r\n')}\r\n`);
}

function isFailed(test: FoundTest | undefined): boolean {
  return test?.found.outcome === 'failed' || test?.found.outcome === 'timedOut';
}
