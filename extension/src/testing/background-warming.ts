/**
 * Instruments the workspace's files in the background, and again when they are saved, with the packages that they import, so
 * that recording starts at once. One process at low priority (`hindcast warm --stdin`), which ends by itself when there is nothing to
 * do, and makes way where something is recorded: what it has made stays.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { Program } from '../installation.ts';
import type { Recorder } from '../recording/record.ts';
import { selectionArguments } from '../recording/record-options.ts';

/** After the editor has started, which needs the machine itself. */
const BEGIN_MS = 8000;
/** After the beginning of a recording, which may go on for hours. */
const RECORDING_MS = 20_000;
const SOURCE = /\.[cm]?[jt]sx?$/;
const SETTING = 'hindcast.instrumentInBackground';

export class BackgroundWarming implements vscode.Disposable {
  private child: ChildProcess | undefined;
  private hasBegun = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable;

  /** `program`: `hindcast warm --stdin`, with further options */
  constructor(
    private readonly program: (...options: readonly string[]) => Program,
    recorder: Recorder,
  ) {
    this.beginIn(BEGIN_MS);
    this.subscriptions = vscode.Disposable.from(
      recorder.onDidChangeRunning((count) => this.beginIn(count > 0 ? RECORDING_MS : BEGIN_MS)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.begin()),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.hasBegun && uri.scheme === 'file' && SOURCE.test(uri.fsPath)) this.warm([uri.fsPath]);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING)) this.begin();
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
    this.stop();
  }

  private beginIn(milliseconds: number): void {
    this.stop();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.begin(), milliseconds);
  }

  private begin(): void {
    if (!isWanted()) {
      this.stop();
      return;
    }
    this.hasBegun = true;
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (folders.length > 0) this.warm(folders.map(({ uri }) => uri.fsPath));
  }

  private warm(names: readonly string[]): void {
    if (!isWanted()) return;
    const child = (this.child ??= this.start());
    child.stdin?.write(names.map((name) => `${name}\n`).join(''));
  }

  private start(): ChildProcess {
    const { command, args, env } = this.program(
      ...selectionArguments({}, vscode.workspace.getConfiguration('hindcast')),
    );
    const { NODE_OPTIONS: _options, ...own } = process.env;
    const child = spawn(command, args, {
      env: { ...own, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
      windowsHide: true,
    });
    const gone = (): void => {
      if (this.child === child) this.child = undefined;
    };
    child.on('error', gone);
    child.on('exit', gone);
    // It may end by itself while a name is on its way; the next save starts another.
    child.stdin.on('error', gone);
    return child;
  }

  private stop(): void {
    this.hasBegun = false;
    this.child?.kill();
    this.child = undefined;
  }
}

function isWanted(): boolean {
  return vscode.workspace.isTrusted && vscode.workspace.getConfiguration().get<boolean>(SETTING) !== false;
}
