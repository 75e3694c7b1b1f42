import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { FOLDER_MODE } from '../../../trace-runtime/src/store/recording-paths.ts';

/** Within a folder of recordings: what was deleted, as long as that can be undone. */
const DELETED = '.deleted';
/** Of this window. */
const undoable = new Set<string>();

/** Deletes a folder, into the trash where there is one. */
export async function discard(folder: string): Promise<void> {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Deletes a recording, and offers to bring it back. The folder's watcher sees both. */
export async function discardUndoably(folder: string, said: string): Promise<void> {
  const aside = path.join(path.dirname(folder), DELETED, path.basename(folder));
  mkdirSync(path.dirname(aside), { recursive: true, mode: FOLDER_MODE });
  renameSync(folder, aside);
  undoable.add(aside);
  const choice = await vscode.window.showInformationMessage(said, 'Undo');
  undoable.delete(aside);
  if (choice !== 'Undo') return discard(aside);
  if (existsSync(aside)) renameSync(aside, folder);
  else void vscode.window.showWarningMessage(`It is deleted for good by now: ${folder}`);
}

/** What could still be brought back when its window was closed. */
export async function discardLeft(store: string): Promise<void> {
  const folder = path.join(store, DELETED);
  if (!existsSync(folder)) return;
  const left = readdirSync(folder).map((name) => path.join(folder, name));
  for (const each of left) if (!undoable.has(each)) await discard(each);
}
