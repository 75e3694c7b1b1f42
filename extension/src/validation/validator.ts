/** Reruns what failed on the code as it is now: `hindcast validate` in a process of its own. */
import path from 'node:path';
import * as vscode from 'vscode';
import { isInDefaultStore } from '../../../trace-runtime/src/store/recordings.ts';
import { readManifest } from '../../../trace-runtime/src/store/manifest.ts';
import type { Installation } from '../installation.ts';
import { whileShown } from '../recording/progress.ts';
import { isOfUntrusted } from '../replay/replayer.ts';
import { mayRun } from '../trust.ts';
import type { Validation } from './verdict.ts';
import type { Verdict, Verdicts } from './verdicts.ts';

export interface ValidationRequest {
  /** a recording's folder or a portable file */
  readonly recording: string;
  /** the case that is meant; null: what failed outside of any; undefined: all of it */
  readonly case?: string | null | undefined;
  /** what is validated, for people */
  readonly title: string;
  /** undefined: somebody asked for it */
  readonly cause?: 'save';
}

export interface Validated {
  readonly request: ValidationRequest;
  readonly verdict: Verdict;
  /** the one before */
  readonly before: Verdict | undefined;
}

export class Validator implements vscode.Disposable {
  private readonly validated = new vscode.EventEmitter<Validated>();
  private readonly running = new Map<
    string,
    { readonly stop: vscode.CancellationTokenSource; readonly isSave: boolean }
  >();
  readonly onDidValidate = this.validated.event;

  constructor(
    private readonly installation: Installation,
    private readonly verdicts: Verdicts,
  ) {}

  /** undefined where it was cancelled or could not be done; the user was told. */
  async validate(request: ValidationRequest): Promise<Verdict | undefined> {
    const { recording } = request;
    const isSave = request.cause === 'save';
    const other = this.running.get(recording);
    if (other && !(isSave && other.isSave)) return undefined;
    if (!isTrusted(isSave)) return undefined;
    other?.stop.cancel();
    const stop = new vscode.CancellationTokenSource();
    const own = { stop, isSave };
    this.running.set(recording, own);
    this.verdicts.setRunning(recording, true);
    try {
      return await this.run(request, stop);
    } catch (error) {
      if (error instanceof vscode.CancellationError || stop.token.isCancellationRequested) return undefined;
      const sentence = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`${request.title} could not be validated. ${sentence}`);
      return undefined;
    } finally {
      if (this.running.get(recording) === own) {
        this.running.delete(recording);
        this.verdicts.setRunning(recording, false);
      }
      stop.dispose();
    }
  }

  cancel(recording: string): void {
    this.running.get(recording)?.stop.cancel();
  }

  cancelAll(): void {
    for (const { stop } of this.running.values()) stop.cancel();
  }

  dispose(): void {
    this.cancelAll();
    this.validated.dispose();
  }

  private async run(request: ValidationRequest, stop: vscode.CancellationTokenSource): Promise<Verdict | undefined> {
    const { recording, title } = request;
    const allowed = await mayRunAgain(recording, title);
    if (!allowed) return undefined;
    if (request.cause !== 'save') await saveFiles();
    const args = ['validate', recording, ...outOf(recording), ...allowed];
    const cwd = homeOf(recording);
    const answer = await whileShown(`Validating ${title}`, (report, cancelled) => {
      cancelled.onCancellationRequested(() => stop.cancel());
      report('running it again on the recorded input');
      return this.installation.jsonOfRun(args, cwd, stop.token);
    });
    const before = this.verdicts.of(recording);
    const verdict = this.verdicts.note(recording, answer as Validation);
    this.validated.fire({ request, verdict, before });
    return verdict;
  }
}

/** Those that no editor shows, too: another extension may have changed them. */
export async function saveFiles(): Promise<void> {
  await vscode.workspace.saveAll(false);
  for (const document of vscode.workspace.textDocuments)
    if (document.isDirty && !document.isUntitled) await document.save();
}

/** The workspace folder that it lies in, or the first. */
export function homeOf(file: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.fsPath ?? path.dirname(file);
}

/** Reruns lie beside the recordings that the view lists. */
export function outOf(file: string): readonly string[] {
  const store = isInDefaultStore(file) ? path.dirname(file) : path.join(homeOf(file), '.hindcast', 'recordings');
  return ['--out', store];
}

/** Tells where it is not, unless nobody asked for anything. */
export function isTrusted(isQuiet: boolean): boolean {
  return isQuiet ? vscode.workspace.isTrusted : mayRun('To validate, trust the workspace first.');
}

function isImported(recording: string): boolean {
  if (recording.endsWith('.hindcast')) return true;
  const manifest = readManifest(recording);
  return manifest.ok && manifest.value.imported === true;
}

/** Options with which the command of a recording runs again; an imported one asks first. undefined where the user does not want that. */
export async function mayRunAgain(recording: string, title: string): Promise<readonly string[] | undefined> {
  if (isOfUntrusted(recording)) {
    void vscode.window.showErrorMessage(
      `${title} was recorded in a workspace that is not trusted, and nothing of it runs. Open its workspace and trust it first.`,
    );
    return undefined;
  }
  if (!isImported(recording)) return [];
  const manifest = readManifest(recording);
  const command = manifest.ok ? `\n\n${manifest.value.command.join(' ')}` : '';
  const choice = await vscode.window.showWarningMessage(
    `Run the command of ${title} again?`,
    {
      modal: true,
      detail: `The recording was imported. To validate it, its command runs on this machine, as it was recorded on another.${command}`,
    },
    'Run',
  );
  return choice === 'Run' ? ['--allow-run'] : undefined;
}
