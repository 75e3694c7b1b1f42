/** What whoever asks for a recording is told where there is none. */
import * as vscode from 'vscode';

export async function tellNone(): Promise<void> {
  const said = 'There is no recording here yet. Record a test, a file or any command first.';
  const choice = await vscode.window.showInformationMessage(said, 'Record…');
  if (choice) await vscode.commands.executeCommand('hindcast.record');
}
