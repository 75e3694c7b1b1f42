/**
 * A test that fails as a recording did: it makes the recorded call again that is likely to be wrong, or where no call can be
 * made again alone, runs the program on the recorded input. What was written is run at once; what does not show the
 * failure gives way to the next best.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inputOutput } from '../../base/errors.ts';
import type { Failure } from '../../query/failures.ts';
import type { Recording } from '../../store/recording.ts';
import { prepareRerun } from '../prepare.ts';
import { callTest, type GeneratedTest } from './call-test.ts';
import type { RecordedCall } from './calls.ts';
import { check, type Check, type FailedPlace } from './check.ts';
import { programTest } from './program-test.ts';
import { workspaceOf, type Runner, type Workspace } from './workspace.ts';

export interface GenerateOptions {
  readonly recording: Recording;
  readonly failure: Failure;
  /** the failure in a line */
  readonly title: string;
  /** where it was thrown */
  readonly place: FailedPlace | undefined;
  /** the likeliest first */
  readonly calls: readonly RecordedCall[];
  /** a function's name, or `program`; undefined: the first that shows the failure */
  readonly wanted: string | undefined;
  readonly runner: Runner | undefined;
  readonly out: string | undefined;
  readonly signal: AbortSignal;
}

export interface Generated {
  readonly workspace: Workspace;
  /** undefined: no test could be written */
  readonly test: GeneratedTest | undefined;
  /** function that the test calls; undefined: it runs the program */
  readonly call: RecordedCall | undefined;
  readonly check: Check | undefined;
  /** secrets that the test takes from the environment */
  readonly needs: readonly string[];
  /** recorded inputs that the test cannot bring */
  readonly lacks: readonly string[];
}

/** Calls that are tried. */
const MOST_CALLS = 5;
export const PROGRAM = 'program';

/** Throws where a file cannot be written. */
export async function generateTest(options: GenerateOptions): Promise<Generated> {
  const { recording, failure, place, wanted, out, signal } = options;
  const workspace = workspaceOf(recording.manifest.cwd, options.runner);
  const calls = options.calls.filter(({ functionName }) => wanted === undefined || functionName === wanted);
  let last: Generated | undefined;
  for (const call of calls.slice(0, MOST_CALLS)) {
    const test = free(
      (file) => callTest({ workspace, call, failure: options.title, recording: recording.manifest.id, out: file }),
      out,
    );
    write(test);
    const checked = await check(workspace, test.file, failure, place, call.expected !== undefined, call.needs, signal);
    last = { workspace, test, call, check: checked, needs: call.needs, lacks: [] };
    if (checked.result === 'fails-as-recorded' || checked.result === 'not-run' || wanted !== undefined) return last;
    remove(test);
  }
  const runsProgram = failure.case === undefined && (wanted === undefined || wanted === PROGRAM);
  if (!runsProgram) return { workspace, test: undefined, call: undefined, check: undefined, needs: [], lacks: [] };
  const prepared = prepareRerun(recording, { own: [], live: [] });
  try {
    const make = (file: string | undefined) =>
      programTest({ workspace, prepared, recording, failure: options.title, out: file });
    const test = free(make, out);
    write(test);
    const checked = await check(workspace, test.file, failure, place, false, test.needs, signal);
    return { workspace, test, call: undefined, check: checked, needs: test.needs, lacks: test.lacks };
  } finally {
    prepared.dispose();
  }
}

/** Under a name that no file has yet, unless one was given. */
function free<T extends GeneratedTest>(make: (file: string | undefined) => T, out: string | undefined): T {
  const first = make(out);
  if (out !== undefined || !existsSync(first.file)) return first;
  for (let count = 2; ; count++) {
    const file = first.file.replace(/\.hindcast\.test\./, `-${count}.hindcast.test.`);
    if (!existsSync(file)) return make(file);
  }
}

function write({ file, text, fixtures }: GeneratedTest): void {
  try {
    for (const [fixture, content] of [...fixtures, [file, text] as const]) {
      mkdirSync(path.dirname(fixture), { recursive: true });
      writeFileSync(fixture, content);
    }
  } catch (error) {
    throw inputOutput(`write ${file}`, error);
  }
}

/** With the folders that it leaves empty. */
function remove({ file, fixtures }: GeneratedTest): void {
  for (const each of [...fixtures.keys(), file]) {
    rmSync(each, { force: true });
    for (let folder = path.dirname(each); isEmpty(folder); folder = path.dirname(folder))
      rmSync(folder, { recursive: true });
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}
