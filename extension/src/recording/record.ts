/** Records a command in a terminal of the editor, with progress, and says what came of it. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { nameRecording } from '../../../trace-runtime/src/store/recordings.ts';
import type { Installation } from '../installation.ts';
import { discardUndoably } from '../recordings/discard.ts';
import { storeLimit } from '../recordings/recordings.ts';
import { mayRun } from '../trust.ts';
import { whileShown } from './progress.ts';
import { readEnvFile } from './env-file.ts';
import { recordArguments, type RecordOptions } from './record-options.ts';
import type { RecordingInfo } from './recording-info.ts';

export interface RecordRequest {
  /** what is recorded, for people */
  readonly title: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** variables beside the editor's own; null takes one away */
  readonly env?: Readonly<Record<string, string | null>>;
  /** a file of more of them, which `env` goes before; it is read when the recording begins */
  readonly envFile?: string;
  /** how much of it, where that is not as the settings say */
  readonly options?: RecordOptions;
  /** shows the terminal */
  readonly reveal: boolean;
  /** what several recordings are made for: their Problems stand beside each other */
  readonly run?: object;
  readonly token?: vscode.CancellationToken;
}

export interface Recorded {
  /** the recording's folder */
  readonly path: string;
  /** undefined where a signal ended the command */
  readonly exitCode: number | undefined;
  readonly info: RecordingInfo;
  readonly run: object | undefined;
}

export interface Recorder {
  /** undefined where it was cancelled or could not begin; the user was told. */
  record(request: RecordRequest): Promise<Recorded | undefined>;
  /** how many go on */
  readonly onDidChangeRunning: vscode.Event<number>;
}

/** What shells, and the command that records, exit with where there is no such command. */
export const NOT_FOUND = 127;
const LOOK_MS = 250;
const REPLAY = 'Replay';
const DELETE = 'Delete';

/** Whether the workspace is trusted; where not, the user was told. */
export function mayRecord(): boolean {
  return mayRun('Recordings can be replayed; to record, trust the workspace first.');
}

export class TaskRecorder implements Recorder, vscode.Disposable {
  private readonly recorded = new vscode.EventEmitter<Recorded>();
  private readonly running = new vscode.EventEmitter<number>();
  private readonly failed = new vscode.EventEmitter<string>();
  private count = 0;
  /** a recording was made */
  readonly onDidRecord = this.recorded.event;
  /** A command has failed, and its recording is read next; the workspace folder that holds it. */
  readonly onDidFail = this.failed.event;
  /** how many are being made now */
  readonly onDidChangeRunning = this.running.event;

  constructor(private readonly installation: Installation) {}

