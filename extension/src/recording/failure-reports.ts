/** Tells of a recorded failure: a Problem at the throw, and a notification from which one replays it. */
import * as vscode from 'vscode';
import type { Replayer } from '../replay/replayer.ts';
import type { Recorded } from './record.ts';
import { failureTitle, type RecordedFailure } from './recording-info.ts';

const FROM_END = 'Replay from its End';

export class FailureReports implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('Hindcast');

  private run: object | undefined;

  constructor(private readonly replayer: Replayer) {}

  /** Problems of the run before are gone. */
  show({ path, info, run }: Recorded): void {
    if (run === undefined || run !== this.run) this.problems.clear();
    this.run = run;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const failure of info.failures) {
      const { place } = failure;
      if (!place || place.line === null) continue;
      byFile.set(place.path, [...(byFile.get(place.path) ?? []), problemOf(failure, path)]);
    }
    for (const [file, list] of byFile) {
      const uri = vscode.Uri.file(file);
      this.problems.set(uri, [...(this.problems.get(uri) ?? []), ...list]);
    }
  }

  /** Asks whether to replay; resolves when the question was answered. */
  async ask({ path, info, exitCode }: Recorded): Promise<void> {
    const [failure] = info.failures;
    if (!failure) return this.askWithoutFailure(path, exitCode);
    const more = info.failures.length > 1 ? ` (and ${info.failures.length - 1} more)` : '';
    const where = failure.case ? `${failure.case.name}: ` : '';
    const choice = await vscode.window.showErrorMessage(`${where}${failureTitle(failure)}${more}`, 'Replay');
    if (choice) await this.replayer.replay(path, { moment: `${failure.stream}:${failure.moment}` });
  }

  /** What ended well may have a wrong value all the same. */
  private async askWithoutFailure(recording: string, exitCode: number | undefined): Promise<void> {
    const choice =
      exitCode === 0
        ? await vscode.window.showInformationMessage('Recorded: the program ended well, and threw nothing.', FROM_END)
        : await vscode.window.showWarningMessage(
            `The program ${exitCode === undefined ? 'was ended' : `exited with code ${exitCode}`}. It threw nothing.`,
            FROM_END,
          );
    if (choice) await this.replayer.replay(recording);
  }

  dispose(): void {
    this.problems.dispose();
  }
}

function problemOf(failure: RecordedFailure, recording: string): vscode.Diagnostic {
  const line = (failure.place?.line ?? 1) - 1;
  const column = (failure.place?.column ?? 1) - 1;
  const range = new vscode.Range(line, column, line, 10_000);
  const problem = new vscode.Diagnostic(range, failureTitle(failure), vscode.DiagnosticSeverity.Error);
  problem.source = 'Hindcast';
  const moment = `${failure.stream}:${failure.moment}`;
  const args = encodeURIComponent(JSON.stringify([recording, { moment }]));
  problem.code = { value: 'Replay', target: vscode.Uri.parse(`command:hindcast.replay?${args}`) };
  return problem;
}
