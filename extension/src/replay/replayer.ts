/** Begins replays. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import type { FirstPanels } from './first-panels.ts';
import { lacksValues, makeValues } from './light-values.ts';
import { recordedTextsCanBeShown, type OtherWindow } from './other-window.ts';
import type { ShownStops } from './shown-stops.ts';

export interface ReplayOptions {
  /** number or name of a case of the recording */
  readonly caseId?: number | string;
  /** STREAM:NUMBER, `failure`, `entry` or `end` */
  readonly moment?: string;
}

/** Of a workspace that is not trusted: none of its code runs, and none of its files is opened. */
const NOT_TRUSTED = { allowEvaluate: false, recordedSources: true };

/**
 * What is replayed has run: no editor's text matters. VS Code would save them before each Restart too, and begin the session
 * anew where Stop comes meanwhile.
 */
const SAVES_NOTHING: vscode.DebugSessionOptions = { suppressSaveBeforeStart: true };

export interface Replayer {
  /**
   * Opens a recording in a debug session, in the place of the one that is replayed; false where it does not begin. A light
   * one gets its values first. Where the workspace is not trusted, another window is offered.
   */
  replay(recording: string, options?: ReplayOptions): Promise<boolean>;
}

export const DEBUG_TYPE = 'hindcast';
/** After a stop, until none of its frames is waited for any more. */
const NO_FRAME_MS = 1500;

export class DebugReplayer implements Replayer {
  /** how many replays were asked for */
  private asked = 0;
  /** until the one that was asked for last has begun, or has not */
  private beginning: Promise<unknown> = Promise.resolve();
  /** the last one that this began; it may have ended */
  private begun: vscode.DebugSession | undefined;

  constructor(
    private readonly stops: ShownStops,
    private readonly installation: Installation,
    private readonly otherWindow: OtherWindow,
    private readonly panels: FirstPanels,
  ) {}

  async replay(recording: string, options: ReplayOptions = {}): Promise<boolean> {
    if (vscode.workspace.isTrusted)
      return (await makeValues(this.installation, recording, options.caseId)) && this.begin(recording, options);
    if (lacksValues(recording)) tellLight();
    else await this.otherWindow.offer(recording, options);
    return false;
  }

  /** What a window of a workspace that is not trusted has left for this one. */
  async replayHandedOver(): Promise<void> {
    const left = this.otherWindow.take();
    if (!left) return;
    await recordedTextsCanBeShown();
    await this.begin(left.recording, left.options, NOT_TRUSTED);
  }

  /** In the place of one that has begun or begins; gives way to one that is asked for later. */
  private begin(
    recording: string,
    options: ReplayOptions,
    attributes: Readonly<Record<string, boolean>> = {},
  ): Promise<boolean> {
    const number = ++this.asked;
    const { beginning } = this;
    const begun = this.endBegun()
      .then(() => beginning)
      .then(() => this.endBegun())
      .then(() => number === this.asked && this.beginAlone(recording, options, attributes));
    this.beginning = begun.catch(() => undefined);
    return begun;
  }

  /** VS Code shows no stop of a session while it looks at one of another. */
  private async endBegun(): Promise<void> {
    for (const session of new Set([this.begun, activeReplay()]))
      // one that has ended is not there to be ended
      if (session) await vscode.debug.stopDebugging(session).then(undefined, () => undefined);
  }

  private async beginAlone(
    recording: string,
    { caseId, moment }: ReplayOptions,
    attributes: Readonly<Record<string, boolean>>,
  ): Promise<boolean> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(recording));
    const isShown = this.stopIsShown();
    // The variables open by themselves only in a view that is there when the replay stops.
    if (showsPanels()) void vscode.commands.executeCommand('workbench.view.debug');
    this.panels.choose();
    const isOpen = await this.start(folder, {
      type: DEBUG_TYPE,
      request: 'launch',
      name: `Replay ${path.basename(recording)}`,
      recording,
      ...attributes,
      ...(caseId === undefined ? {} : { case: String(caseId) }),
      ...(moment === undefined ? {} : { startAt: moment }),
      internalConsoleOptions: 'neverOpen',
    });
    if (!isOpen) {
      void this.panels.make();
      return false;
    }
    if (caseId === undefined && moment === undefined) this.standInCode();
    // the throw first, and whoever steps from there at once: panels that are made cost the editor more than a step
    void isShown
      .then(() => this.stops.rest())
      .then(() => (activeReplay()?.configuration['recording'] === recording ? this.panels.make() : undefined));
    return true;
  }

  /** Keeps the session, which can be ended before it has begun. */
  private async start(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<boolean> {
    this.begun = undefined;
    // VS Code tells of a started session only once that has been launched
    const made = vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
      createDebugAdapterTracker: (session) => {
        this.begun = session;
        return undefined;
      },
    });
    try {
      return await vscode.debug.startDebugging(folder, configuration, SAVES_NOTHING);
    } finally {
      made.dispose();
    }
  }

  /** Behind all that ran there is nothing to see: where nothing failed, the replay goes back to what ran last. */
  private standInCode(): void {
    const shown = this.stops.onDidShow(() => {
      const session = activeReplay();
      const stop = session && session.id === this.begun?.id ? this.stops.lastOf(session) : undefined;
      if (!session || !stop) return;
      shown.dispose();
      if (stop.ended === undefined) return;
      session.customRequest('stepBack', { threadId: stop.ended }).then(undefined, () => undefined);
    });
  }

  /** Of the session that is begun now. Where no recorded code runs, there is no frame that VS Code could choose. */
  private stopIsShown(): Promise<void> {
    return new Promise((resolve) => {
      let withoutFrame: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(withoutFrame);
        shown.dispose();
        resolve();
      };
      const shown = this.stops.onDidShow(() => {
        const session = activeReplay();
        if (!session || session.id !== this.begun?.id) return;
        if (vscode.debug.activeStackItem?.session.id === session.id) done();
        else if (this.stops.lastOf(session)) withoutFrame ??= setTimeout(done, NO_FRAME_MS);
      });
    });
  }
}

function tellLight(): void {
  void vscode.window.showErrorMessage(
    'The values of this light recording are made by running its program again: trust the workspace first.',
  );
}

export function showsPanels(): boolean {
  return vscode.workspace.getConfiguration('hindcast').get<boolean>('showPanels') !== false;
}

/** Whether it is replayed here because its own workspace is not trusted. */
export function isOfUntrusted(recording: string): boolean {
  const { configuration } = activeReplay() ?? {};
  return configuration?.['recording'] === recording && configuration['recordedSources'] === true;
}

/** The replay that the user looks at; undefined where it is another debugger's session, or none. */
export function activeReplay(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === DEBUG_TYPE ? session : undefined;
}
