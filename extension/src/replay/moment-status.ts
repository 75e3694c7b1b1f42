/** The status bar: the moment at which the replay stands, or that something is being recorded. */
import * as vscode from 'vscode';
import type { TaskRecorder } from '../recording/record.ts';
import { activeReplay } from './replayer.ts';
import type { ShownStops } from './shown-stops.ts';

export class MomentStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('hindcast.moment', vscode.StatusBarAlignment.Left, 5);
  private running = 0;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    recorder: TaskRecorder,
    private readonly stops: ShownStops,
  ) {
    this.item.name = 'Hindcast';
    this.subscriptions = vscode.Disposable.from(
      this.item,
      recorder.onDidChangeRunning((count) => {
        this.running = count;
        this.show();
      }),
      stops.onDidShow(() => this.show()),
    );
    this.show();
  }

  private show(): void {
    const session = activeReplay();
    const stop = session && this.stops.lastOf(session);
    if (this.running > 0) {
      this.item.text = '$(record) Recording';
      this.item.tooltip = 'Hindcast is recording. The notification has its progress and ends it.';
      this.item.command = 'notifications.showList';
    } else if (stop) {
      const { moment, description } = stop;
      this.item.text = `$(history) ${moment ?? description}`;
      this.item.tooltip = `${moment ? `Stopped at moment ${moment}` : description}. Click to go to another moment.`;
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
