/** The question "Why does this have this value?", asked in the editor or the Variables view and answered in the panel. */
import * as vscode from 'vscode';
import { activeReplay } from '../replay/replayer.ts';
import { expressionAtCursor, frameArguments, type VariableContext } from '../replay/travel-commands.ts';
import type { ReplayFollower } from './replay-follower.ts';

export function registerWhyValue(follower: ReplayFollower): vscode.Disposable {
  return vscode.commands.registerCommand('hindcast.whyValue', async (context?: VariableContext) => {
    const variable = context?.variable;
    const expression = variable ? (variable.evaluateName ?? variable.name) : expressionAtCursor();
    if (!activeReplay()) {
      void vscode.window.showInformationMessage('No recording is being replayed. Open one from the Hindcast view.');
      return;
    }
    if (expression === undefined) {
      void vscode.window.showInformationMessage('Put the cursor on a variable or property first.');
      return;
    }
    const answered = follower.askWhy(expression, frameArguments());
    await vscode.commands.executeCommand('hindcast.why.focus');
    await answered;
  });
}
