/** Tests in the editor: the Testing view and the links over tests. */
import * as vscode from 'vscode';
import type { Recorder } from '../recording/record.ts';
import type { Replayer } from '../replay/replayer.ts';

export interface TestingParts {
  readonly recorder: Recorder;
  readonly replayer: Replayer;
}

export function registerTesting(_context: vscode.ExtensionContext, _parts: TestingParts): vscode.Disposable {
  return vscode.Disposable.from();
}
