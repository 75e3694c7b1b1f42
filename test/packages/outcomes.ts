import { spawn } from 'node:child_process';

export interface SuiteRun {
  readonly exitCode: number | null;
  /** one line a test or assertion, in the suite's order: `ok name` or `not ok name` */
  readonly outcomes: readonly string[];
  readonly ms: number;
  readonly stderr: string;
}

/** Runs a suite that speaks TAP. */
export function runSuite(command: readonly string[], cwd: string, timeoutMs: number): Promise<SuiteRun> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, outcomes: readTap(stdout), ms: performance.now() - started, stderr });
    });
  });
}

/** Comments that name a test, and its assertions; numbers and times are left out. */
export function readTap(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const assertion = /^\s*((?:not )?ok) \d+ ?-? ?(.*)$/.exec(line);
    if (assertion) return [`${assertion[1]} ${assertion[2]?.replace(/ # time=.*$/, '') ?? ''}`];
    const heading = /^# (?!time|tests|pass|fail|ok|skip)(.*)$/.exec(line);
    return heading ? [`# ${heading[1]}`] : [];
  });
}

/** Where two runs differ; empty where they agree. */
export function differences(plain: SuiteRun, recorded: SuiteRun): string[] {
  const list: string[] = [];
  if (plain.exitCode !== recorded.exitCode) list.push(`exit code ${plain.exitCode} became ${recorded.exitCode}`);
  const count = Math.max(plain.outcomes.length, recorded.outcomes.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = [plain.outcomes[i] ?? 'nothing', recorded.outcomes[i] ?? 'nothing'];
    if (a !== b) list.push(`${a} became ${b}`);
  }
  return list;
}
