import { spawn } from 'node:child_process';

export interface SuiteRun {
  readonly exitCode: number | null;
  /** one line a test or assertion, in the suite's order, under the test that it stands in: `heading › ok name` */
  readonly outcomes: readonly string[];
  readonly ms: number;
  readonly stderr: string;
}

export interface Comparison {
  /** what recording changed; empty where nothing */
  readonly changed: readonly string[];
  /** outcomes that differ between plain runs already, and so say nothing about recording */
  readonly unstable: readonly string[];
  /** the same outcomes, but in another order than in any plain run */
  readonly reordered: boolean;
}

/** Runs a suite that speaks TAP. */
export function runSuite(command: readonly string[], cwd: string, timeoutMs: number): Promise<SuiteRun> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
  child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, outcomes: readTap(stdout), ms: performance.now() - started, stderr });
    });
  });
}

/** Comments that name a test, and its assertions; numbers and durations are left out. */
export function readTap(text: string): string[] {
  let heading = '';
  return text.split('\n').flatMap((line) => {
    const assertion = /^\s*((?:not )?ok) \d+ ?-? ?(.*)$/.exec(line);
    if (assertion) return [`${heading}${assertion[1]} ${assertion[2]?.replace(/ # time=.*$/, '') ?? ''}`];
    const comment = /^# (?!time|tests|pass|fail|ok|skip|duration_ms|suites|cancelled|todo)(.*)$/.exec(line);
    if (!comment) return [];
    heading = `# ${comment[1]} › `;
    return [`# ${comment[1]}`];
  });
}

/**
 * Compares a recorded run with at least two plain ones. Outcomes that all plain runs have must be in the recorded run, as
 * often, and nothing else: but where plain runs differ among each other (a date in a title, say), the recorded run may
 * have as many of such outcomes, passed and failed, as one of the plain runs.
 */
export function compare(plain: readonly SuiteRun[], recorded: SuiteRun): Comparison {
  const changed: string[] = [];
  if (plain.every(({ exitCode }) => exitCode !== recorded.exitCode))
    changed.push(`exit code ${plain[0]?.exitCode} became ${recorded.exitCode}`);
  const common = plain.map(({ outcomes }) => count(outcomes)).reduce(both);
  const lost = minus(common, count(recorded.outcomes));
  const more = minus(count(recorded.outcomes), common);
  const differing = plain.map(({ outcomes }) => minus(count(outcomes), common));
  const excused = differing.some((some) => tally(some) === tally(more));
  for (const line of lost)
    changed.push(`${line} became ${excused ? 'nothing' : (counterpart(line, more) ?? 'nothing')}`);
  if (!excused && lost.length === 0) for (const line of more) changed.push(`nothing became ${line}`);
  const order = recorded.outcomes.join('\n');
  const unstable = [...new Set(differing.flat())];
  const reordered =
    changed.length === 0 && unstable.length === 0 && plain.every(({ outcomes }) => outcomes.join('\n') !== order);
  return { changed, unstable, reordered };
}

type Counts = ReadonlyMap<string, number>;

function count(lines: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

function both(a: Counts, b: Counts): Counts {
  return new Map([...a].map(([line, times]) => [line, Math.min(times, b.get(line) ?? 0)]));
}

function minus(a: Counts, b: Counts): string[] {
  return [...a].flatMap(([line, times]) => Array.from({ length: Math.max(0, times - (b.get(line) ?? 0)) }, () => line));
}

/** How many passed, failed and headings: what must agree of outcomes whose titles differ. */
function tally(lines: readonly string[]): string {
  const failed = lines.filter((line) => /(?:^|› )not ok /.test(line)).length;
  const passed = lines.filter((line) => /(?:^|› )ok /.test(line)).length;
  return `${passed} ${failed} ${lines.length}`;
}

function counterpart(line: string, among: readonly string[]): string | undefined {
  const opposite = /(?:^|› )not ok /.test(line)
    ? line.replace(/(^|› )not ok /, '$1ok ')
    : line.replace(/(^|› )ok /, '$1not ok ');
  return among.find((each) => each === opposite);
}
