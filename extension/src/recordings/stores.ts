/** Folders of recordings: those of the workspace's folders, and of packages below them in which somebody recorded. */
import { existsSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { defaultStore } from '../../../trace-runtime/src/store/recordings.ts';

/** Each store has this file, whose contents keep it out of commits. */
const STORES = '**/.hindcast/recordings/.gitignore';
const NOWHERE = '{**/node_modules/**,**/.hindcast/recordings/*/**}';
const NO_HOMES = /[\\/](?:node_modules|\.hindcast)[\\/]/;
/** Of these the editor tells when they come: what is in them it is asked not to watch. */
const HOMES = '**/.hindcast';
const ANYTHING = '**';

export class Stores implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** by folder: a store, or a `.hindcast` that may get one */
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly subscriptions: vscode.Disposable;
  private below: Promise<readonly string[]> | undefined;
  /** that came since: whoever looks for them at once may be too early */
  private readonly come = new Set<string>();
  /** something in one of them, or one of them, came or went */
  readonly onDidChange = this.changed.event;

  constructor() {
    const homes = vscode.workspace.createFileSystemWatcher(HOMES);
    const made = vscode.workspace.createFileSystemWatcher(ANYTHING, false, true, true);
    const again = (): void => this.lookAgain();
    const comes = (home: vscode.Uri): void => this.comes(home.fsPath);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      homes,
      homes.onDidCreate(comes),
      // one that went and came again
      homes.onDidChange(comes),
      homes.onDidDelete(again),
      made,
      made.onDidCreate(({ fsPath }) => this.mayHold(fsPath)),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
    );
  }

  /** Those that are there, the workspace's folders' first. */
  async list(): Promise<readonly string[]> {
    const stores = [...ownStores(), ...(await this.listBelow())].filter((store) => existsSync(store));
    for (const store of stores) {
      this.watch(store);
      this.watch(path.dirname(store));
    }
    return stores;
  }

  async listBelow(): Promise<readonly string[]> {
    const own = ownStores();
    const found = new Set([...(await (this.below ??= findAll())), ...this.come]);
    return [...found].toSorted().filter((store) => !own.includes(store) && existsSync(store));
  }

  /** Packages below are looked for anew. */
  lookAgain(): void {
    this.below = undefined;
    this.changed.fire();
  }

  /** A folder was made: of what came into it before the editor watched it, the editor does not tell. */
  private mayHold(folder: string): void {
    const home = path.join(folder, '.hindcast');
    if (!NO_HOMES.test(folder) && existsSync(home)) this.comes(home);
  }

  /** A `.hindcast` that recordings are made in next. */
  private comes(home: string): void {
    if (NO_HOMES.test(home)) return;
    const store = path.join(home, 'recordings');
    this.come.add(store);
    // those of folders that had the names before hear of nothing
    this.forget(home);
    this.forget(store);
    this.watch(home);
    this.lookAgain();
  }

  private watch(folder: string): void {
    if (this.watchers.has(folder)) return;
    try {
      const watcher = watch(folder, () => {
        // a folder of that name that comes later is another one
        if (!existsSync(folder)) this.forget(folder);
        this.changed.fire();
      });
      watcher.on('error', () => this.forget(folder));
      this.watchers.set(folder, watcher);
    } catch {
      // the view has a button to refresh
    }
  }

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  dispose(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.subscriptions.dispose();
  }
}

/** The folder whose recordings a store holds, as the workspace names it; empty where it is all of the workspace. */
export function shownHome(recording: string): string {
  const home = path.dirname(path.dirname(path.dirname(recording)));
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2 && folders.some(({ uri }) => uri.fsPath === home)) return '';
  const shown = vscode.workspace.asRelativePath(vscode.Uri.file(home));
  return shown === home ? path.basename(home) : shown;
}

function ownStores(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => defaultStore(uri.fsPath));
}

async function findAll(): Promise<readonly string[]> {
  const files = await vscode.workspace.findFiles(STORES, NOWHERE);
  return files.map(({ fsPath }) => path.dirname(fsPath)).toSorted();
}
