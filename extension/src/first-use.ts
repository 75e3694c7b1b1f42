/** What leads someone in who has never recorded anything: an example workspace, and the walkthrough. */
import path from 'node:path';
import * as vscode from 'vscode';

export function registerFirstUse({
  extension,
  extensionUri,
  globalStorageUri,
}: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('hindcast.openExample', async () => {
      const folder = vscode.Uri.joinPath(globalStorageUri, 'example', 'shop');
      await copyFolder(vscode.Uri.joinPath(extensionUri, 'examples', 'shop'), folder);
      const isEmpty = (vscode.workspace.workspaceFolders ?? []).length === 0;
      await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: !isEmpty });
    }),
    vscode.commands.registerCommand('hindcast.openWalkthrough', (step?: unknown) => {
      const category = `${extension.id}#start`;
      const wanted = typeof step === 'string' ? { category, step } : category;
      return vscode.commands.executeCommand('workbench.action.openWalkthrough', wanted, false);
    }),
  );
}

/** Files that are there stay as the user left them. */
async function copyFolder(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.createDirectory(to);
  for (const [name, type] of await vscode.workspace.fs.readDirectory(from)) {
    const [source, target] = [vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(to, name)];
    if (type === vscode.FileType.Directory) await copyFolder(source, target);
    else
      await vscode.workspace.fs.copy(source, target, { overwrite: false }).then(undefined, (error: unknown) => {
        if (!(error instanceof vscode.FileSystemError && error.code === 'FileExists'))
          throw new Error(`The example cannot be copied to ${path.dirname(target.fsPath)}: ${String(error)}`);
      });
  }
}
