/** Shows in the editor which lines of a recorded file ran, how often, and which did not. */
import * as vscode from 'vscode';
import { activeReplay, DEBUG_TYPE } from './replayer.ts';

interface LineCount {
  readonly line: number;
  readonly count: number;
}

const SAID_MS = 5000;
const NONE: readonly LineCount[] = [];

export class LineCounts implements vscode.Disposable {
  private readonly ran = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: 'solid',
    borderWidth: '0 0 0 2px',
    borderColor: new vscode.ThemeColor('hindcast.lineRan'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
  private readonly missed = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    opacity: '0.55',
    borderStyle: 'dotted',
    borderWidth: '0 0 0 2px',
    borderColor: new vscode.ThemeColor('hindcast.lineMissed'),
  });
  private readonly subscriptions: vscode.Disposable[] = [];
  /** what an editor shows: drawing it again would cost each step dearly */
  private readonly drawn = new WeakMap<vscode.TextEditor, readonly LineCount[]>();
  /** by session and path: a recording's counts do not change */
  private readonly known = new Map<string, Promise<readonly LineCount[]>>();

  constructor() {
    const draw = (): void => void this.draw();
    this.subscriptions.push(
      vscode.window.onDidChangeVisibleTextEditors(draw),
      vscode.debug.onDidChangeActiveDebugSession(draw),
      vscode.debug.onDidChangeActiveStackItem(draw),
      vscode.debug.onDidTerminateDebugSession(({ id, type }) => {
        if (type !== DEBUG_TYPE) return;
        for (const key of this.known.keys()) if (key.startsWith(id)) this.known.delete(key);
        draw();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // its lines are no longer those that ran
        if (contentChanges.length > 0)
          for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.clear(editor);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('hindcast.lineCounts')) draw();
      }),
      vscode.commands.registerCommand('hindcast.toggleLineCounts', toggle),
    );
  }

  private async draw(): Promise<void> {
    const session = activeReplay();
    const isShown = session && vscode.workspace.getConfiguration('hindcast').get<boolean>('lineCounts') !== false;
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      if (!isShown || document.isDirty || !['file', 'debug'].includes(document.uri.scheme)) {
        this.clear(editor);
        continue;
      }
      const counts = await this.counts(
        session,
        document.uri.scheme === 'file' ? document.uri.fsPath : document.uri.path,
      );
      if (activeReplay() !== session) return this.draw();
      if (this.drawn.get(editor) === counts) continue;
      this.drawn.set(editor, counts);
      editor.setDecorations(
        this.ran,
        counts.filter(({ count }) => count > 0).map((each) => shown(document, each)),
      );
      editor.setDecorations(
        this.missed,
        counts.filter(({ count }) => count === 0).map((each) => shown(document, each)),
      );
    }
  }

  private counts(session: vscode.DebugSession, path: string): Promise<readonly LineCount[]> {
    const key = `${session.id} ${path}`;
    let found = this.known.get(key);
    if (!found) {
      found = Promise.resolve(session.customRequest('lineCounts', { path })).then(
        ({ lines }: { readonly lines: readonly LineCount[] }) => lines,
        () => {
          // the recording is still being opened
          this.known.delete(key);
          return NONE;
        },
      );
      this.known.set(key, found);
    }
    return found;
  }

  private clear(editor: vscode.TextEditor): void {
    if (!this.drawn.delete(editor)) return;
    editor.setDecorations(this.ran, []);
    editor.setDecorations(this.missed, []);
  }

  dispose(): void {
    vscode.Disposable.from(this.ran, this.missed, ...this.subscriptions).dispose();
  }
}

async function toggle(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('hindcast');
  const isShown = settings.get<boolean>('lineCounts') === false;
  await settings.update('lineCounts', isShown, vscode.ConfigurationTarget.Global);
  const said = isShown ? 'Replays show how often lines ran.' : 'Replays no longer show how often lines ran.';
  vscode.window.setStatusBarMessage(said, SAID_MS);
}

function shown(document: vscode.TextDocument, { line, count }: LineCount): vscode.DecorationOptions {
  const at = Math.min(line - 1, document.lineCount - 1);
  const text =
    count === 0
      ? 'did not run in this recording'
      : `ran ${count === 1 ? 'once' : `${count.toLocaleString('en')} times`}`;
  return {
    range: document.lineAt(at).range,
    hoverMessage: `Hindcast: this line ${text}.`,
    renderOptions:
      count > 1
        ? {
            after: {
              contentText: `  ×${count.toLocaleString('en')}`,
              color: new vscode.ThemeColor('editorCodeLens.foreground'),
              fontStyle: 'normal',
            },
          }
        : {},
  };
}
