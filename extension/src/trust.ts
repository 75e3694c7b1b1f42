/** What runs the workspace's code asks here first: none of it does where the workspace is not trusted. */
import * as vscode from 'vscode';

export const MANAGE_TRUST = 'Manage Trust…';

/** `remedy`: a sentence that says what can be done, told where nothing may run. */
export function mayRun(remedy: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  void tell(`Hindcast runs nothing in a workspace that is not trusted. ${remedy}`);
  return false;
}

export function manageTrust(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.trust.manage');
}

async function tell(sentence: string): Promise<void> {
  if ((await vscode.window.showErrorMessage(sentence, MANAGE_TRUST)) === MANAGE_TRUST) await manageTrust();
}
