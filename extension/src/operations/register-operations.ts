/**
 * The operations view: its commands, and a look now and then whether a daemon runs here. What shows it is loaded once there
 * is one, or somebody asks.
 */
import * as vscode from 'vscode';
import { operationsFolder, readAddress } from '../../../operational-loop/src/api/address.ts';
import type { Installation } from '../installation.ts';
import type { Replayer } from '../replay/replayer.ts';
import type { Operations } from './operations.ts';
import { runOps, workFolder } from './run-ops.ts';

export interface OperationsParts {
  readonly extensionUri: vscode.Uri;
  readonly installation: Installation;
  readonly replayer: Replayer;
}

const LOOK_MS = 5000;

export function registerOperations(parts: OperationsParts): vscode.Disposable {
  const view = new LazyOperations(parts);
  const run = async (mode: 'serve' | 'demo'): Promise<void> => {
    if (!(await runOps(parts.installation, mode))) return;
    const operations = await view.load();
    operations.look();
    operations.show();
  };
  return vscode.Disposable.from(
    view,
    vscode.window.registerWebviewPanelSerializer('hindcast.operations', {
      deserializeWebviewPanel: async (panel) => (await view.load()).restore(panel),
    }),
    vscode.commands.registerCommand('hindcast.showOperations', async () => (await view.load()).show()),
    vscode.commands.registerCommand('hindcast.operations.start', () => run('serve')),
    vscode.commands.registerCommand('hindcast.operations.demo', () => run('demo')),
    vscode.commands.registerCommand('hindcast.operations.stop', async () => (await view.load()).stop()),
  );
}

/** Folders of work whose daemon may be followed: none of a workspace that is not trusted. */
export function watchedFolders(): readonly string[] {
  if (!vscode.workspace.isTrusted) return [];
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => workFolder(uri));
}

class LazyOperations implements vscode.Disposable {
  private operations: Promise<Operations> | undefined;
  private isDisposed = false;
  private readonly timer = setInterval(() => this.look(), LOOK_MS);

  constructor(private readonly parts: OperationsParts) {}

  load(): Promise<Operations> {
    clearInterval(this.timer);
    this.operations ??= import('./operations.ts').then(({ Operations: Loaded }) => {
      const operations = new Loaded(this.parts, watchedFolders);
      if (this.isDisposed) operations.dispose();
      return operations;
    });
    return this.operations;
  }

  private look(): void {
    if (watchedFolders().some((folder) => readAddress(operationsFolder(folder)))) void this.load();
  }

  dispose(): void {
    this.isDisposed = true;
    clearInterval(this.timer);
    void this.operations?.then((operations) => operations.dispose());
  }
}
