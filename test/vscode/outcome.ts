/** What a run of tests came to, as the run itself wrote it down. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** a line for each that failed: its title, and why */
  readonly failures: readonly string[];
}

export const noTests: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };

export function sum(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce(
    (all, { passed, failed, skipped, failures }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
      failures: [...all.failures, ...failures],
    }),
    noTests,
  );
}

export function writeOutcome(file: string, outcome: Outcome): void {
  writeFileSync(file, JSON.stringify(outcome));
}

/** Undefined where the run did not come to its end. */
export function readOutcome(file: string): Outcome | undefined {
  if (!existsSync(file)) return undefined;
  const { passed, failed, skipped, failures } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Outcome>;
  return passed === undefined || failed === undefined || skipped === undefined || failures === undefined
    ? undefined
    : { passed, failed, skipped, failures };
}
