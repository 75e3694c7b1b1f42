/** What a test run says, test by test. */
export interface Outcomes {
  /** the exit code, or the signal */
  readonly end: string;
  /** titles of tests, assertions with their result, notes: in order */
  readonly lines: readonly string[];
  /** how many assertions there are */
  readonly tests: number;
}

/** Reads TAP. Diagnostics are left out: they hold durations and stacks of the runner. */
export function outcomes(run: { readonly status: number | null; readonly signal: string | null; readonly stdout: string }): Outcomes {
  const lines = run.stdout.split('\n').filter((line) => /^\s*(?:(?:not )?ok\b|# |1\.\.|Bail out!)/.test(line)).map(withoutTimes);
  const tests = lines.filter((line) => /^\s*(?:not )?ok\b/.test(line)).length;
  return { end: run.signal ?? String(run.status), lines, tests };
}

/** One line for each outcome that is not the same. */
export function differences(plain: Outcomes, recorded: Outcomes): readonly string[] {
  const found = plain.end === recorded.end ? [] : [`ends with ${recorded.end}, plain with ${plain.end}`];
  const length = Math.max(plain.lines.length, recorded.lines.length);
  for (let i = 0; i < length; i++) {
    const before = plain.lines[i];
    const after = recorded.lines[i];
    if (before !== after) found.push(`plain:    ${before ?? '(nothing)'}\n    recorded: ${after ?? '(nothing)'}`);
  }
  return found;
}

function withoutTimes(line: string): string {
  return line.trim().replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} [\d:]{8}/g, 'DATE').replace(/\b\d+(?:\.\d+)?(?:e-?\d+)? ?(?:ms|s|seconds|milliseconds)\b/g, 'TIME').replace(/\btime=\S+/g, 'TIME');
}
