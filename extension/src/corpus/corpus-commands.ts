/** Commands on kept failures: validate one or all, replay, compare, open, remove. */
import path from 'node:path';
import * as vscode from 'vscode';
import { discard } from '../recordings/discard.ts';
import type { Replayer } from '../replay/replayer.ts';
import type { DifferencePage } from '../validation/difference-page.ts';
import { factsOf, inputOf, type Corpus, type CorpusResult, type KeptEntry } from './corpus.ts';
import { outcomeOf, type CorpusTests } from './corpus-tests.ts';
import type { CorpusNode } from './corpus-view.ts';
import { showCorpus } from './keep.ts';

export interface CorpusParts {
  readonly corpus: Corpus;
  readonly tests: CorpusTests;
  readonly difference: DifferencePage;
  readonly replayer: Replayer;
}

export function registerCorpusCommands(parts: CorpusParts): vscode.Disposable {
  const { corpus, replayer } = parts;
  const on = (command: string, title: string, action: (entry: KeptEntry) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(command, async (node?: CorpusNode) => {
      const entry = node?.entry ?? (await choose(corpus, title));
      if (entry) await action(entry);
    });
  return vscode.Disposable.from(
    vscode.commands.registerCommand('hindcast.validateCorpus', () => validateAll(parts)),
    vscode.commands.registerCommand('hindcast.refreshCorpus', () => refresh(corpus)),
    on('hindcast.validateKept', 'Validate', (entry) => validate(parts, [entry])),
    on('hindcast.replayKept', 'Replay', (entry) => replayer.replay(inputOf(entry))),
    on('hindcast.replayKeptRerun', 'Replay the rerun of', (entry) => replayRerun(parts, entry)),
    on('hindcast.showKeptDifference', 'Compare', (entry) => showDifference(parts, entry)),
    on('hindcast.openKept', 'Open', (entry) => vscode.window.showTextDocument(factsOf(entry))),
    on('hindcast.removeKept', 'Remove', (entry) => remove(corpus, entry)),
  );
}

const SAID_MS = 5000;

async function refresh(corpus: Corpus): Promise<void> {
  corpus.refresh();
  const { length: count } = await corpus.list();
  const said = count === 1 ? 'One failure is kept in the corpus' : `${count || 'No'} failures are kept in the corpus`;
  vscode.window.setStatusBarMessage(said, SAID_MS);
}

async function validateAll(parts: CorpusParts): Promise<void> {
  const entries = await parts.corpus.list();
  if (entries.length > 0) return validate(parts, entries);
  void vscode.window.showInformationMessage(
    'The corpus is empty. Keep in Corpus, after a validation, keeps a failure in it.',
  );
}

/** With progress; says at the end how many are as expected. */
async function validate({ tests }: CorpusParts, entries: readonly KeptEntry[]): Promise<void> {
  const found = new Map<KeptEntry, CorpusResult>();
  const title = entries.length === 1 ? `Validating ${entries[0]!.name}` : 'Validating the corpus';
  const isComplete = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const increment = 100 / entries.length;
      await tests.validate(entries, token, (entry, result) => {
        if (result) found.set(entry, result);
        progress.report({ increment, message: `${found.size} of ${entries.length}` });
      });
      return !token.isCancellationRequested;
    },
  );
  if (!isComplete || found.size < entries.length) return;
  await tell(found);
}

async function tell(found: ReadonlyMap<KeptEntry, CorpusResult>): Promise<void> {
  const other = [...found].filter(([, { isExpected }]) => !isExpected);
  const [first] = other;
  if (!first) {
    const what = found.size === 1 ? `${[...found.keys()][0]!.name} is` : `All ${found.size} kept failures are`;
    void vscode.window.showInformationMessage(`${what} as expected.`);
    return;
  }
  const [entry, result] = first;
  const count = found.size === 1 ? '' : `${other.length} of ${found.size} kept failures are not as expected. `;
  const reason = result.reasons[0] ? `: ${result.reasons[0].text}` : '';
  const choice = await vscode.window.showWarningMessage(
    `${count}${entry.name} is ${outcomeOf(entry, result)}${reason}.`,
    'Show Corpus',
  );
  if (choice) await showCorpus();
}

async function replayRerun({ corpus, replayer }: CorpusParts, entry: KeptEntry): Promise<void> {
  const rerun = corpus.resultOf(entry)?.rerun;
  if (rerun) await replayer.replay(rerun);
  else void vscode.window.showInformationMessage(`${entry.name} was not validated here yet.`);
}

async function showDifference({ corpus, difference }: CorpusParts, entry: KeptEntry): Promise<void> {
  const rerun = corpus.resultOf(entry)?.rerun;
  if (!rerun) return void vscode.window.showInformationMessage(`${entry.name} was not validated here yet.`);
  const { facts, name } = entry;
  await difference.show({ failing: inputOf(entry), rerun, case: facts?.case ?? null, title: name });
}

async function remove(corpus: Corpus, { folder, name }: KeptEntry): Promise<void> {
  const choice = await vscode.window.showWarningMessage(
    `Remove ${name} from the corpus?`,
    { modal: true, detail: `Nothing proves any more that it stays fixed.\n${folder}` },
    'Remove',
  );
  if (choice !== 'Remove') return;
  await discard(folder);
  corpus.refresh();
}

async function choose(corpus: Corpus, title: string): Promise<KeptEntry | undefined> {
  const entries = await corpus.list();
  if (entries.length === 0) {
    void vscode.window.showInformationMessage(
      'The corpus is empty. Keep in Corpus, after a validation, keeps a failure in it.',
    );
    return undefined;
  }
  const items = entries.map((entry) => ({ label: entry.name, description: path.basename(entry.folder), entry }));
  const choice = await vscode.window.showQuickPick(items, { title: `${title}: which kept failure?` });
  return choice?.entry;
}
