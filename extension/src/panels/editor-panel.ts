import * as vscode from 'vscode';
import type { PanelPage } from './panel-page.ts';

/** After a panel is gone: until then its group is told to have no tab. */
const TOLD_MS = 2000;

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
    let column = panel.viewColumn;
    panel.onDidChangeViewState(() => (column = panel.viewColumn));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.open.delete(panel);
      closeIfEmpty(column);
      void subscription.dispose();
    });
    if (known === undefined) await vscode.commands.executeCommand('workbench.action.lockEditorGroup');
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

/** Of the last panel's group, which is locked: others close by themselves. The editor tells of the tab that is gone before or after. */
function closeIfEmpty(column: vscode.ViewColumn | undefined): void {
  const { tabGroups } = vscode.window;
  const close = (): void => {
    const group = tabGroups.all.find(({ viewColumn }) => viewColumn === column);
    const closes = vscode.workspace.getConfiguration('workbench.editor').get<boolean>('closeEmptyGroups') !== false;
    if (group?.tabs.length !== 0 || tabGroups.all.length === 1 || !closes) return;
    ended.dispose();
    void tabGroups.close(group);
  };
  const ended = vscode.Disposable.from(tabGroups.onDidChangeTabs(close));
  setTimeout(() => ended.dispose(), TOLD_MS);
  close();
}
