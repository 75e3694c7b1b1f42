/** Puts what a recording says of tests into a run of the Testing view. */
import * as vscode from 'vscode';
import { shownFunction } from '../../../trace-runtime/src/query/shown-function.ts';
import { failureTitle, type RecordedCase, type RecordedFailure } from '../recording/recording-info.ts';
import type { Recorded } from '../recording/record.ts';
import type { MessageLines } from './message-lines.ts';
import type { CaseOfTest } from './workspace/case-results.ts';

/** `hindcast.replayTest` shows beside messages that have it. */
export const RECORDED_CONTEXT = 'hindcastRecorded';

/** Recordings made by an older command lack what is optional here. */
export interface TimedCase extends RecordedCase {
  readonly milliseconds?: number | null;
}

export interface TracedFailure extends RecordedFailure {
  /** in the user's code and its packages, innermost first */
  readonly stack?: readonly {
    readonly functionName: string;
    readonly isModule?: boolean;
    readonly place: RecordedFailure['place'];
  }[];
}

export type FoundTest = CaseOfTest<TimedCase> & { readonly item: vscode.TestItem };

export function failureOf({ info }: Recorded, found: RecordedCase): TracedFailure | undefined {
  return info.failures.find(({ case: of, stream }) => of?.id === found.id && stream === found.stream);
}

export interface Results {
  readonly run: vscode.TestRun;
  readonly lines: MessageLines;
}

export function showResult(
  { run, lines }: Results,
  { item, found }: FoundTest,
  failure: TracedFailure | undefined,
): void {
  const duration = found.milliseconds ?? undefined;
  const message = messageOfResult(found, failure);
  lines.set(item, message);
  if (!message) {
    if (found.outcome === 'passed') run.passed(item, duration);
    else run.skipped(item);
  } else if (found.outcome === 'unfinished') run.errored(item, message, duration);
  else run.failed(item, message, duration);
}

function messageOfResult(found: RecordedCase, failure: TracedFailure | undefined): vscode.TestMessage | undefined {
  switch (found.outcome) {
    case 'passed':
    case 'skipped':
      return undefined;
    case 'failed':
    case 'timedOut':
      return messageOf(failure, found);
    case 'unfinished':
      return recordedMessage('It did not end: the program ended before it.');
  }
}

/** Of a failure that belongs to no test: what the program died of. */
export function messageOf(failure: TracedFailure | undefined, found?: RecordedCase): vscode.TestMessage {
  if (!failure) return recordedMessage(found?.outcome === 'timedOut' ? 'It took too long.' : 'It failed.');
  const message = recordedMessage(textOf(failure));
  const location = locationOf(failure.place);
  if (location) message.location = location;
  const frames = failure.stack ?? [];
  if (frames.length > 0) {
    message.stackTrace = frames.map(({ functionName, isModule, place }) => {
      const at = locationOf(place);
      return new vscode.TestMessageStackFrame(shownFunction(functionName, isModule === true), at?.uri, at?.range.start);
    });
  }
  return message;
}

/** The editor shows the first line beside the failing one: it says what matters, also where an assertion's own does not. */
function textOf(failure: TracedFailure): string {
  const title = failureTitle(failure);
  const whole = failure.message.replaceAll(/\s+/g, ' ').trim();
  return title.endsWith(whole) ? title : `${title}\n\n${failure.message}`;
}

function recordedMessage(text: string): vscode.TestMessage {
  const message = new vscode.TestMessage(text);
  message.contextValue = RECORDED_CONTEXT;
  return message;
}

function locationOf(place: RecordedFailure['place']): vscode.Location | undefined {
  if (!place || place.line === null) return undefined;
  return new vscode.Location(vscode.Uri.file(place.path), new vscode.Position(place.line - 1, (place.column ?? 1) - 1));
}

const SIGNS: Readonly<Record<RecordedCase['outcome'], string>> = {
  passed: '\u001b[32m✓\u001b[0m',
  failed: '\u001b[31m✗\u001b[0m',
  timedOut: '\u001b[31m✗\u001b[0m',
  skipped: '\u001b[33m↷\u001b[0m',
  unfinished: '\u001b[31m?\u001b[0m',
};

/** For a run whose own output is not known. */
export function summaryOf(recorded: Recorded, tests: readonly FoundTest[]): string {
  return tests.map(({ found }) => lineOf(found, failureOf(recorded, found))).join('');
}

function lineOf({ outcome, name }: RecordedCase, failure: RecordedFailure | undefined): string {
  const lines = [`${SIGNS[outcome]} ${name}`];
  if (failure) {
    const { place } = failure;
    const where = place?.line ? ` (${vscode.workspace.asRelativePath(place.path)}:${place.line})` : '';
    lines.push(`    ${failureTitle(failure)}${where}`);
  }
  return lines.map((line) => `${line}\r\n`).join('');
}
