/** What shows a daemon in the editor: the panel, the status bar and notifications, all on one connection. */
import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import type { Subject } from '../../../webview-ui/src/operations/messages.ts';
import { askUser } from './ask-user.ts';
import { DaemonConnection } from './daemon-connection.ts';
import { openExemplar, openRecording, placesOf } from './exemplars.ts';
import { OperationsNotices } from './notices.ts';
import { OperationsPanel } from './operations-panel.ts';
import type { OperationsParts } from './register-operations.ts';
import { OperationsRelay, type RelayEditor } from './relay.ts';
import { OperationsStatus } from './status.ts';

export class Operations implements vscode.Disposable {
  private readonly connection: DaemonConnection;
  private readonly panel: OperationsPanel;
  private readonly subscriptions: vscode.Disposable;

  /** `folders`: whose daemon it may be. */
  constructor({ extensionUri, replayer }: OperationsParts, folders: () => readonly string[]) {
    this.connection = new DaemonConnection(folders, () => vscode.workspace.isTrusted);
    const whereIs = (recording: string): readonly string[] => recordingPlaces(this.connection, recording);
    const editor: RelayEditor = {
      user: userName(),
      ask: askUser,
      run: (command) => void vscode.commands.executeCommand(command),
      openExemplar: (exemplar) => void openExemplar(replayer, whereIs(exemplar.recording), exemplar),
      openRecording: (recording) => void openRecording(replayer, whereIs(recording), recording),
    };
    this.panel = new OperationsPanel(extensionUri, new OperationsRelay(this.connection, editor));
    const notices = new OperationsNotices(this.connection, {
      show: (subject) => this.show(subject),
      openExemplar: editor.openExemplar,
    });
    this.subscriptions = vscode.Disposable.from(
      this.panel,
      notices,
      new OperationsStatus(this.connection),
      this.connection.onEvent((event) => {
        if (event.kind === 'connection') setRuns(event.connection.state === 'connected');
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.look()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.look()),
      this.connection,
    );
    this.connection.begin();
  }

  /** Looks for a daemon now. */
  look(): void {
    this.connection.look();
  }

  /** Moves to a subject, where one is given. */
  show(subject?: Subject): void {
    this.panel.show(subject);
  }

  /** Goes on with a panel that was open when the window was closed. */
  restore(panel: vscode.WebviewPanel): void {
    this.panel.restore(panel);
  }

  /** Ends the daemon, which ends what it started. */
  async stop(): Promise<void> {
    const { client, state } = this.connection;
    if (!client) {
      void vscode.window.showInformationMessage('No daemon watches services here.');
      return;
    }
    const runs = state?.rollouts.some(({ status }) => status === 'running' || status === 'starting');
    const detail = [
      'Services that it started end with it; it takes no measurements until it is started again.',
      ...(runs
        ? ['A rollout is under way: it is taken up again, or rolled back, when the daemon is started again.']
        : []),
    ].join('\n');
    const choice = await vscode.window.showWarningMessage('Stop watching services?', { modal: true, detail }, 'Stop');
    if (choice === 'Stop') process.kill(client.pid, 'SIGTERM');
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

/** What commands depend on. */
function setRuns(runs: boolean): void {
  void vscode.commands.executeCommand('setContext', 'hindcast.operationsRun', runs);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'a user of the editor';
  }
}

function recordingPlaces({ connection }: DaemonConnection, recording: string): readonly string[] {
  return placesOf('folder' in connection ? connection.folder : undefined, recording);
}
