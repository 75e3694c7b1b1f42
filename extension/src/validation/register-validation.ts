/** The proof of fixes in the editor: its parts meet here. */
import * as vscode from 'vscode';
import { Corpus } from '../corpus/corpus.ts';
import { registerCorpusCommands } from '../corpus/corpus-commands.ts';
import { CorpusTests } from '../corpus/corpus-tests.ts';
import { CorpusTree } from '../corpus/corpus-view.ts';
import type { Installation } from '../installation.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Replayer } from '../replay/replayer.ts';
import { Confirmations, type ConfirmRequest } from './confirmations.ts';
import { DifferencePage } from './difference-page.ts';
import { Targets } from './targets.ts';
import { registerValidateCommands } from './validate-commands.ts';
import { ValidateOnSave } from './validate-on-save.ts';
import { Validator } from './validator.ts';
import { VerdictReports } from './verdict-reports.ts';
import { Verdicts } from './verdicts.ts';
import { registerWhatIf } from './what-if.ts';

/** What else shows verdicts, and kept failures. */
export class Validation implements vscode.Disposable {
  readonly verdicts: Verdicts;
  readonly validator: Validator;
  readonly corpus: Corpus;
  readonly targets: Targets;
  readonly confirmations: Confirmations;

  constructor(
    installation: Installation,
    readonly recordings: Recordings,
    state: vscode.Memento,
  ) {
    this.verdicts = new Verdicts(state);
    this.validator = new Validator(installation, this.verdicts);
    this.corpus = new Corpus(installation, state);
    this.targets = new Targets(recordings);
    this.confirmations = new Confirmations(installation, recordings, this.targets);
  }

  dispose(): void {
    this.validator.dispose();
    this.verdicts.dispose();
    this.corpus.dispose();
    this.confirmations.dispose();
  }
}

export interface ValidationParts {
  readonly validation: Validation;
  readonly installation: Installation;
  readonly replayer: Replayer;
  /** whether somebody sees the verdict on that recording in the panel */
  isSeen(recording: string): boolean;
}

export function registerValidation(extensionUri: vscode.Uri, parts: ValidationParts): vscode.Disposable {
  const { validation, installation, replayer, isSeen } = parts;
  const { corpus, recordings, targets, validator, verdicts } = validation;
  const difference = new DifferencePage(extensionUri, installation);
  const tree = new CorpusTree(corpus);
  const tests = new CorpusTests(corpus);
  return vscode.Disposable.from(
    difference,
    tree,
    tests,
    vscode.window.createTreeView('hindcast.corpus', { treeDataProvider: tree, showCollapseAll: true }),
    new VerdictReports({ validator, verdicts, corpus, isSeen }),
    new ValidateOnSave({ recordings, targets, validator, verdicts }),
    registerValidateCommands({ targets, validator, verdicts, difference, corpus, replayer }),
    vscode.commands.registerCommand('hindcast.confirm', (request: ConfirmRequest) =>
      validation.confirmations.confirm(request),
    ),
    registerWhatIf({ installation, recordings, targets, difference }),
    registerCorpusCommands({ corpus, tests, difference, replayer }),
  );
}
