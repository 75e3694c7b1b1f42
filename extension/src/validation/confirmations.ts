/** Suspects, values and decisions of a failure that a rerun confirms as its cause, or does not: `--confirm`. */
import * as vscode from 'vscode';
import type { ShownConfirmation } from '../../../webview-ui/src/messages.ts';
import { nameRecording } from '../../../trace-runtime/src/store/recordings.ts';
import type { Installation } from '../installation.ts';
import { whileShown } from '../recording/progress.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Target, Targets } from './targets.ts';
import { homeOf, isTrusted, mayRunAgain, outOf } from './validator.ts';

/** As `suspects --confirm` and `why --confirm` answer. */
interface Answer {
  readonly confirmation?: Told;
  readonly suspects?: readonly { readonly confirmation: Told | null }[];
}

interface Told {
  readonly confirmed: boolean;
  readonly reasons: readonly string[];
  readonly rerun: string | null;
  readonly change?: { readonly was: string; readonly is: string };
}

export interface ConfirmRequest {
  readonly recording?: string;
  readonly case?: string | null;
  /** FILE:LINE of a suspect, STREAM:NUMBER of a value or a decision */
  readonly what: string;
}

const MOMENT = /^\d+:\d+$/;
const SUSPECTS = '50';

export class Confirmations implements vscode.Disposable {
  private readonly known = new Map<string, Map<string, ShownConfirmation>>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly installation: Installation,
    private readonly recordings: Recordings,
    private readonly targets: Targets,
  ) {}

  of(recording: string): readonly ShownConfirmation[] {
    return [...(this.known.get(recording)?.values() ?? [])];
  }

  async confirm({ what, ...about }: ConfirmRequest): Promise<void> {
    if (!isTrusted(false)) return;
    const target = await this.targets.of(about);
    const allowed = target && (await mayRunAgain(target.recording, target.title));
    if (!target || !allowed) return;
    const { recording } = target;
    if (this.known.get(recording)?.get(what)?.state === 'running') return;
    this.note(recording, { what, state: 'running', text: '', rerun: null });
    try {
      this.note(recording, await this.rerun(target, what, allowed));
    } catch (error) {
      this.known.get(recording)?.delete(what);
      this.changed.fire();
      if (error instanceof vscode.CancellationError) return;
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async rerun(target: Target, what: string, allowed: readonly string[]): Promise<ShownConfirmation> {
    const { recording, case: name } = target;
    const named = name ? `${recording}#${name}` : recording;
    const command = MOMENT.test(what) ? ['why', named] : ['suspects', named, '--count', SUSPECTS];
    const args = [...command, '--confirm', what, ...outOf(recording), ...allowed];
    const question = `Is ${MOMENT.test(what) ? `moment ${what}` : vscode.workspace.asRelativePath(what)} the cause?`;
    const ask = (more: readonly string[]): Promise<Answer> =>
      whileShown(question, (report, cancelled) => {
        report('running it again on the recorded input');
        return this.installation.jsonOfRun([...args, ...more], homeOf(recording), cancelled) as Promise<Answer>;
      });
    const answer = await ask([]).catch(async (error: unknown) => {
      const sentence = error instanceof Error ? error.message : String(error);
      if (!sentence.includes('--value')) throw error;
      const value = await askValue();
      if (value === undefined) throw new vscode.CancellationError();
      return ask(['--value', value]);
    });
    const told = answer.confirmation ?? answer.suspects?.find(({ confirmation }) => confirmation)?.confirmation;
    if (told?.rerun) {
      nameRecording(told.rerun, question);
      this.recordings.refresh();
    }
    return shown(what, told ?? undefined);
  }

  private note(recording: string, confirmation: ShownConfirmation): void {
    const own = this.known.get(recording) ?? new Map<string, ShownConfirmation>();
    this.known.set(recording, own.set(confirmation.what, confirmation));
    this.changed.fire();
  }
}

function shown(what: string, told: Told | undefined): ShownConfirmation {
  if (!told) return { what, state: 'refuted', text: 'No change that mends the case was found to rerun.', rerun: null };
  const { confirmed, reasons, rerun, change } = told;
  const tried = change ? `, with ${change.is || 'nothing'} instead of ${change.was}` : '';
  const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
  const text = confirmed ? `Cause, confirmed by rerun${tried}` : `Not confirmed by rerun${why}`;
  return { what, state: confirmed ? 'confirmed' : 'refuted', text, rerun };
}

function askValue(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'What should the value have been?',
    prompt: 'The failure does not say it. A JavaScript expression; it may use what is in scope there.',
    placeHolder: '0.15',
    validateInput: (text) => (text.trim() ? undefined : 'Say what it should have been.'),
  });
}
