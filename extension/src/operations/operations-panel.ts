/** The operations view as an editor of its own. */
import * as vscode from 'vscode';
import type {
  OperationsPanelMessage,
  OperationsHostMessage,
  Subject,
} from '../../../webview-ui/src/operations/messages.ts';
import { webviewPage } from '../panels/webview-page.ts';
import type { OperationsRelay } from './relay.ts';

const PANEL_TYPE = 'hindcast.operations';

export class OperationsPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  /** what it shall move to once it listens */
  private wanted: Subject | undefined;
  private isReady = false;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly relay: OperationsRelay,
  ) {}

  show(subject?: Subject): void {
    if (subject) this.wanted = subject;
    if (this.panel) this.panel.reveal();
    else this.panel = this.open();
    this.move();
  }

  /** Goes on with one that was open when the window was closed. */
  restore(panel: vscode.WebviewPanel): void {
    if (this.panel) panel.dispose();
    else this.panel = this.fill(panel);
  }

  private open(): vscode.WebviewPanel {
    return this.fill(
      vscode.window.createWebviewPanel(PANEL_TYPE, 'Operations', vscode.ViewColumn.Active, {
        retainContextWhenHidden: true,
      }),
    );
  }

  private fill(panel: vscode.WebviewPanel): vscode.WebviewPanel {
    const folder = vscode.Uri.joinPath(this.extensionUri, 'webview-ui', 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const icon = (kind: 'light' | 'dark'): vscode.Uri =>
      vscode.Uri.joinPath(this.extensionUri, 'extension', 'media', kind, 'operations.svg');
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const { webview } = panel;
    const say = (message: OperationsHostMessage): void => void webview.postMessage(message);
    const subscriptions = [
      this.relay.follow(say),
      webview.onDidReceiveMessage((message: OperationsPanelMessage) => {
        void this.relay.hear(message, say);
        if (message.kind === 'ready') this.ready();
      }),
      panel.onDidChangeViewState(() => say({ kind: 'visible', isVisible: panel.visible })),
    ];
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.isReady = false;
      for (const each of subscriptions) each.dispose();
    });
    webview.html = webviewPage(webview, folder, 'operations');
    return panel;
  }

  private ready(): void {
    this.isReady = true;
    this.move();
  }

  private move(): void {
    if (!this.panel || !this.isReady || !this.wanted) return;
    void this.panel.webview.postMessage({ kind: 'show', subject: this.wanted } satisfies OperationsHostMessage);
    this.wanted = undefined;
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
