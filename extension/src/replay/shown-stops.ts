/** Says when a stop of a replay is shown, so that what follows it never delays the line that the user waits for. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './replayer.ts';

interface AdapterMessage {
  readonly event?: string;
  readonly body?: { readonly description?: string };
}

/** After a stop is shown: steps that follow each other fast go before all else. */
const CALM_MS = 60;
/** A stop without frames is shown without anybody being told. */
const SHOWN_MS = 200;
/** Whoever keeps a key pressed sees the panels follow all the same. */
const LONGEST_MS = 400;

export class ShownStops implements vscode.Disposable {
  private readonly shown = new vscode.EventEmitter<void>();
  private readonly descriptions = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private waitsSince: number | undefined;
  private readonly subscriptions: vscode.Disposable;
  /** a stop is on the screen, another frame is selected, or a session that stood has ended */
  readonly onDidShow = this.shown.event;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      this.shown,
      vscode.debug.onDidChangeActiveDebugSession(() => this.tell()),
      // While nothing is selected the program moves: the next stop is near.
      vscode.debug.onDidChangeActiveStackItem((item) => item && this.tellAfter(CALM_MS)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.descriptions.delete(id);
        this.tell();
      }),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: ({ id }) => ({
          onDidSendMessage: ({ event, body }: AdapterMessage) => {
            if (event !== 'stopped') return;
            this.descriptions.set(id, body?.description ?? '');
            this.tellAfter(SHOWN_MS);
          },
        }),
      }),
    );
  }

  /** How the session's adapter describes its last stop; undefined before the first. */
  descriptionOf({ id }: vscode.DebugSession): string | undefined {
    return this.descriptions.get(id);
  }

  private tellAfter(ms: number): void {
    const now = performance.now();
    this.waitsSince ??= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), Math.min(ms, Math.max(0, this.waitsSince + LONGEST_MS - now)));
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.waitsSince = undefined;
    this.shown.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }
}
