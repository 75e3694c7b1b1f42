/** Starts `hindcast ops …` in a terminal of the editor. */
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import { mayRun } from '../trust.ts';

const TITLES = { serve: 'Watch Services', demo: 'Operations Demo' } as const;

/** The folder of work that a workspace folder is. */
export function workFolder(uri: vscode.Uri): string {
  return uri.fsPath;
}

/** False where it was not started; the user was told why. */
export async function runOps(installation: Installation, mode: keyof typeof TITLES): Promise<boolean> {
  if (!mayRun('To watch its services, trust the workspace first.')) return false;
  const folder = await chooseFolder();
  if (!folder) return false;
  // the daemon needs a newer Node than programs that are recorded: the editor's own
  const { command, args, env } = installation.reader('ops', mode);
  const cwd = workFolder(folder.uri);
  const execution = new vscode.ProcessExecution(command, [...args], { cwd, env: { ...env } });
  const task = new vscode.Task(
    { type: 'hindcast', command: `ops ${mode}` },
    folder,
    TITLES[mode],
    'Hindcast',
    execution,
    [],
  );
  task.isBackground = true;
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Silent,
    panel: vscode.TaskPanelKind.Dedicated,
    focus: false,
    clear: true,
    showReuseMessage: false,
  };
  await vscode.tasks.executeTask(task);
  return true;
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length > 1)
    return vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder whose services are watched' });
  if (folders.length === 0) void vscode.window.showInformationMessage('Open the folder of the services first.');
  return folders[0];
}
