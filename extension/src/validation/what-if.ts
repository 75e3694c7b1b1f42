/** `What If…`: the recorded input again, with another value at one place of the program; and what that changes. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { WhereAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { nameRecording } from '../../../trace-runtime/src/store/recordings.ts';
import type { Installation } from '../installation.ts';
import { whileShown } from '../recording/progress.ts';
import type { Recordings } from '../recordings/recordings.ts';
import { activeReplay } from '../replay/replayer.ts';
import { expressionAtCursor, frameArguments, type VariableContext } from '../replay/travel-commands.ts';
import type { DifferencePage } from './difference-page.ts';
import type { Target, Targets } from './targets.ts';
import { homeOf, isTrusted, mayRunAgain, outOf } from './validator.ts';
import { verdictOf, type Validation } from './verdict.ts';

export interface WhatIfParts {
  readonly installation: Installation;
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly difference: DifferencePage;
}

/** What is tried, as `hindcast what-if` takes it. */
interface Trial {
  /** what gets another value */
  readonly expression: string;
  /** options that say where */
  readonly place: readonly string[];
  /** where, for people */
  readonly shown: string;
  /** the code for a value that the user gives */
  codeOf(value: string): readonly string[];
}

export function registerWhatIf(parts: WhatIfParts): vscode.Disposable {
  return vscode.commands.registerCommand('hindcast.whatIf', async (context?: VariableContext) => {
    try {
      await whatIf(parts, context);
    } catch (error) {
      if (error instanceof vscode.CancellationError) return;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  });
}

async function whatIf(parts: WhatIfParts, context: VariableContext | undefined): Promise<void> {
  const session = activeReplay();
  if (!session) return tell('No recording is being replayed. Open one from the Hindcast view.');
  if (!isTrusted(false)) return;
  const trial = context?.variable ? await ofVariable(session, context.variable) : await ofEditor(session);
  if (!trial) return;
  const target = await parts.targets.of({ recording: session.configuration.recording as string });
  const value = target && (await askValue(trial));
  if (value === undefined || !target) return;
  const title = `What if ${trial.expression} were ${value}`;
  const allowed = await mayRunAgain(target.recording, target.title);
  if (!allowed) return;
  const named = target.case ? `${target.recording}#${target.case}` : target.recording;
  const args = ['what-if', named, ...trial.codeOf(value), ...trial.place, ...outOf(target.recording), ...allowed];
  const answer = await rerun(parts.installation, title, args, homeOf(target.recording));
  await show(parts, target, title, trial, answer as Validation);
}

function rerun(installation: Installation, title: string, args: readonly string[], cwd: string): Promise<unknown> {
  return whileShown(title, async (report, cancelled) => {
    report('running it again on the recorded input');
    return installation.jsonOfRun(args, cwd, cancelled);
  });
}

async function show(
  { recordings, difference }: WhatIfParts,
  target: Target,
  title: string,
  { shown }: Trial,
  answer: Validation,
): Promise<void> {
  const { rerun: other } = answer;
  const { verdict, reasons } = verdictOf(answer, target.case);
  if (other === null) return tell(`${title}: it could not be run again.`);
  nameRecording(other, title);
  recordings.refresh();
  const outcome = { verdict, reasons };
  const heading = `${title}, ${shown}`;
  await difference.show({
    failing: target.recording,
    rerun: other,
    case: target.case ?? null,
    title: heading,
    outcome,
  });
}

function askValue({ expression, shown }: Trial): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `What if ${expression} were another value, ${shown}?`,
    prompt: `${expression} would be … (JavaScript; it may use what is in scope there)`,
    placeHolder: '0.15',
    validateInput: (text) => (text.trim() ? undefined : 'Say what it would be.'),
  });
}

/** It gets the value before the statement under way, in this run of it alone. */
async function ofVariable(
  session: vscode.DebugSession,
  { name, evaluateName }: NonNullable<VariableContext['variable']>,
): Promise<Trial | undefined> {
  const expression = evaluateName ?? name;
  const where = await whereIn(session);
  if (!where.isInnermost) {
    tell('Go to a moment in that function first: a value is changed in the function that runs.');
    return undefined;
  }
  return {
    expression,
    place: ['--at', where.moment],
    shown: `at ${where.moment}`,
    codeOf: (value) => [`${expression} = (${value})`],
  };
}

/** The selection, or what the cursor is on: in this run of its line where the replay stands there, else in all of them. */
async function ofEditor(session: vscode.DebugSession): Promise<Trial | undefined> {
  const editor = vscode.window.activeTextEditor;
  const expression = expressionAtCursor()?.trim();
  if (!editor || !expression || !['file', 'debug'].includes(editor.document.uri.scheme)) {
    tell('Put the cursor on a variable or property, or select an expression.');
    return undefined;
  }
  const { uri } = editor.document;
  const file = uri.scheme === 'file' ? uri.fsPath : uri.path;
  const line = editor.selection.start.line + 1;
  const where = await whereIn(session);
  const isHere = where.isInnermost && where.line === line && where.path === file;
  const name = `${path.basename(file)}:${line}`;
  return {
    expression,
    place: isHere ? ['--at', where.moment] : ['--line', `${file}:${line}`],
    shown: isHere ? `in ${name} at ${where.moment}` : `whenever ${name} runs`,
    codeOf: (value) => [value, '--instead-of', expression],
  };
}

interface Where {
  /** STREAM:NUMBER */
  readonly moment: string;
  /** whether the innermost call is looked at */
  readonly isInnermost: boolean;
  readonly path: string | undefined;
  readonly line: number | undefined;
}

async function whereIn(session: vscode.DebugSession): Promise<Where> {
  const { threadId, moment, stack, selected } = (await session.customRequest('where', frameArguments())) as WhereAnswer;
  const { stackFrames } = (await session.customRequest('stackTrace', { threadId, levels: 1 })) as {
    readonly stackFrames: readonly { readonly line: number; readonly source?: { readonly path?: string } }[];
  };
  const [top] = stackFrames;
  return {
    moment: `${threadId}:${moment}`,
    isInnermost: selected === null || selected === stack.at(-1),
    path: top?.source?.path,
    line: top?.line,
  };
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}
