/** The corpus in the Testing view: kept failures as tests, which pass where their verdict is as expected. */
import * as vscode from 'vscode';
import { isTrusted, saveFiles } from '../validation/validator.ts';
import { locationOf, LOOKS } from '../validation/verdict.ts';
import { factsOf, type Corpus, type CorpusResult, type KeptEntry } from './corpus.ts';

export class CorpusTests implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('hindcast.corpus', 'Hindcast Corpus');
  private readonly profile: vscode.TestRunProfile;
  private readonly entries = new Map<string, KeptEntry>();
  private readonly subscription: vscode.Disposable;
  private isAsked = false;

  constructor(private readonly corpus: Corpus) {
    const { controller } = this;
    this.profile = controller.createRunProfile(
      'Validate',
      vscode.TestRunProfileKind.Run,
      async (request, token) => void (await this.run(request, token)),
      true,
    );
    controller.resolveHandler = async (item) => (item ? undefined : this.list());
    controller.refreshHandler = () => this.list();
    this.subscription = corpus.onDidChange(() => this.isAsked && void this.list());
  }

  /** As the Testing view's Run does, without showing it. What came of each is told as soon as it is known. */
  async validate(
    entries: readonly KeptEntry[],
    token: vscode.CancellationToken,
    tell: (entry: KeptEntry, result: CorpusResult | undefined) => void,
  ): Promise<void> {
    await this.list();
    const items = entries.flatMap(({ folder }) => this.controller.items.get(folder) ?? []);
    await this.run(new vscode.TestRunRequest(items, undefined, this.profile, false, true), token, tell);
  }

  dispose(): void {
    this.subscription.dispose();
    this.controller.dispose();
  }

  private async list(): Promise<void> {
    this.isAsked = true;
    const entries = await this.corpus.list();
    this.entries.clear();
    for (const entry of entries) this.entries.set(entry.folder, entry);
    const { items } = this.controller;
    items.forEach(({ id }) => {
      if (!this.entries.has(id)) items.delete(id);
    });
    for (const entry of entries) {
      const item = items.get(entry.folder) ?? this.controller.createTestItem(entry.folder, entry.name, factsOf(entry));
      item.error = entry.problem;
      if (!items.get(entry.folder)) items.add(item);
    }
  }

  private async run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    tell?: (entry: KeptEntry, result: CorpusResult | undefined) => void,
  ): Promise<void> {
    if (!isTrusted(false)) return;
    await saveFiles();
    const all: vscode.TestItem[] = [];
    const { include, exclude = [] } = request;
    if (include) all.push(...include);
    else this.controller.items.forEach((item) => all.push(item));
    const items = all.filter((item) => !exclude.includes(item));
    const run = this.controller.createTestRun(request, undefined, true);
    const stop = new vscode.CancellationTokenSource();
    const stopped = run.token.onCancellationRequested(() => stop.cancel());
    const cancelled = token.onCancellationRequested(() => stop.cancel());
    try {
      for (const item of items) run.enqueued(item);
      for (const item of items) {
        const entry = this.entries.get(item.id);
        if (stop.token.isCancellationRequested) run.skipped(item);
        if (stop.token.isCancellationRequested || !entry) continue;
        const result = await this.one(run, item, entry, stop.token);
        tell?.(entry, result);
      }
    } finally {
      stopped.dispose();
      cancelled.dispose();
      stop.dispose();
      run.end();
    }
  }

  private async one(
    run: vscode.TestRun,
    item: vscode.TestItem,
    entry: KeptEntry,
    token: vscode.CancellationToken,
  ): Promise<CorpusResult | undefined> {
    run.started(item);
    const begun = performance.now();
    try {
      const result = await this.corpus.validate(entry, token);
      const milliseconds = performance.now() - begun;
      if (result.verdict === null) run.errored(item, messagesOf(entry, result), milliseconds);
      else if (result.isExpected) run.passed(item, milliseconds);
      else run.failed(item, messagesOf(entry, result), milliseconds);
      run.appendOutput(`${outcomeOf(entry, result)}\r\n`, undefined, item);
      return result;
    } catch (error) {
      if (token.isCancellationRequested) run.skipped(item);
      else run.errored(item, new vscode.TestMessage(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }
}

/** `still failing, expected fixed` */
export function outcomeOf({ facts }: KeptEntry, { verdict, isExpected }: CorpusResult): string {
  const found = verdict === null ? 'no verdict' : LOOKS[verdict].title.toLowerCase();
  return isExpected || !facts ? found : `${found}, expected ${LOOKS[facts.expected].title.toLowerCase()}`;
}

/** One for each reason, at its place. */
function messagesOf(entry: KeptEntry, result: CorpusResult): vscode.TestMessage[] {
  const head = outcomeOf(entry, result);
  if (result.reasons.length === 0) return [new vscode.TestMessage(head)];
  return result.reasons.map(({ text, place }) => {
    const message = new vscode.TestMessage(`${head}: ${text}`);
    const location = locationOf(place);
    if (location) message.location = location;
    return message;
  });
}
