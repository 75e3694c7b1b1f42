/** Runs a generated test on the code as it is: it has to fail as the recording did. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { withoutColours } from '../../base/colours.ts';
import type { Failure } from '../../query/failures.ts';
import { runnerCommand, type Workspace } from './workspace.ts';

export interface Check {
  /** `passes`: it does not show the failure; `other`: it fails, but otherwise; `not-run`: `output` says why */
  readonly result: 'fails-as-recorded' | 'passes' | 'other' | 'not-run';
  /** what the runner printed */
  readonly output: string;
}

const TIMEOUT_MS = 60_000;

/** Where the recorded failure was thrown, in the source that the developer wrote. */
export interface FailedPlace {
  readonly path: string;
  readonly line: number;
}

/** `expects`: the test compares a result, so it is an assertion that fails; `needs`: secrets that it takes. */
export async function check(
  workspace: Workspace,
  file: string,
  failure: Failure,
  place: FailedPlace | undefined,
  expects: boolean,
  needs: readonly string[],
  signal: AbortSignal,
): Promise<Check> {
  const command = runnerCommand(workspace, file);
  const missing = needs.filter((name) => process.env[name] === undefined);
  if (missing.length > 0) return { result: 'not-run', output: `${missing.join(', ')} is not in the environment` };
  if (!command) return { result: 'not-run', output: `${workspace.runner} is not installed here` };
  const { status, output } = await run(command, workspace.root, signal);
  if (status === 0) return { result: 'passes', output };
  const isSame = expects
    ? /assert|expect/i.test(output) && !/Cannot find module|SyntaxError/.test(output)
    : hasMessage(output, failure) || hasPlace(output, failure, place);
  return { result: isSame ? 'fails-as-recorded' : 'other', output };
}

/** On one line of what was printed; texts in quotes and numbers may be others. */
function hasMessage(output: string, { message, type }: Failure): boolean {
  const [line = ''] = message.split('\n', 1);
  const parts = line.split(/'[^']*'|"[^"]*"|`[^`]*`|\d+(?:\.\d+)?/).map((part) => part.trim());
  const said = parts.filter((part) => part !== '');
  if (said.length === 0) return plainLines(output).some((each) => !SOURCE.test(each) && each.includes(line || type));
  const pattern = said.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  const lines = plainLines(output).filter((each) => !SOURCE.test(each));
  return lines.some((each) => new RegExp(pattern).test(each));
}

/** Lines of the program that a runner shows around a failure: they have the message in any case. */
const SOURCE = /^\s*>?\s*\d+\s*\||\bthrow\s|\/\/ it threw/;

function plainLines(output: string): readonly string[] {
  return withoutColours(output).split('\n');
}

/**
 * The engine says the same mistake otherwise in some places: then it is the same type at the same line. Of what a framework
 * caught the line alone is known.
 */
function hasPlace(output: string, { type, value, message }: Failure, place: FailedPlace | undefined): boolean {
  const isUnknown = value === undefined && message === '';
  return (
    place !== undefined &&
    (isUnknown || output.includes(type)) &&
    output.includes(`${path.basename(place.path)}:${place.line}:`)
  );
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
