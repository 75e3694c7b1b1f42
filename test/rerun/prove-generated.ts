/** Records a failing program, has a test written, mends the program, and runs the test again. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { FailingProgram } from './failing-programs.ts';
import { NODE, type Program } from './program.ts';
import { recordFailing } from './record-failing.ts';

export interface Proof {
  readonly name: string;
  readonly runner: string;
  readonly kind: string;
  /** function that the test calls */
  readonly what: string;
  /** `result` of generate-test */
  readonly before: string;
  readonly after: 'passes' | 'fails' | 'no test';
  readonly lines: number;
  readonly fixtures: number;
  /** of the test */
  readonly text: string;
  /** what the runner printed after the fix */
  readonly output: string;
}

interface Answer {
  readonly file: string | null;
  readonly kind: string | null;
  readonly function: { readonly name: string } | null;
  readonly fixtures: readonly string[];
  readonly result: string | null;
  readonly command: readonly string[] | null;
}

export async function proveGenerated(
  failing: FailingProgram,
  runner: string,
): Promise<Proof & { readonly program: Program }> {
  const { program } = await recordFailing({ ...failing, packages: true });
  const { stdout, stderr } = await program.hindcast(['generate-test', '--json', '--runner', runner]);
  if (!stdout.startsWith('{')) throw new Error(`${failing.name}: ${stdout}${stderr}`);
  const answer = JSON.parse(stdout) as Answer;
  const { file, kind, fixtures, result, command } = answer;
  const text = file === null ? '' : readFileSync(file, 'utf8');
  program.edit(...failing.mend);
  // what was recorded is not what is there any more
  const ended = command === null ? undefined : await run(command, program.folder);
  return {
    program,
    name: failing.name,
    runner,
    kind: kind ?? 'none',
    what: answer.function?.name ?? '',
    before: result ?? 'no test',
    after: ended === undefined ? 'no test' : ended.status === 0 ? 'passes' : 'fails',
    lines: text.split('\n').length - 1,
    fixtures: fixtures.length,
    text,
    output: ended?.output ?? '',
  };
}

function run(
  command: readonly string[],
  cwd: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
  const [, ...args] = command;
  const child = spawn(NODE, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}
