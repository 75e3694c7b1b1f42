/** Shows in the editor what the statement where the replay stands depends on: every other line is dimmed. */
import * as vscode from 'vscode';
import type { SliceAnswer } from '../../../trace-runtime/src/model/slice-answers.ts';
import { activeReplay, DEBUG_TYPE } from './replayer.ts';

interface Shown {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
  readonly answer: SliceAnswer;
}

export class SliceView implements vscode.Disposable {
  private readonly dimmed = vscode.window.createTextEditorDecorationType({ isWholeLine: true, opacity: '0.35' });
  private readonly item = vscode.window.createStatusBarItem('hindcast.slice', vscode.StatusBarAlignment.Left, 4);
  private readonly subscriptions: vscode.Disposable[] = [];
  private shown: Shown | undefined;

  constructor() {
    this.item.name = 'Hindcast: Slice';
    this.item.command = 'hindcast.leaveSlice';
    this.subscriptions.push(
      vscode.commands.registerCommand('hindcast.showSlice', () => this.show()),
      vscode.commands.registerCommand('hindcast.leaveSlice', () => this.leave()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
      vscode.workspace.onDidChangeTextDocument(() => this.draw()),
      vscode.debug.onDidChangeActiveDebugSession(() => this.draw()),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.type === DEBUG_TYPE && session.id === this.shown?.session.id) this.forget();
      }),
    );
  }

  private async show(): Promise<void> {
    const session = activeReplay();
    if (!session) {
      void vscode.window.showInformationMessage('No recording is being replayed. Open one from the Hindcast view.');
      return;
    }
    const threadId = vscode.debug.activeStackItem?.threadId ?? 1;
    try {
      const answer = (await session.customRequest('slice', { threadId })) as SliceAnswer;
      this.shown = { session, threadId, answer };
    } catch (error) {
      void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
      return;
    }
    const { runs, ran, complete } = this.shown.answer;
    this.item.text = `$(filter) ${runs.toLocaleString('en')} of ${ran.toLocaleString('en')}`;
    const further = complete ? '' : ' What was set long before is left out.';
    this.item.tooltip = `${runs.toLocaleString('en')} of ${ran.toLocaleString('en')} statements that ran have a part in what happens here. Step Back and Step Over go along them.${further} Click to show all again.`;
    this.item.accessibilityInformation = { label: `Hindcast slice: ${this.item.tooltip}`, role: 'button' };
    this.item.show();
    void vscode.commands.executeCommand('setContext', 'hindcast.sliceShown', true);
    this.draw();
  }

  private async leave(): Promise<void> {
    const { shown } = this;
    this.forget();
    if (shown) await shown.session.customRequest('slice', { threadId: shown.threadId, leave: true });
  }

  private forget(): void {
    this.shown = undefined;
    this.item.hide();
    void vscode.commands.executeCommand('setContext', 'hindcast.sliceShown', false);
    this.draw();
  }

  private draw(): void {
    const { shown } = this;
    const isActive = shown !== undefined && activeReplay()?.id === shown.session.id;
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const isSource =
        ['file', 'debug'].includes(document.uri.scheme) && /^(java|type)script/.test(document.languageId);
      editor.setDecorations(
        this.dimmed,
        isActive && isSource && !document.isDirty ? others(document, shown.answer) : [],
      );
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.dimmed, this.item, ...this.subscriptions).dispose();
  }
}

/** The lines that are not part of it; all, of a file of which none is. */
function others(document: vscode.TextDocument, { files }: SliceAnswer): vscode.Range[] {
  const path = document.uri.scheme === 'file' ? document.uri.fsPath : document.uri.path;
  const lines = new Set(files.find((file) => file.path === path)?.lines);
  const ranges: vscode.Range[] = [];
  for (let line = 0; line < document.lineCount; line++)
    if (!lines.has(line + 1)) ranges.push(document.lineAt(line).range);
  return ranges;
}
