/** Record and Replay over tests, entry points, and the scripts of a package.json. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Outlines } from './outlines.ts';
import type { RecordedTest, RecordedTests } from './recorded-tests.ts';
import { rangeOf } from './test-tree.ts';
import type { ParsedTest, TestReference } from './workspace/test-model.ts';

const LANGUAGES = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];
const SELECTOR: vscode.DocumentSelector = [
  ...LANGUAGES.map((language) => ({ language, scheme: 'file' })),
  { language: 'json', scheme: 'file', pattern: '**/package.json' },
];

export function registerCodeLens(outlines: Outlines, recorded: RecordedTests): vscode.Disposable {
  const provider = new RecordLenses(outlines, recorded);
  return vscode.Disposable.from(provider, vscode.languages.registerCodeLensProvider(SELECTOR, provider));
}

class RecordLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly outlines: Outlines,
    private readonly recorded: RecordedTests,
  ) {
    this.subscriptions = vscode.Disposable.from(
      recorded.onDidChange(() => this.changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('hindcast.codeLens')) this.changed.fire();
      }),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const file = document.uri.fsPath;
    const isOn = vscode.workspace.getConfiguration('hindcast', document.uri).get<boolean>('codeLens') !== false;
    if (!isOn || file.split(path.sep).includes('node_modules')) return [];
    try {
      const { tests, isEntry, scripts } = await this.outlines.ofDocument(document);
      return [
        ...(isEntry ? [lens(topOf(0), `$(record)${GAP}Record this file`, 'hindcast.recordFile', document.uri)] : []),
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

  dispose(): void {
    this.subscriptions.dispose();
    this.changed.dispose();
  }

  private lensesOf(tests: readonly ParsedTest[], above: TestReference): readonly vscode.CodeLens[] {
    return tests.flatMap((test) => {
      const reference = { file: above.file, ids: [...above.ids, test.id] };
      const range = rangeOf(test.range);
      const found = this.recorded.of(reference);
      return [
        lens(range, `$(record)${GAP}Record`, 'hindcast.recordTest', reference),
        ...(found ? [lens(range, replayTitle(found), 'hindcast.replayTest', reference)] : []),
        ...this.lensesOf(test.children, reference),
      ];
    });
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
