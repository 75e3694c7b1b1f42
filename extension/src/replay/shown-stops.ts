/** Says when a stop of a replay is shown, so that what follows it never delays the line that the user waits for. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './replayer.ts';

/** Requests after which the replay stands elsewhere. */
const MOVES: ReadonlySet<string> = new Set([
  'stepBack',
  'next',
  'stepIn',
  'stepOut',
  'reverseInto',
  'reverseOut',
  'continue',
  'reverseContinue',
  'restart',
]);

interface ClientMessage {
  readonly command?: string;
}

interface AdapterMessage {
  readonly event?: string;
  readonly body?: {
    readonly reason?: string;
    readonly threadId?: number;
    readonly description?: string;
    readonly moment?: string;
  };
}

export interface Stop {
  /** STREAM:NUMBER; undefined at the recording's ends, and while it is read */
  readonly moment: string | undefined;
  readonly description: string;
  /** the thread that stands behind all that ran, if one does */
  readonly ended: number | undefined;
}

/** After a stop is shown: steps that follow each other as fast as a key is pressed go before all else, as with VS Code's own views. */
const CALM_MS = 250;
/** Whoever steps by hand steps on within this time, or looks at where they are. */
const REST_MS = 400;
/** A stop without frames is shown without anybody being told. */
const SHOWN_MS = 250;
/** Whoever keeps a key pressed sees the panels follow all the same, after the line was painted. */
const LONGEST_MS = 1000;
const PAINTED_MS = 16;

export class ShownStops implements vscode.Disposable {
  private readonly shown = new vscode.EventEmitter<void>();
  private readonly stops = new Map<string, Stop>();
  private timer: NodeJS.Timeout | undefined;
  private waitsSince: number | undefined;
  private moves = 0;
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
        this.stops.delete(id);
        this.tell();
      }),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: ({ id }) => ({
          onWillReceiveMessage: ({ command = '' }: ClientMessage) => MOVES.has(command) && this.hold(),
          onDidSendMessage: ({ event, body }: AdapterMessage) => {
            if (event !== 'stopped') return;
            const { reason, threadId, moment, description = '' } = body ?? {};
            this.stops.set(id, { moment, description, ended: reason === 'end' ? threadId : undefined });
            this.tellAfter(SHOWN_MS);
          },
        }),
      }),
    );
  }

  /** The session's last stop; undefined before the first. */
  lastOf({ id }: vscode.DebugSession): Stop | undefined {
    return this.stops.get(id);
  }

  /** Whether no move is asked for in a while after a stop. */
  async isCalm(ms = CALM_MS): Promise<boolean> {
    const { moves } = this;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return moves === this.moves;
  }

  /** Until the user looks at a stop, and does not step on. */
  async rest(): Promise<void> {
    while (!(await this.isCalm(REST_MS)));
  }

  /** What waits does so until the move's own stop is shown, where there is one. */
  private hold(): void {
    this.moves++;
    if (this.waitsSince === undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), LONGEST_MS);
  }

  private tellAfter(ms: number): void {
    const now = performance.now();
    this.waitsSince ??= now;
    clearTimeout(this.timer);
    const left = this.waitsSince + LONGEST_MS - now;
    this.timer = setTimeout(() => this.tell(), Math.min(ms, Math.max(PAINTED_MS, left)));
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
