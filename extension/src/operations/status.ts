/** The status bar while a daemon runs: how many services it watches, and what asks for attention. */
import * as vscode from 'vscode';
import type { OperationsState } from '../../../operational-loop/src/api/messages.ts';
import type { DaemonConnection } from './daemon-connection.ts';

export class OperationsStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('hindcast.operations', vscode.StatusBarAlignment.Left, 4);
  private readonly subscription: { dispose(): void };

  constructor(private readonly connection: DaemonConnection) {
    this.item.name = 'Hindcast Operations';
    this.item.command = 'hindcast.showOperations';
    this.subscription = connection.onEvent(({ kind }) => {
      if (kind === 'connection' || kind === 'state') this.show();
    });
    this.show();
  }

  private show(): void {
    const { connection, state } = this.connection;
    if (connection.state === 'lost') {
      this.item.text = '$(pulse) no answer';
      this.item.tooltip = `${connection.sentence} Click to see what was heard last.`;
      this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    } else if (connection.state === 'connected' && state) this.fill(state);
    else return this.item.hide();
    this.item.accessibilityInformation = { label: `Hindcast Operations: ${this.item.text.replace(/\$\(\w+\) /, '')}` };
    this.item.show();
  }

  private fill(state: OperationsState): void {
    const open = state.alerts.filter(({ endedAt, severity }) => endedAt === undefined && severity !== 'log');
    const pages = open.some(({ severity }) => severity === 'page');
    const services = counted(state.services.length, 'service');
    this.item.text = `$(pulse) ${services}${open.length > 0 ? `, ${counted(open.length, 'alert')}` : ''}`;
    this.item.tooltip = open[0] ? `${open[0].text} Click to show operations.` : 'No alerts. Click to show operations.';
    this.item.backgroundColor = pages ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
