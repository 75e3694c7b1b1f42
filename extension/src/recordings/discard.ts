import { rmSync } from 'node:fs';
import * as vscode from 'vscode';

/** Deletes a folder, into the trash where there is one. */
export async function discard(folder: string): Promise<void> {
  try {
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
  } catch {
    rmSync(folder, { recursive: true, force: true });
  }
}
