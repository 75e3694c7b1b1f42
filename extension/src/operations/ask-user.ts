/** Asks in the editor what has to be known before something is done to a running service. */
import * as vscode from 'vscode';
import type { Question } from './actions.ts';

/** `''` to a confirmation; undefined where the user cancelled. */
export async function askUser(question: Question): Promise<string | undefined> {
  if (question.kind === 'confirm') {
    const { text, detail, button } = question;
    const choice = await vscode.window.showWarningMessage(text, { modal: true, detail }, button);
    return choice === button ? '' : undefined;
  }
  const { title, prompt, value, fault } = question;
  return vscode.window.showInputBox({ title, prompt, value, validateInput: fault, ignoreFocusOut: true });
}
