/** Opens a portable `.hindcast` file: replays it, and shows what it holds. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import { failureTitle, type RecordingInfo } from '../recording/recording-info.ts';
import type { Replayer } from '../replay/replayer.ts';
import { escapeHtml } from './escape-html.ts';
import { shownBytes } from './shown.ts';
import { commandLink, staticPage } from './static-page.ts';

export const EDITOR_TYPE = 'hindcast.recording';

export class RecordingEditor implements vscode.CustomReadonlyEditorProvider {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly installation: Installation,
    private readonly replayer: Replayer,
  ) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    const media = vscode.Uri.joinPath(this.extensionUri, 'extension', 'media');
    panel.webview.options = {
      enableScripts: false,
      enableCommandUris: ['hindcast.replay'],
      localResourceRoots: [media],
    };
    const name = path.basename(uri.fsPath);
    const page = (body: string): string => staticPage(this.extensionUri, panel.webview, name, body);
    panel.webview.html = page(`<main><h1>${escapeHtml(name)}</h1><p role="status">Reading the recording…</p></main>`);
    const closed = new vscode.CancellationTokenSource();
    panel.onDidDispose(() => closed.cancel());
    try {
      const cwd = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath);
      const info = (await this.installation.json(['info', uri.fsPath], cwd, closed.token)) as RecordingInfo;
      if (closed.token.isCancellationRequested) return;
      panel.webview.html = page(describe(name, info));
      if (vscode.debug.activeDebugSession?.configuration.recording !== info.recording.path)
        void this.replayer.replay(info.recording.path);
    } catch (error) {
      if (closed.token.isCancellationRequested) return;
      const sentence = error instanceof Error ? error.message : String(error);
      panel.webview.html = page(`<main><h1>${escapeHtml(name)}</h1><p role="alert">${escapeHtml(sentence)}</p></main>`);
    } finally {
      closed.dispose();
    }
  }
}

function describe(name: string, { recording, events, failures, cases }: RecordingInfo): string {
  const rows = [
    ['Command', recording.command.join(' ')],
    ['Recorded', new Date(recording.startedAt).toLocaleString()],
    ['Ended', recording.signal ?? (recording.exitCode === null ? recording.state : `exit code ${recording.exitCode}`)],
    ['Holds', `${events.toLocaleString('en')} events, ${shownBytes(recording.bytes)}`],
    [
      'Cases',
      cases.length === 0
        ? 'none'
        : `${cases.length}, ${cases.filter(({ outcome }) => outcome === 'failed').length} failed`,
    ],
  ];
  const table = rows.map(([key, value]) => `<dt>${key}</dt><dd>${escapeHtml(value ?? '')}</dd>`).join('');
  const found = failures
    .slice(0, 100)
    .map((failure) => {
      const link = commandLink('hindcast.replay', recording.path, { moment: `${failure.stream}:${failure.moment}` });
      const inCase = failure.case ? ` <span>in ${escapeHtml(failure.case.name)}</span>` : '';
      return `<li><a href="${link}">${escapeHtml(failureTitle(failure))}</a>${inCase}</li>`;
    })
    .join('');
  const list = found ? `<h2>Failures</h2><ul>${found}</ul>` : '<p>Nothing failed in this recording.</p>';
  return `<main><h1>${escapeHtml(name)}</h1><p><a class="button" href="${commandLink('hindcast.replay', recording.path, {})}">Replay</a></p><dl>${table}</dl>${list}</main>`;
}
