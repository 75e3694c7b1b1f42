/** Begins replays. */
import path from 'node:path';
import * as vscode from 'vscode';

export interface ReplayOptions {
  /** number of a case of the recording */
  readonly caseId?: number;
  /** STREAM:NUMBER, `failure`, `entry` or `end` */
  readonly moment?: string;
}

export interface Replayer {
  /** Opens a recording in a debug session; false where it does not begin. */
  replay(recording: string, options?: ReplayOptions): Promise<boolean>;
}

export const DEBUG_TYPE = 'hindcast';

export class DebugReplayer implements Replayer {
  async replay(recording: string, { caseId, moment }: ReplayOptions = {}): Promise<boolean> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(recording));
    return vscode.debug.startDebugging(folder, {
      type: DEBUG_TYPE,
      request: 'launch',
      name: `Replay ${path.basename(recording)}`,
      recording,
      ...(caseId === undefined ? {} : { case: String(caseId) }),
      ...(moment === undefined ? {} : { startAt: moment }),
    });
  }
}

/** The replay that the user looks at; undefined where it is another debugger's session, or none. */
export function activeReplay(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  return session?.type === DEBUG_TYPE ? session : undefined;
}
