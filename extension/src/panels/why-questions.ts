/** Questions that are asked in the editor or the Variables view, and answered in the panel "Why It Failed". */
import path from 'node:path';
import * as vscode from 'vscode';
import type { LineQuestion } from '../../../trace-runtime/src/model/why-answers.ts';
import { activeReplay } from '../replay/replayer.ts';
import { expressionAtCursor, frameArguments, type VariableContext } from '../replay/travel-commands.ts';
import type { ReplayFollower } from './replay-follower.ts';

/** What VS Code hands to a command beside a line number. */
interface LineContext {
  readonly uri?: vscode.Uri;
  readonly lineNumber?: number;
}

export function registerWhyQuestions(follower: ReplayFollower): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('hindcast.whyValue', (context?: VariableContext) => askValue(follower, context)),
    vscode.commands.registerCommand('hindcast.whyRan', (context?: LineContext) => askLine(follower, 'ran', context)),
    vscode.commands.registerCommand('hindcast.whyNotRun', (context?: LineContext) =>
      askLine(follower, 'notRun', context),
    ),
  );
}

async function askValue(follower: ReplayFollower, context: VariableContext | undefined): Promise<void> {
  const variable = context?.variable;
  const expression = variable ? (variable.evaluateName ?? variable.name) : expressionAtCursor();
  if (!activeReplay()) return tell('No recording is being replayed. Open one from the Hindcast view.');
  if (expression === undefined) return tell('Put the cursor on a variable or property first.');
  const question = {
    text: `Why does ${expression} have this value?`,
    busy: `Looking for where ${expression} came from…`,
  };
  const answered = follower.askWhy(question, 'whyValue', { expression, ...frameArguments() });
  await vscode.commands.executeCommand('hindcast.why.focus');
  await answered;
}

/** About the line that the command was given, else the one that the cursor is in. */
async function askLine(
  follower: ReplayFollower,
  question: LineQuestion,
  context: LineContext | undefined,
): Promise<void> {
  if (!activeReplay()) return tell('No recording is being replayed. Open one from the Hindcast view.');
  const editor = vscode.window.activeTextEditor;
  const isGiven = context?.uri !== undefined && context.lineNumber !== undefined;
  const uri = isGiven ? context.uri : editor?.document.uri;
  if (!uri || !['file', 'debug'].includes(uri.scheme)) return tell('Put the cursor in a line of the program first.');
  const cursor = editor?.selection.active;
  const line = isGiven ? context.lineNumber! : cursor!.line + 1;
  const column = isGiven ? undefined : cursor!.character + 1;
  const file = uri.scheme === 'file' ? uri.fsPath : uri.path;
  const name = `${path.basename(file)}:${line}`;
  const answered = follower.askWhy(
    {
      text: question === 'ran' ? `Why did ${name} run?` : `Why did ${name} not run?`,
      busy: question === 'ran' ? `Looking for what led to ${name}…` : `Looking for what turned away from ${name}…`,
    },
    'whyLine',
    { question, path: file, line, ...(column === undefined ? {} : { column }) },
  );
  await vscode.commands.executeCommand('hindcast.why.focus');
  await answered;
}

function tell(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}
