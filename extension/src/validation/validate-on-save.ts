/**
 * Saved files: a verdict on a recording that knows one of them is old from then on, and where the settings say so the latest
 * failing recording is validated.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Recordings } from '../recordings/recordings.ts';
import type { Targets } from './targets.ts';
import type { Validator } from './validator.ts';
import type { Verdicts } from './verdicts.ts';

export interface SaveParts {
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly validator: Validator;
  readonly verdicts: Verdicts;
}

const SETTLE_MS = 200;

export class ValidateOnSave implements vscode.Disposable {
  private readonly saved = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly parts: SaveParts) {
    this.subscription = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.scheme !== 'file' || uri.fsPath.split(path.sep).includes('.hindcast')) return;
      this.saved.add(uri.fsPath);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.take(), SETTLE_MS);
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }

  private async take(): Promise<void> {
    const files = [...this.saved];
    this.saved.clear();
    const { recordings, targets, validator, verdicts } = this.parts;
    for (const recording of verdicts.recordings)
      // what is validated now has seen them
      if (!verdicts.isRunning(recording) && (await this.knows(recording, files))) verdicts.noteEdit(recording);
    const isWanted = vscode.workspace.getConfiguration('hindcast').get<boolean>('validateOnSave') === true;
    if (!isWanted || !vscode.workspace.isTrusted) return;
    const failing = await recordings.newestFailing();
    if (!failing || !(await this.knows(failing.path, files))) return;
    const target = await targets.of({ recording: failing.path });
    if (target) await validator.validate({ ...target, cause: 'save' });
  }

  private async knows(recording: string, files: readonly string[]): Promise<boolean> {
    const info = await this.parts.targets.infoOf(recording);
    if (!info) return false;
    const { sources, recording: facts } = info;
    return files.some((file) => sources?.includes(file) ?? file.startsWith(facts.cwd + path.sep));
  }
}
