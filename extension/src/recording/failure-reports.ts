/** Tells of a recorded failure: a Problem at the throw, and a notification from which one replays it. */
import * as vscode from 'vscode';
import type { Replayer } from '../replay/replayer.ts';
import { verdictOf } from '../validation/verdict.ts';
import type { Verdicts } from '../validation/verdicts.ts';
import { NOT_FOUND, type Recorded } from './record.ts';
import { failureTitle, type RecordedFailure } from './recording-info.ts';

const FROM_END = 'Replay from its End';

export class FailureReports implements vscode.CodeActionProvider, vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('Hindcast');
  private readonly fixes: vscode.Disposable;

  private run: object | undefined;

  constructor(
    private readonly replayer: Replayer,
    private readonly verdicts: Verdicts,
  ) {
    const providedCodeActionKinds = [vscode.CodeActionKind.QuickFix];
    this.fixes = vscode.Disposable.from(
      vscode.languages.registerCodeActionsProvider('*', this, { providedCodeActionKinds }),
      verdicts.onDidChange(() => this.dropFixed()),
    );
  }

  /** What is proven to be fixed is no problem any more. */
  private dropFixed(): void {
    this.problems.forEach((uri, all) => {
      const left = all.filter((problem) => !(problem instanceof FailureProblem) || !this.isFixed(problem));
      if (left.length < all.length) this.problems.set(uri, left);
    });
  }

  private isFixed({ recording, inCase }: FailureProblem): boolean {
    const verdict = this.verdicts.of(recording);
    return verdict !== undefined && !verdict.isOld && verdictOf(verdict, inCase).verdict === 'fixed';
  }

  /** Problems of the run before are gone. */
  show({ path, info, run }: Recorded): void {
    if (run === undefined || run !== this.run) this.problems.clear();
    this.run = run;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const failure of info.failures) {
      const { place } = failure;
      if (!place || place.line === null) continue;
      byFile.set(place.path, [...(byFile.get(place.path) ?? []), new FailureProblem(failure, path)]);
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
    if (exitCode === NOT_FOUND) {
      void vscode.window.showErrorMessage(`A command was not found (exit code ${NOT_FOUND}): the terminal says which.`);
      return;
    }
    const choice =
      exitCode === 0
        ? await vscode.window.showInformationMessage('Recorded: the program ended well, and threw nothing.', FROM_END)
        : await vscode.window.showWarningMessage(
            `The program ${exitCode === undefined ? 'was ended' : `exited with code ${exitCode}`}. It threw nothing.`,
            FROM_END,
          );
    if (choice) await this.replayer.replay(recording);
  }

  /** At the line of a problem, and beside it in the view of problems. */
  provideCodeActions({ uri }: vscode.TextDocument, { start, end }: vscode.Range): vscode.CodeAction[] {
    return (this.problems.get(uri) ?? []).flatMap((problem) => {
      const { line } = problem.range.start;
      if (!(problem instanceof FailureProblem) || line < start.line || line > end.line) return [];
      const action = new vscode.CodeAction('Replay to This Failure', vscode.CodeActionKind.QuickFix);
      action.diagnostics = [problem];
      action.command = {
        command: 'hindcast.replay',
        title: action.title,
        arguments: [problem.recording, { moment: problem.moment }],
      };
      return [action];
    });
  }

  dispose(): void {
    this.fixes.dispose();
    this.problems.dispose();
  }
}

/** A problem that leads to its failure. */
class FailureProblem extends vscode.Diagnostic {
  readonly moment: string;
  /** null: what failed outside of any case */
  readonly inCase: string | null;

  constructor(
    failure: RecordedFailure,
    readonly recording: string,
  ) {
    const line = (failure.place?.line ?? 1) - 1;
    const column = (failure.place?.column ?? 1) - 1;
    super(new vscode.Range(line, column, line, 10_000), failureTitle(failure), vscode.DiagnosticSeverity.Error);
    this.inCase = failure.case?.name ?? null;
    this.moment = `${failure.stream}:${failure.moment}`;
    this.source = 'Hindcast';
    const args = encodeURIComponent(JSON.stringify([recording, { moment: this.moment }]));
    this.code = { value: 'Replay', target: vscode.Uri.parse(`command:hindcast.replay?${args}`) };
  }
}
