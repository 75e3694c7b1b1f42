import * as vscode from 'vscode';
import type { PanelPage } from './panel-page.ts';

/** A panel beside the source, in a group of editors of its own: where the debugger stops, its source opens in another. */
export class EditorPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  /** `open`: panels that are open, of all kinds */
  constructor(
    private readonly page: PanelPage,
    private readonly type: string,
    private readonly title: string,
    private readonly open: Set<vscode.WebviewPanel>,
  ) {}

  async show(): Promise<void> {
    if (this.panel) return this.panel.reveal();
    const known = [...this.open].find(({ viewColumn }) => viewColumn !== undefined)?.viewColumn;
    const panel = vscode.window.createWebviewPanel(this.type, this.title, known ?? vscode.ViewColumn.Beside, {
      retainContextWhenHidden: true,
      ...this.page.options,
    });
    this.panel = panel;
    this.open.add(panel);
    const subscription = this.page.fill(panel.webview, panel.onDidChangeViewState, () => panel.visible);
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.open.delete(panel);
      void subscription.dispose();
    });
    if (known === undefined) await vscode.commands.executeCommand('workbench.action.lockEditorGroup');
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
