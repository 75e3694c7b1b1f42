import * as vscode from 'vscode';
import type { PanelPage } from './panel-page.ts';

/** A panel beside the source, in a group of editors of its own: where the debugger stops, its source opens in another. */
export class EditorPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly page: PanelPage,
    private readonly type: string,
    private readonly title: string,
  ) {}

  async show(): Promise<void> {
    if (this.panel) return this.panel.reveal();
    const { Beside } = vscode.ViewColumn;
    const panel = vscode.window.createWebviewPanel(this.type, this.title, Beside, {
      retainContextWhenHidden: true,
      ...this.page.options,
    });
    this.panel = panel;
    const subscription = this.page.fill(panel.webview, panel.onDidChangeViewState, () => panel.visible);
    panel.onDidDispose(() => {
      this.panel = undefined;
      void subscription.dispose();
    });
    await vscode.commands.executeCommand('workbench.action.lockEditorGroup');
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
