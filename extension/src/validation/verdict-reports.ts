/** Where verdicts are told beside the panel: the status bar, and a notification where the panel does not show them. */
import * as vscode from 'vscode';
import type { Corpus } from '../corpus/corpus.ts';
import { shownTime } from '../recordings/shown.ts';
import { activeReplay } from '../replay/replayer.ts';
import type { Validated, ValidationRequest, Validator } from './validator.ts';
import { LOOKS, reasonLine, verdictOf } from './verdict.ts';
import type { Verdicts } from './verdicts.ts';

export interface ReportParts {
  readonly validator: Validator;
  readonly verdicts: Verdicts;
  readonly corpus: Corpus;
  /** whether somebody sees the verdict on that recording in the panel */
  isSeen(recording: string): boolean;
}

const ACTIONS = {
  'Show What Differs': 'hindcast.showDifference',
  'Replay the Rerun': 'hindcast.replayRerun',
  'Keep in Corpus': 'hindcast.keepFailure',
} as const;

type Action = keyof typeof ACTIONS;

export class VerdictReports implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('hindcast.verdict', vscode.StatusBarAlignment.Left, 4);
  private readonly subscriptions: vscode.Disposable;
  private last: Validated | undefined;

  constructor(private readonly parts: ReportParts) {
    const { validator, verdicts } = parts;
    this.item.name = 'Hindcast Verdict';
    this.subscriptions = vscode.Disposable.from(
      this.item,
      validator.onDidValidate((validated) => {
        this.last = validated;
        this.show();
        void this.tell(validated);
      }),
      verdicts.onDidChange(() => this.show()),
      vscode.debug.onDidChangeActiveDebugSession(() => this.show()),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** What is kept already is not offered to be kept. */
  private async keep({ case: name, title }: ValidationRequest): Promise<readonly Action[]> {
    return (await this.parts.corpus.find({ name: name ?? null, title })) ? [] : ['Keep in Corpus'];
  }

  private show(): void {
    const { verdicts } = this.parts;
    if (verdicts.isAnyRunning) {
      this.item.text = '$(loading~spin) Validating';
      this.item.tooltip = 'What failed is run again on the code as it is now. Click to cancel.';
      this.item.command = 'hindcast.cancelValidations';
      this.item.backgroundColor = undefined;
    } else if (this.last && !isOfAnother(this.last)) {
      const { request, verdict } = this.last;
      const now = verdicts.of(request.recording) ?? verdict;
      const { verdict: name, reasons } = verdictOf(now, request.case);
      const { title, icon } = LOOKS[name];
      this.item.text = `$(${icon}) ${title}${now.isOld ? ', edited since' : ''}`;
      this.item.tooltip = [
        `${request.title}: ${title.toLowerCase()}, ${shownTime(now.at)}`,
        ...reasons.slice(0, 5).map(reasonLine),
        'Click for what to do next.',
      ].join('\n');
      const { recording, case: of } = request;
      this.item.command = { command: 'hindcast.showVerdict', title, arguments: [{ recording, case: of }] };
    } else {
      this.item.hide();
      return;
    }
    this.item.accessibilityInformation = { label: `Hindcast: ${this.item.text.replace(/\$\([\w~-]+\) /, '')}` };
    this.item.show();
  }

  /** What the user sees already is not told again; a verdict that nobody asked for only where it is another than before. */
  private async tell({ request, verdict, before }: Validated): Promise<void> {
    const { recording, case: name, title } = request;
    const { verdict: found, reasons } = verdictOf(verdict, name);
    const isNews = !before || verdictOf(before, name).verdict !== found;
    if (request.cause === 'save' && !isNews) return;
    if (this.parts.isSeen(recording)) return;
    const reason = reasons[0] && found !== 'fixed' ? `: ${reasonLine(reasons[0])}` : '';
    const sentence = `${LOOKS[found].title}: ${title}${reason}.`;
    const differs: Action = 'Show What Differs';
    const choice =
      found === 'fixed'
        ? await vscode.window.showInformationMessage<Action>(sentence, ...(await this.keep(request)), differs)
        : await vscode.window.showWarningMessage<Action>(sentence, differs, 'Replay the Rerun');
    if (choice) await vscode.commands.executeCommand(ACTIONS[choice], { recording, case: name });
  }
}

/** Beside the replay of another recording it would seem to be that one's. */
function isOfAnother({ request, verdict }: Validated): boolean {
  const replayed: unknown = activeReplay()?.configuration['recording'];
  return typeof replayed === 'string' && replayed !== request.recording && replayed !== verdict.rerun;
}
