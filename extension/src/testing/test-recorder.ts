/** Records tests, and tells the Testing view what came of them. */
import * as vscode from 'vscode';
import type { Recorded, Recorder } from '../recording/record.ts';
import type { RecordedFailure } from '../recording/recording-info.ts';
import type { Outlines } from './outlines.ts';
import type { RecordedTests } from './recorded-tests.ts';
import { selectionsOf, type RunSelection } from './run-selections.ts';
import {
  failureOf,
  messageOf,
  momentOf,
  showResult,
  summaryOf,
  type FoundTest,
  type TracedFailure,
} from './test-results.ts';
import type { TestTree } from './test-tree.ts';
import { testsOfCases, type KnownFile } from './workspace/case-results.ts';
import type { WorkspaceService } from './workspace/service-client.ts';
import type { TestCommand } from './workspace/test-model.ts';

export interface TestRecorderParts {
  readonly controller: vscode.TestController;
  readonly service: WorkspaceService;
  readonly outlines: Outlines;
  readonly tree: TestTree;
  readonly recorder: Recorder;
  readonly recorded: RecordedTests;
  /** what a recorded command wrote in its terminal, where that is known */
  outputOf(recorded: Recorded): Promise<string | undefined>;
}

/** A recording that was made, and its first failure of the tests that were meant. */
export interface RecordedRun {
  readonly recorded: Recorded;
  readonly failure: RecordedFailure | undefined;
}

export class TestRecorder {
  constructor(private readonly parts: TestRecorderParts) {}

