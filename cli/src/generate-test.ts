/** `hindcast generate-test`: a test for the workspace's runner that fails as the recording did. */
import path from 'node:path';
import { failureTitle } from '../../trace-runtime/src/analysis/shown.ts';
import { callsOf, type RecordedCall } from '../../trace-runtime/src/rerun/generate/calls.ts';
import { generateTest as generate, type Generated } from '../../trace-runtime/src/rerun/generate/generate.ts';
import { runnerCommand, RUNNERS } from '../../trace-runtime/src/rerun/generate/workspace.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import { displayPath } from './display-place.ts';
import { failureView } from './failure-view.ts';
import { flag, oneOf, parse, text } from './options.ts';
import { printJson, printLines } from './output.ts';
import { checkMayRun, endedBySignals, latestRecorded } from './prove.ts';
import { openSession, type FoundFailure } from './session.ts';
import { trace } from './trace.ts';

const OPTIONS = { runner: 'text', out: 'text', call: 'text', json: 'flag', 'allow-run': 'flag' } as const;
const NOT_SHOWN = 3;
/** As a person types them. */
const COMMANDS = { node: 'node --test', vitest: 'npx vitest run', jest: 'npx jest', mocha: 'npx mocha' } as const;

export async function generateTest(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, 1);
  const session = await openSession(latestRecorded(parsed.positionals[0]));
  checkMayRun(session, parsed);
  const found = session.failures().find(({ failure }) => failure.kind !== 'marked');
  if (!found) throw session.nothingFailed();
  const { failure, stream } = found;
  const calls = callsOf(trace(session, stream), failure, () => session.open(stream));
  const { place: at } = failureView(found, new Places(session.recording));
  const line = at?.line;
  const out = text(parsed, 'out');
  const result = await generate({
    recording: session.recording,
    failure,
    title: titleOf(found),
    place: line === undefined ? undefined : { path: at!.path, line },
    calls,
    wanted: text(parsed, 'call'),
    runner: oneOf(parsed, 'runner', RUNNERS),
    out: out === undefined ? undefined : path.resolve(out),
    signal: endedBySignals(),
  });
  if (flag(parsed, 'json')) printJson(toJson(session.recording.folder, found, calls, result));
  else printLines(toLines(found, calls, result));
  return result.check?.result === 'fails-as-recorded' ? 0 : NOT_SHOWN;
}

function titleOf({ failure }: FoundFailure): string {
  return failureTitle(failure).split('\n', 1)[0]!;
}

function toLines(found: FoundFailure, calls: readonly RecordedCall[], result: Generated): readonly string[] {
  const { test, call, needs, lacks, workspace } = result;
  const title = found.failure.case ? `${found.failure.case.name}: ${titleOf(found)}` : titleOf(found);
  if (!test)
    return [
      title,
      '  No test could be written: the failing code is a test, and no call of an exported function was found whose arguments',
      '  can be written down and that fails when it is made again. The recording itself is kept by `hindcast validate --keep`.',
    ];
  const others = othersThan(call, calls);
  return [
    title,
    `  ${displayPath(test.file)}: ${call ? `calls ${call.functionName} with the recorded arguments` : 'runs the program on the recorded input'}${call?.expected ? ', and expects what the assertion expected' : ''}`,
    ...[...test.fixtures.keys()].slice(0, 10).map((fixture) => `  ${displayPath(fixture)}`),
    ...(test.fixtures.size > 10 ? [`  … and ${test.fixtures.size - 10} more files`] : []),
    ...said(result),
    ...needs.map((name) => `  It needs ${name} in the environment: the recording does not hold secrets.`),
    ...lacks.map((what) => `  It goes without ${what}.`),
    ...(result.check?.result === 'fails-as-recorded'
      ? [`  Run it with: ${COMMANDS[workspace.runner]} ${displayPath(test.file)}`]
      : []),
    ...(others.length > 0
      ? [`  --call takes ${others.join(', ')}${found.failure.case ? '' : ', program'} instead`]
      : []),
  ];
}

function othersThan(call: RecordedCall | undefined, calls: readonly RecordedCall[]): readonly string[] {
  const names = new Set(calls.map(({ functionName }) => functionName));
  return [...names].filter((name) => name !== call?.functionName);
}

function said({ check }: Generated): readonly string[] {
  switch (check?.result) {
    case 'fails-as-recorded':
      return ['  Run on the code as it is now, it fails as the recording did.'];
    case 'passes':
      return ['  Run on the code as it is now, it PASSES: it does not show the failure, or that is mended already.'];
    case 'other':
      return ['  Run on the code as it is now, it fails OTHERWISE than the recording did:', ...tail(check.output)];
    default:
      return [`  It was not run: ${check?.output}.`];
  }
}

function tail(output: string): readonly string[] {
  return output
    .trimEnd()
    .split('\n')
    .slice(-12)
    .map((line) => `    ${line}`);
}

function toJson(recording: string, { failure }: FoundFailure, calls: readonly RecordedCall[], result: Generated) {
  const { test, call, check, needs, lacks, workspace } = result;
  return {
    recording,
    case: failure.case ? { id: failure.case.id, name: failure.case.name } : null,
    failure: { type: failure.type, message: failure.message, identity: failure.identity },
    runner: workspace.runner,
    kind: test ? (call ? 'call' : 'program') : null,
    function: call ? { name: call.functionName, path: call.path } : null,
    expected: call?.expected?.code ?? null,
    file: test?.file ?? null,
    fixtures: test ? [...test.fixtures.keys()] : [],
    result: check?.result ?? null,
    command: test ? ['node', ...(runnerCommand(workspace, test.file) ?? [])] : null,
    needs,
    lacks,
    others: othersThan(call, calls),
  };
}
