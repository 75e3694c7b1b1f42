/**
 * VS Code debugs nothing in a workspace that is not trusted. A recording of one is replayed in an empty window: its texts
 * are those that the recording holds, and none of its code runs.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MANAGE_TRUST, manageTrust } from '../trust.ts';
import type { ReplayOptions } from './replayer.ts';

/** What one window leaves to the next. */
export interface HandedOver {
  readonly recording: string;
  readonly options: ReplayOptions;
}

const NEW_WINDOW = 'Replay in New Window';
/** How long a window may take until it shows recorded texts, and how often it is looked, in milliseconds. */
const START_MS = 30_000;
const LOOK_MS = 100;
/** Of a scheme for which VS Code has nobody; not translated. */
const NOBODY = /Unable to resolve resource/;

/** What is older was left for a window that never came. */
const VALID_MS = 300_000;

export class OtherWindow {
  private readonly file: string;

  constructor({ globalStorageUri }: vscode.ExtensionContext) {
    this.file = path.join(globalStorageUri.fsPath, 'handed-over.json');
  }

  async offer(recording: string, options: ReplayOptions): Promise<void> {
    const choice = await vscode.window.showInformationMessage(
      'VS Code debugs nothing in a workspace that is not trusted. Hindcast can replay the recording in an empty window, where nothing of this workspace runs.',
      NEW_WINDOW,
      MANAGE_TRUST,
    );
    if (choice === MANAGE_TRUST) await manageTrust();
    if (choice !== NEW_WINDOW) return;
    mkdirSync(path.dirname(this.file), { recursive: true });
    const left = { recording, options, at: Date.now() };
    writeFileSync(this.file, JSON.stringify(left), { mode: 0o600 });
    await vscode.commands.executeCommand('workbench.action.newWindow');
  }

  /** What was left for this window: only an empty one takes it, once. */
  take(): HandedOver | undefined {
    if ((vscode.workspace.workspaceFolders ?? []).length > 0) return undefined;
    try {
      const { at, ...left } = JSON.parse(readFileSync(this.file, 'utf8')) as HandedOver & { readonly at: number };
      rmSync(this.file);
      return Date.now() - at < VALID_MS ? left : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * VS Code shows the texts that a debugger has, of the scheme `debug`, only some seconds after its window has opened: it never
 * shows the place of a stop that comes before.
 */
export async function recordedTextsCanBeShown(): Promise<void> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    try {
      await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: 'debug', path: '/none' }));
      return;
    } catch (error) {
      // of no session, where somebody is there
      if (!NOBODY.test(String(error))) return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
