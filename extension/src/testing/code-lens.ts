/** Record, Replay and Validate over tests, entry points, what launch configurations start, and the scripts of a package.json. */
import path from 'node:path';
import * as vscode from 'vscode';
import { launchesOf } from '../recording/launch-configurations.ts';
import { shownTime } from '../recordings/shown.ts';
import { LOOKS, verdictOf } from '../validation/verdict.ts';
import type { Verdicts } from '../validation/verdicts.ts';
import type { Outlines } from './outlines.ts';
import type { RecordedTest, RecordedTests } from './recorded-tests.ts';
import { rangeOf } from './test-tree.ts';
import type { Outline } from './workspace/protocol.ts';
import type { ParsedTest, TestReference } from './workspace/test-model.ts';

const LANGUAGES = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];
const SELECTOR: vscode.DocumentSelector = [
  ...LANGUAGES.map((language) => ({ language, scheme: 'file' })),
  { language: 'json', scheme: 'file', pattern: '**/package.json' },
];

export function registerCodeLens(outlines: Outlines, recorded: RecordedTests, verdicts: Verdicts): vscode.Disposable {
  const provider = new RecordLenses(outlines, recorded, verdicts);
  return vscode.Disposable.from(provider, vscode.languages.registerCodeLensProvider(SELECTOR, provider));
}

const PATIENCE_MS = 1000;
/** After the last time. */
const AGAIN_MS = [1500, 3000, 6000, 12_000, 24_000];
const NOTHING: Outline = { project: undefined, tests: [], isEntry: false, scripts: [] };

class RecordLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private again: NodeJS.Timeout | undefined;
  /** what they said last */
  private readonly known = new WeakMap<vscode.TextDocument, Outline>();
  private readonly subscriptions: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly outlines: Outlines,
    private readonly recorded: RecordedTests,
    private readonly verdicts: Verdicts,
  ) {
    this.subscriptions = vscode.Disposable.from(
      recorded.onDidChange(() => this.tell()),
      verdicts.onDidChange(() => this.tell()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('hindcast.codeLens') || event.affectsConfiguration('launch')) this.tell();
      }),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const file = document.uri.fsPath;
    const isOn = vscode.workspace.getConfiguration('hindcast', document.uri).get<boolean>('codeLens') !== false;
    if (!isOn || file.split(path.sep).includes('node_modules')) return [];
    try {
      const { tests, isEntry, scripts } = await this.outlineOf(document);
      return [
        ...(isEntry ? [lens(topOf(0), `$(record)${GAP}Record this file`, 'hindcast.recordFile', document.uri)] : []),
        ...launchesOf(file).map(({ name }) =>
          lens(topOf(0), `$(record)${GAP}Record “${name}”`, 'hindcast.recordLaunch', document.uri, name),
        ),
        ...scripts.map(({ name, line }) =>
          lens(topOf(line), `$(record)${GAP}Record`, 'hindcast.recordScript', document.uri, name),
        ),
        ...this.lensesOf(tests, { file, ids: [] }),
      ];
    } catch {
      // The service is gone: without it there are no links, and the next change asks again.
      return [];
    }
  }

  /** The editor forgets to ask where it loses the keyboard just then: it is told again, ever more seldom. */
  private tell(times = 0): void {
    this.changed.fire();
    clearTimeout(this.again);
    const wait = AGAIN_MS[times];
    if (wait !== undefined) this.again = setTimeout(() => this.tell(times + 1), wait);
  }

  dispose(): void {
    clearTimeout(this.again);
    this.subscriptions.dispose();
    this.changed.dispose();
  }

  /** The editor asks the later for links the longer it once waited for them: what is not there soon comes by itself. */
  private async outlineOf(document: vscode.TextDocument): Promise<Outline> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), PATIENCE_MS)));
    const asked = this.outlines.ofDocument(document);
    const outline = await Promise.race([asked, patience]).finally(() => clearTimeout(timer));
    if (outline) {
      this.known.set(document, outline);
      return outline;
    }
    void asked.then(
      () => this.changed.fire(),
      () => undefined,
    );
    return this.known.get(document) ?? NOTHING;
  }

  private lensesOf(tests: readonly ParsedTest[], above: TestReference): readonly vscode.CodeLens[] {
    return tests.flatMap((test) => {
      const reference = { file: above.file, ids: [...above.ids, test.id] };
      const range = rangeOf(test.range);
      const found = this.recorded.of(reference);
      return [
        lens(range, `$(record)${GAP}Record`, 'hindcast.recordTest', reference),
        ...(found ? [lens(range, replayTitle(found), 'hindcast.replayTest', reference)] : []),
        ...(found && found.outcome !== 'passed' ? this.proofOf(found, range) : []),
        ...this.lensesOf(test.children, reference),
      ];
    });
  }

  /** Of a test that failed: Validate, and what came of it last. */
  private proofOf({ recording, name }: RecordedTest, range: vscode.Range): readonly vscode.CodeLens[] {
    const target = { recording, ...(name === undefined ? {} : { case: name }) };
    if (this.verdicts.isRunning(recording))
      return [lens(range, `$(loading~spin)${GAP}Validating…`, 'hindcast.cancelValidation', target)];
    const verdict = this.verdicts.of(recording);
    const validate = lens(range, `$(verified)${GAP}Validate`, 'hindcast.validate', target);
    if (!verdict) return [validate];
    const { title, icon } = LOOKS[verdictOf(verdict, name).verdict];
    const when = `${shownTime(verdict.at)}${verdict.isOld ? ', before the last edit' : ''}`;
    return [validate, lens(range, `$(${icon})${GAP}${title} (${when})`, 'hindcast.showVerdict', target)];
  }
}

/** The editor gives an icon no room, and takes away a plain space. */
const GAP = '\u00a0';

const OUTCOMES: Readonly<Record<RecordedTest['outcome'], string>> = {
  passed: `$(pass)${GAP}Replay (passed)`,
  failed: `$(error)${GAP}Replay (failed)`,
  timedOut: `$(error)${GAP}Replay (timed out)`,
  unfinished: `$(warning)${GAP}Replay (did not end)`,
};

function replayTitle({ outcome }: RecordedTest): string {
  return OUTCOMES[outcome];
}

function topOf(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 0);
}

function lens(range: vscode.Range, title: string, command: string, ...args: readonly unknown[]): vscode.CodeLens {
  return new vscode.CodeLens(range, { title, command, arguments: [...args] });
}
