/** Runs a generated test on the code as it is: it has to fail as the recording did. */
import { spawn } from 'node:child_process';
import type { Failure } from '../../query/failures.ts';
import { runnerCommand, type Workspace } from './workspace.ts';

export interface Check {
  /** `passes`: it does not show the failure; `other`: it fails, but otherwise; `not-run`: the runner is not there */
  readonly result: 'fails-as-recorded' | 'passes' | 'other' | 'not-run';
  /** what the runner printed */
  readonly output: string;
}

const TIMEOUT_MS = 60_000;

/** `expects`: the test compares a result, so it is an assertion that fails. */
export async function check(
  workspace: Workspace,
  file: string,
  failure: Failure,
  expects: boolean,
  signal: AbortSignal,
): Promise<Check> {
  const command = runnerCommand(workspace, file);
  if (!command) return { result: 'not-run', output: '' };
  const { status, output } = await run(command, workspace.root, signal);
  if (status === 0) return { result: 'passes', output };
  const isSame = expects
    ? /assert|expect/i.test(output) && !/Cannot find module|SyntaxError/.test(output)
    : hasMessage(output, failure);
  return { result: isSame ? 'fails-as-recorded' : 'other', output };
}

/** On one line of what was printed; texts in quotes and numbers may be others. */
function hasMessage(output: string, { message, type }: Failure): boolean {
  const [line = ''] = message.split('\n', 1);
  const parts = line.split(/'[^']*'|"[^"]*"|`[^`]*`|\d+(?:\.\d+)?/).map((part) => part.trim());
  const said = parts.filter((part) => part !== '');
  if (said.length === 0) return output.includes(line === '' ? type : line);
  const pattern = said.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(pattern).test(output.replaceAll(/\u001b\[[\d;]*m/g, ''));
}

function run(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly status: number | null; readonly output: string }> {
  // a runner must not take itself for a part of another
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn('node', [...args], {
    cwd,
    env: { ...env, CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    timeout: TIMEOUT_MS,
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}
