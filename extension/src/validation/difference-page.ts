/** Where a failing run and its rerun first differ: a page beside the editor, with links to both places. */
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import { escapeHtml } from '../recordings/escape-html.ts';
import { commandLink, staticPage } from '../recordings/static-page.ts';
import { describeDifference, type Difference, type DiffAnswer } from './difference.ts';
import { homeOf } from './validator.ts';
import { LOOKS, type VerdictName } from './verdict.ts';

const COMMANDS = ['hindcast.replay', 'hindcast.openPlace'];

export class DifferencePage implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private reading: vscode.CancellationTokenSource | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly installation: Installation,
  ) {}

  /** In the page that is open, if one is. */
  async show(of: Difference): Promise<void> {
    const panel = (this.panel ??= this.open());
    panel.reveal(undefined, true);
    this.reading?.cancel();
    const reading = (this.reading = new vscode.CancellationTokenSource());
    const title = of.outcome ? of.title : `What differs: ${of.title}`;
    const fill = (body: string): void => {
      panel.webview.html = staticPage(this.extensionUri, panel.webview, title, body);
    };
    fill(`<main><h1>${escapeHtml(title)}</h1><p role="status">Comparing both runs…</p></main>`);
    try {
      const named = (recording: string): string => (of.case === null ? recording : `${recording}#${of.case}`);
      const args = ['diff', named(of.failing), named(of.rerun)];
      const answer = (await this.installation.json(args, homeOf(of.failing), reading.token)) as DiffAnswer;
      if (!reading.token.isCancellationRequested) fill(describeDifference(title, of, answer, links));
    } catch (error) {
      if (reading.token.isCancellationRequested) return;
      const sentence = error instanceof Error ? error.message : String(error);
      fill(`<main><h1>${escapeHtml(title)}</h1><p role="alert">${escapeHtml(sentence)}</p></main>`);
    }
  }

  dispose(): void {
    this.reading?.cancel();
    this.panel?.dispose();
  }

  private open(): vscode.WebviewPanel {
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus: false };
    const panel = vscode.window.createWebviewPanel('hindcast.difference', 'What Differs', place, {
      enableScripts: false,
      enableFindWidget: true,
      enableCommandUris: COMMANDS,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'extension', 'media')],
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.reading?.cancel();
    });
    return panel;
  }
}

const links = {
  replay: (recording: string, moment: string) => commandLink('hindcast.replay', recording, { moment }),
  place: (path: string, line: number | null) => commandLink('hindcast.openPlace', { path, line, column: null }),
  shown: (path: string) => vscode.workspace.asRelativePath(path),
  title: (verdict: VerdictName) => LOOKS[verdict].title,
};
