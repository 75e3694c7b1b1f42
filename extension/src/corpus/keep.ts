/** `Keep in Corpus`. */
import * as vscode from 'vscode';
import { failureTitle, type RecordedFailure } from '../recording/recording-info.ts';
import type { Target, Targets } from '../validation/targets.ts';
import type { Corpus } from './corpus.ts';

export async function keepFailure(corpus: Corpus, targets: Targets, target: Target): Promise<void> {
  const failures = (await targets.infoOf(target.recording))?.failures.filter(({ kind }) => kind !== 'marked') ?? [];
  const failure = await choose(failures, target);
  if (failure === undefined && failures.length > 0) return;
  const name = failure ? (failure.case?.name ?? null) : (target.case ?? null);
  const known = await corpus.find({ name, title: failure ? failureTitle(failure) : target.title });
  if (known) {
    const choice = await vscode.window.showInformationMessage(
      `${known.name} is in the corpus already.`,
      'Show',
      'Keep Again',
    );
    if (choice === 'Show') await showCorpus();
    if (choice !== 'Keep Again') return;
  }
  try {
    const entry = await corpus.keep(target.recording, name);
    await showCorpus();
    void vscode.window.showInformationMessage(
      `Kept in the corpus: ${entry.name}. Commit ${vscode.workspace.asRelativePath(entry.folder)} with the fix.`,
    );
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

export async function showCorpus(): Promise<void> {
  await vscode.commands.executeCommand('hindcast.corpus.focus');
}

/** The one that is meant; of several, one that the user chooses. */
async function choose(
  failures: readonly RecordedFailure[],
  { case: name }: Target,
): Promise<RecordedFailure | undefined> {
  const meant = failures.filter((each) => name === undefined || (each.case?.name ?? null) === name);
  if (meant.length < 2) return meant[0];
  const items = meant.map((failure) => ({
    label: failure.case?.name ?? failureTitle(failure),
    description: failure.case ? failureTitle(failure) : '',
    failure,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Keep which failure?' }))?.failure;
}