  async record(request: RecordRequest): Promise<Recorded | undefined> {
    if (!mayRecord()) return undefined;
    this.running.fire(++this.count);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-'));
    try {
      return await whileShown(`Recording ${request.title}`, (report, cancelled) =>
        this.run(request, path.join(folder, 'path'), report, cancelled),
      );
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`${request.title} could not be recorded. ${sentence}`);
      return undefined;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      this.running.fire(--this.count);
    }
  }

  private async run(
    request: RecordRequest,
    pathFile: string,
    report: (message: string) => void,
    cancelled: vscode.CancellationToken,
  ): Promise<Recorded | undefined> {
    const execution = await vscode.tasks.executeTask(this.task(request, pathFile));
    const info = this.installation.jsonLater(['info'], request.cwd, cancelled);
    try {
      return await this.runTask(request, execution, pathFile, info, report, cancelled);
    } finally {
      info.dispose();
    }
  }

  /** `info`: the reader of what is recorded, which is ready when the command ends. */
  private async runTask(
    request: RecordRequest,
    execution: vscode.TaskExecution,
    pathFile: string,
    { answer }: { answer(recording: string): Promise<unknown> },
    report: (message: string) => void,
    cancelled: vscode.CancellationToken,
  ): Promise<Recorded | undefined> {
    let isCancelled = false;
    const cancel = (): void => {
      isCancelled = true;
      execution.terminate();
    };
    const watched = [cancelled, request.token].map((token) => token?.onCancellationRequested(cancel));
    if (request.token?.isCancellationRequested) cancel();
    const shown = setInterval(() => report(progressOf(pathFile)), LOOK_MS);
    let exitCode: number | undefined;
    try {
      exitCode = await ended(execution);
    } finally {
      clearInterval(shown);
      for (const each of watched) each?.dispose();
    }
    if (exitCode !== 0 && !isCancelled) this.failed.fire(storeFolder(request.cwd));
    const recording = readIfThere(pathFile)?.trim();
    // a command that cannot be started leaves none
    const isThere = recording !== undefined && existsSync(recording);
    if (isThere && request.title !== request.command.join(' ')) nameRecording(recording, request.title);
    if (isCancelled) {
      void tellCancelled(request.title, isThere ? recording : undefined);
      return undefined;
    }
    if (!isThere) throw new Error(exitCode === NOT_FOUND ? notFound(request) : 'The terminal says why.');
    report('reading it');
    const info = (await answer(recording)) as RecordingInfo;
    const result = { path: recording, exitCode: info.recording.exitCode ?? undefined, info, run: request.run };
    this.recorded.fire(result);
    return result;
  }

  private task({ title, command, cwd, reveal, ...request }: RecordRequest, pathFile: string): vscode.Task {
    const env = { ...(request.envFile ? readEnvFile(request.envFile) : {}), ...request.env };
    const kept = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null);
    const dropped = Object.entries(env).flatMap(([name, value]) => (value === null ? ['--unset', name] : []));
    const out = path.join(storeFolder(cwd), '.hindcast', 'recordings');
    const options = [
      '--out',
      out,
      '--store-limit',
      `${storeLimit()}GB`,
      '--path-file',
      pathFile,
      '--show-command',
      ...recordArguments(request.options ?? {}, cwd),
      ...dropped,
      '--',
      ...command,
    ];
    // after a failure VS Code names the words of the command: the options are none of them
    const program = this.installation.recorder('record');
    const execution = new vscode.ProcessExecution(program.command, [...program.args], {
      cwd,
      env: { ...program.env, ...Object.fromEntries(kept), HINDCAST_ARGUMENTS: JSON.stringify(options) },
    });
    const task = new vscode.Task(
      { type: 'hindcast', command: title },
      // the terminal's title names it, where there are several
      vscode.workspace.getWorkspaceFolder(vscode.Uri.file(cwd)) ?? vscode.TaskScope.Workspace,
      title,
      'Hindcast',
      execution,
      [],
    );
    task.presentationOptions = {
      reveal: reveal ? vscode.TaskRevealKind.Always : vscode.TaskRevealKind.Never,
      // the user's command is shown instead of the one that records it
      echo: false,
      // as other tasks: what was recorded before makes room
      panel: vscode.TaskPanelKind.Shared,
      focus: false,
      clear: true,
      showReuseMessage: false,
    };
    return task;
  }

  dispose(): void {
    this.recorded.dispose();
    this.running.dispose();
    this.failed.dispose();
  }
}

/** Whose `.hindcast` holds the recordings of a folder: the workspace folder's, where it lies in one. */
export function storeFolder(cwd: string): string {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(cwd))?.uri.fsPath ?? cwd;
}

/** `kept`: what was recorded until then. */
async function tellCancelled(title: string, kept: string | undefined): Promise<void> {
  if (kept === undefined) {
    return void vscode.window.showInformationMessage(`${title} was cancelled before anything of it was recorded.`);
  }
  const said = `${title} was cancelled. What was recorded until then is kept.`;
  const choice = await vscode.window.showInformationMessage(said, REPLAY, DELETE);
  if (choice === REPLAY) await vscode.commands.executeCommand('hindcast.replay', kept);
  if (choice === DELETE) await discardUndoably(kept, `Deleted the recording of ${title}.`);
}

function notFound({ command: [name] }: RecordRequest): string {
  return `The command ${name} was not found: check its name, and your PATH.`;
}

/** With the exit code of its process; also where that never began. */
function ended(execution: vscode.TaskExecution): Promise<number | undefined> {
  return new Promise((resolve) => {
    const subscriptions = [
      vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution === execution) finish(event.exitCode);
      }),
      // a task whose process cannot be started ends, too
      vscode.tasks.onDidEndTask((event) => {
        if (event.execution === execution) setTimeout(finish, LOOK_MS);
      }),
    ];
    const finish = (exitCode?: number): void => {
      for (const each of subscriptions) each.dispose();
      resolve(exitCode);
    };
  });
}

function progressOf(pathFile: string): string {
  const recording = readIfThere(pathFile)?.trim();
  const count = recording === undefined ? undefined : readIfThere(path.join(recording, 'spool', 'progress'));
  const events = count === undefined ? undefined : Number(count.split(' ')[0]);
  if (recording === undefined || events === undefined) return '';
  if (events === 0) return 'none of its code has run yet';
  // where little is in the cache, files come for long, and events hardly
  const files = countFiles(path.join(recording, 'sites'));
  return `${events.toLocaleString('en')} events, ${files === 1 ? '1 file' : `${files} files`} of code`;
}

function countFiles(folder: string): number {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