  /** Resolves when all is recorded and told. `reveal`: shows the terminal. */
  async run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    reveal: boolean,
  ): Promise<readonly RecordedRun[]> {
    const { controller, tree } = this.parts;
    const selections = selectionsOf(tree, request);
    if (selections.length === 0) return [];
    const run = controller.createTestRun(request, undefined, true);
    const cancelled = vscode.Disposable.from(
      token.onCancellationRequested(() => run.end()),
      run.token.onCancellationRequested(() => run.end()),
    );
    const runs: RecordedRun[] = [];
    try {
      for (const { items } of selections) {
        for (const item of items) {
          await this.resolve(item);
          this.eachTest(item, (test) => run.enqueued(test));
        }
      }
      for (const selection of selections) runs.push(...(await this.recordSelection(run, selection, reveal, run.token)));
    } finally {
      cancelled.dispose();
      run.end();
    }
    return runs;
  }

  private async recordSelection(
    run: vscode.TestRun,
    { selection, items }: RunSelection,
    reveal: boolean,
    token: vscode.CancellationToken,
  ): Promise<readonly RecordedRun[]> {
    const { service, tree } = this.parts;
    const runs: RecordedRun[] = [];
    try {
      const siblings = tree.filesOf(selection.project);
      const commands = await service.ask('commands', { selection, siblings }, token);
      for (const item of items) this.eachTest(item, (test) => run.started(test));
      for (const command of commands) {
        if (token.isCancellationRequested) break;
        const made = await this.recordCommand(run, command, items, reveal, token);
        if (made) runs.push(made);
      }
    } catch (error) {
      if (!token.isCancellationRequested) this.tellError(run, items, error);
    }
    return runs;
  }

  private async recordCommand(
    run: vscode.TestRun,
    { title, command, cwd, env, selection }: TestCommand,
    items: readonly vscode.TestItem[],
    reveal: boolean,
    token: vscode.CancellationToken,
  ): Promise<RecordedRun | undefined> {
    run.appendOutput(`$ ${command.map(shown).join(' ')}\r\n`);
    const recorded = await this.parts.recorder.record({ title, command, cwd, env, reveal, token });
    if (!recorded) {
      if (!token.isCancellationRequested) for (const item of items) this.eachTest(item, (test) => run.skipped(test));
      return undefined;
    }
    const found = await this.testsIn(recorded, selection);
    this.tell(run, recorded, found, items, selection.tests ? undefined : cwd);
    run.appendOutput((await this.parts.outputOf(recorded)) ?? summaryOf(recorded, found));
    run.appendOutput(`recording: ${recorded.path}\r\n\r\n`);
    const [first] = found.flatMap((test) => failureOf(recorded, test.found) ?? []);
    return { recorded, failure: first ?? recorded.info.failures.find((each) => !each.case) };
  }

  /** The tests of the recording's cases; items are made for those that nobody knew. */
  private async testsIn(recorded: Recorded, selection: TestCommand['selection']): Promise<readonly FoundTest[]> {
    const { tree } = this.parts;
    const named = recorded.info.cases.map(({ file }) => file).filter((file) => file !== '');
    const files = new Set([...named, ...(selection.tests ?? []).map(({ file }) => file)]);
    const known: KnownFile[] = [];
    for (const file of files) {
      const parsed = await this.parsed(file);
      if (parsed) known.push(parsed);
    }
    return testsOfCases(recorded.info.cases, known).flatMap((each) => {
      const { reference, label } = each;
      const item = label === undefined ? tree.find(reference) : tree.rowItem(reference, label);
      return item ? [{ ...each, item }] : [];
    });
  }

  private async parsed(file: string): Promise<KnownFile | undefined> {
    const { outlines, tree } = this.parts;
    try {
      const { project, tests } = await outlines.ofFile(file);
      if (!project) return undefined;
      tree.setTests(project, file, tests);
      return { file, runner: project.runner, tests };
    } catch {
      // A file that is not there any more, or a helper that calls `it` and is no test file.
      return undefined;
    }
  }

  private tell(
    run: vscode.TestRun,
    recorded: Recorded,
    found: readonly FoundTest[],
    items: readonly vscode.TestItem[],
    whole: string | undefined,
  ): void {
    this.parts.recorded.note(
      found.map(({ reference, found: each }) => {
        const moment = momentOf(each, failureOf(recorded, each));
        return [reference, { recording: recorded.path, moment, outcome: each.outcome }] as const;
      }),
    );
    const told = new Map<vscode.TestItem, FoundTest>();
    // Of several cases of a test (projects, repetitions) a failure counts.
    for (const test of found) if (!isFailed(told.get(test.item))) told.set(test.item, test);
    for (const test of told.values()) showResult(run, test, failureOf(recorded, test.found));
    for (const item of items) {
      this.eachTest(item, (test) => {
        if (!told.has(test)) run.skipped(test);
      });
    }
    const ran = found.some(({ found: { outcome } }) => outcome !== 'skipped');
    const outside = recorded.info.failures.find((failure) => !failure.case);
    if (outside || (!ran && recorded.exitCode !== 0)) this.tellDeath(run, recorded, outside, items, whole);
  }

  /** What went wrong outside of any test: the file cannot be loaded, a runner that found nothing. */
  private tellDeath(
    run: vscode.TestRun,
    { exitCode }: Recorded,
    failure: TracedFailure | undefined,
    items: readonly vscode.TestItem[],
    whole: string | undefined,
  ): void {
    const message = failure
      ? messageOf(failure)
      : new vscode.TestMessage(
          `No test ran, and the runner exited with code ${exitCode ?? 'unknown'}. Its words are in the terminal.`,
        );
    run.appendOutput(`${String(message.message).replaceAll(/\r?\n/g, '\r\n')}\r\n`);
    if (whole === undefined) for (const item of items) run.errored(item, message);
  }

  private tellError(run: vscode.TestRun, items: readonly vscode.TestItem[], error: unknown): void {
    const sentence = error instanceof Error ? error.message : String(error);
    for (const item of items) run.errored(item, new vscode.TestMessage(sentence));
    run.appendOutput(`${sentence.replaceAll(/\r?\n/g, '\r\n')}\r\n`);
  }

  /** Tests alone: what is around them gets its state from them. */
  private eachTest(item: vscode.TestItem, action: (test: vscode.TestItem) => void): void {
    eachLeaf(item, (leaf) => {
      const kind = this.parts.tree.nodeOf(leaf)?.kind;
      if (kind === 'test' || kind === 'row') action(leaf);
    });
  }

  /** The tests of a file that nobody has looked into. */
  private async resolve(item: vscode.TestItem): Promise<void> {
    const node = this.parts.tree.nodeOf(item);
    if (node?.kind === 'file' && item.children.size === 0) await this.parsed(node.reference.file);
  }
}

function eachLeaf(item: vscode.TestItem, action: (leaf: vscode.TestItem) => void): void {
  if (item.children.size === 0) action(item);
  else item.children.forEach((child) => eachLeaf(child, action));
}

function isFailed(test: FoundTest | undefined): boolean {
  return test?.found.outcome === 'failed' || test?.found.outcome === 'timedOut';
}

/** As one would type it. */
function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
