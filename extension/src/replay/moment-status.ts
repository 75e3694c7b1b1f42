/** The status bar: the moment at which the replay stands, or that something is being recorded. */
import * as vscode from 'vscode';
import type { TaskRecorder } from '../recording/record.ts';
import { DEBUG_TYPE } from './replayer.ts';

interface StoppedBody {
  readonly description?: string;
}

export class MomentStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('hindcast.moment', vscode.StatusBarAlignment.Left, 5);
  private readonly moments = new Map<string, string>();
  private running = 0;
  private readonly subscriptions: vscode.Disposable;

  constructor(recorder: TaskRecorder) {
    this.item.name = 'Hindcast';
    this.subscriptions = vscode.Disposable.from(
      this.item,
      recorder.onDidChangeRunning((count) => {
        this.running = count;
        this.show();
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => this.show()),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.moments.delete(id);
        this.show();
      }),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: (session) => ({
          onDidSendMessage: (message: { readonly event?: string; readonly body?: StoppedBody }) => {
            if (message.event !== 'stopped') return;
            this.moments.set(session.id, message.body?.description ?? '');
            this.show();
          },
        }),
      }),
    );
    this.show();
  }

  private show(): void {
    const session = vscode.debug.activeDebugSession;
    const description = session && this.moments.get(session.id);
    if (this.running > 0) {
      this.item.text = '$(record) Recording';
      this.item.tooltip = 'Hindcast is recording. The notification has its progress and ends it.';
      this.item.command = 'notifications.showList';
    } else if (description !== undefined) {
      const [moment] = /\d+:\d+/.exec(description) ?? [];
      this.item.text = `$(history) ${moment ?? description}`;
      this.item.tooltip = `${description}. Click to go to another moment.`;
      this.item.command = 'hindcast.goToMoment';
    } else {
      this.item.hide();
      return;
    }
    this.item.accessibilityInformation = { label: `Hindcast: ${this.item.text.replace(/\$\(\w+\) /, '')}` };
    this.item.show();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}
