/** Commands on failing recordings: validate, what the verdict says, the rerun, what differs, keep. */
import * as vscode from 'vscode';
import type { Corpus } from '../corpus/corpus.ts';
import { keepFailure } from '../corpus/keep.ts';
import type { RecordedPlace } from '../recording/recording-info.ts';
import type { Replayer } from '../replay/replayer.ts';
import type { DifferencePage } from './difference-page.ts';
import type { Target, Targets } from './targets.ts';
import type { Validator } from './validator.ts';
import { LOOKS, openPlace, reasonLine, shownPlace, verdictOf } from './verdict.ts';
import type { Verdict, Verdicts } from './verdicts.ts';

export interface ValidateParts {
  readonly targets: Targets;
  readonly validator: Validator;
  readonly verdicts: Verdicts;
  readonly difference: DifferencePage;
  readonly corpus: Corpus;
  readonly replayer: Replayer;
}

export function registerValidateCommands(parts: ValidateParts): vscode.Disposable {
  const { targets, validator } = parts;
  const on = (command: string, action: (target: Target) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(command, async (argument?: unknown) => {
      const target = await targets.of(argument);
      if (target) await action(target);
    });
  const onVerdict = (command: string, action: (target: Target, verdict: Verdict) => unknown): vscode.Disposable =>
    on(command, (target) => withVerdict(parts, target, (verdict) => action(target, verdict)));
  return vscode.Disposable.from(
    on('hindcast.validate', (target) => validator.validate(target)),
    on('hindcast.cancelValidation', ({ recording }) => validator.cancel(recording)),
    vscode.commands.registerCommand('hindcast.cancelValidations', () => validator.cancelAll()),
    vscode.commands.registerCommand('hindcast.openPlace', (place: RecordedPlace) => openPlace(place)),
    onVerdict('hindcast.showVerdict', (target, verdict) => showVerdict(parts, target, verdict)),
    onVerdict('hindcast.replayRerun', (target, verdict) => replayRerun(parts, target, verdict)),
    onVerdict('hindcast.showDifference', (target, verdict) => showDifference(parts, target, verdict)),
    on('hindcast.keepFailure', (target) => keepFailure(parts.corpus, targets, target)),
  );
}

/** Without one, it asks whether to validate now. */
async function withVerdict(
  { validator, verdicts }: ValidateParts,
  target: Target,
  action: (verdict: Verdict) => unknown,
): Promise<void> {
  const known = verdicts.of(target.recording);
  if (known) return void (await action(known));
  const choice = await vscode.window.showInformationMessage(`${target.title} was not validated yet.`, 'Validate');
  const verdict = choice && (await validator.validate(target));
  if (verdict) await action(verdict);
}

type Choice = vscode.QuickPickItem & { readonly act?: () => unknown };

/** The verdict, its reasons, and what one can do then, as a list. */
async function showVerdict(parts: ValidateParts, target: Target, verdict: Verdict): Promise<void> {
  const shown = verdictOf(verdict, target.case);
  const { title } = LOOKS[shown.verdict];
  const reasons = shown.reasons.map((reason): Choice => {
    const { text, place } = reason;
    return place ? { label: text, description: shownPlace(place), act: () => openPlace(place) } : { label: text };
  });
  const doing: readonly Choice[] = [
    ...actionsOf(parts, target, verdict),
    { label: '$(verified) Validate Again', act: () => parts.validator.validate(target) },
  ];
  const items: readonly Choice[] = [
    { label: 'Why', kind: vscode.QuickPickItemKind.Separator },
    ...reasons,
    { label: 'What next', kind: vscode.QuickPickItemKind.Separator },
    ...doing,
  ];
  const choice = await vscode.window.showQuickPick(items, {
    title: `${title}: ${target.title}`,
    placeHolder: 'Choose a reason to go to its place, or what to do next',
  });
  await choice?.act?.();
}

function actionsOf(parts: ValidateParts, target: Target, verdict: Verdict): readonly Choice[] {
  if (verdict.rerun === null)
    return [{ label: '$(archive) Keep in Corpus', act: () => keepFailure(parts.corpus, parts.targets, target) }];
  return [
    { label: '$(history) Replay the Rerun', act: () => replayRerun(parts, target, verdict) },
    { label: '$(diff) Show What Differs', act: () => showDifference(parts, target, verdict) },
    { label: '$(archive) Keep in Corpus', act: () => keepFailure(parts.corpus, parts.targets, target) },
  ];
}

/** At its own failure where there is one, else in the case that was meant. */
async function replayRerun({ replayer, targets }: ValidateParts, target: Target, verdict: Verdict): Promise<void> {
  const { rerun } = verdict;
  if (rerun === null) {
    const [reason] = verdict.reasons;
    void vscode.window.showInformationMessage(`There is no rerun to replay${reason ? `: ${reasonLine(reason)}` : ''}.`);
    return;
  }
  const info = await targets.infoOf(rerun);
  const isMeant = (name: string | undefined): boolean =>
    target.case === undefined || name === (target.case ?? undefined);
  const failure = info?.failures.find((each) => isMeant(each.case?.name));
  const found = target.case ? info?.cases.find(({ name }) => name === target.case) : undefined;
  if (failure) await replayer.replay(rerun, { moment: `${failure.stream}:${failure.moment}` });
  else await replayer.replay(rerun, found ? { caseId: found.id } : {});
}

async function showDifference({ difference }: ValidateParts, target: Target, verdict: Verdict): Promise<void> {
  if (verdict.rerun === null) void vscode.window.showInformationMessage('There is no rerun to compare with.');
  else
    await difference.show({
      failing: target.recording,
      rerun: verdict.rerun,
      case: target.case ?? null,
      title: target.title,
    });
}
