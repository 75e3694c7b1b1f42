/** Notifications: of alerts that page, and of rollouts that were rolled back. Each is shown once. */
import * as vscode from 'vscode';
import type { Alert, Exemplar } from '../../../operational-loop/src/api/messages.ts';
import type { RolloutState } from '../../../operational-loop/src/model/rollout.ts';
import type { Subject } from '../../../webview-ui/src/operations/messages.ts';
import type { DaemonConnection } from './daemon-connection.ts';

export interface NoticeActions {
  show(subject: Subject): void;
  openExemplar(exemplar: Exemplar): void;
}

const OPEN = 'Open Recording';
const SHOW = 'Show';
/** A rollback's own alert comes about when the rollback does: who hears of one waits for its recording. */
const EXEMPLAR_MS = 3000;

export class OperationsNotices implements vscode.Disposable {
  private readonly shown = new Set<string>();
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly connection: DaemonConnection,
    private readonly actions: NoticeActions,
  ) {
    this.subscription = connection.onEvent((event) => {
      if (event.kind === 'alert') this.heard(event.alert);
      else if (event.kind === 'rolled-back') void this.rolledBack(event.rollout);
    });
  }

  private heard(alert: Alert): void {
    if (alert.severity !== 'page' || alert.kind === 'rollback') return;
    void this.tell(`alert ${alert.id}`, alert.text, { kind: 'alert', id: alert.id }, alert.exemplars[0]);
  }

  private async rolledBack(rollout: RolloutState): Promise<void> {
    const text = `${rollout.service} was rolled back. ${rollout.reason ?? ''}`.trim();
    const exemplar = await this.exemplarOf(rollout.id);
    await this.tell(`rollout ${rollout.id}`, text, { kind: 'rollout', id: rollout.id }, exemplar);
  }

  private async tell(key: string, text: string, subject: Subject, exemplar: Exemplar | undefined): Promise<void> {
    if (this.shown.has(key)) return;
    this.shown.add(key);
    const buttons = exemplar ? [OPEN, SHOW] : [SHOW];
    const choice = await vscode.window.showWarningMessage(`Hindcast: ${text}`, ...buttons);
    if (choice === OPEN && exemplar) this.actions.openExemplar(exemplar);
    else if (choice === SHOW) this.actions.show(subject);
  }

  /** Of a request that failed in a canary, once an alert about it has one. */
  private exemplarOf(rollout: string): Promise<Exemplar | undefined> {
    const look = (): Exemplar | undefined =>
      this.connection.state?.alerts.filter(({ about }) => about === rollout).flatMap(({ exemplars }) => exemplars)[0];
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        heard.dispose();
        resolve(look());
      };
      const timer = setTimeout(finish, EXEMPLAR_MS);
      const heard = this.connection.onEvent(() => {
        if (look()) finish();
      });
      if (look()) finish();
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
