/** Records tests, and tells the Testing view what came of them. */
import type * as vscode from 'vscode';
import { QUICK_MS } from '../recording/progress.ts';
import type { Recorded, Recorder } from '../recording/record.ts';
import type { RecordedFailure } from '../recording/recording-info.ts';
import type { MessageLines } from './message-lines.ts';
import type { Outlines } from './outlines.ts';
import type { RecordedTests } from './recorded-tests.ts';
import type { TestFiles } from './test-files.ts';
import { isWithin, selectionsOf, type RunSelection } from './run-selections.ts';
import { tellDeath, tellError, tellTests } from './tell-results.ts';
import { failureOf, summaryOf, type FoundTest } from './test-results.ts';
import type { TestTree } from './test-tree.ts';
import { testsOfCases, type KnownFile } from './workspace/case-results.ts';
import type { WorkspaceService } from './workspace/service-client.ts';
import type { Selection, TestCommand } from './workspace/test-model.ts';

export interface TestRecorderParts {
  readonly controller: vscode.TestController;
  readonly service: WorkspaceService;
  readonly outlines: Outlines;
  readonly tree: TestTree;
  readonly files: TestFiles;
  readonly recorder: Recorder;
  readonly recorded: RecordedTests;
  readonly lines: MessageLines;
  /** what a recorded command wrote in its terminal, where that is known */
  outputOf(recorded: Recorded): Promise<string | undefined>;
}

/** A recording that was made, and its first failure of the tests that were meant. */
export interface RecordedRun {
  readonly recorded: Recorded;
  readonly failure: RecordedFailure | undefined;
}

/** One run of the Testing view. */
interface Run {
  readonly test: vscode.TestRun;
  /** shows the terminal */
  readonly reveal: boolean;
  readonly made: RecordedRun[];
  /** what is told after the results, and after what the user waits for */
  readonly later: (() => Promise<void>)[];
}

export class TestRecorder {
  constructor(private readonly parts: TestRecorderParts) {}

  /**
   * Resolves when all is recorded, its results are told, and `next` is done, which gets what was recorded; output may
   * follow. `reveal`: shows the terminal.
   */
  async run(
    request: vscode.TestRunRequest,
    reveal: boolean,
    next?: (made: readonly RecordedRun[]) => Promise<void>,
  ): Promise<void> {
    const { controller, tree, files } = this.parts;
    if (selectionsOf(tree, request).length === 0) return;
    const test = controller.createTestRun(request, undefined, true);
    const cancelled = test.token.onCancellationRequested(() => test.end());
    const run: Run = { test, reveal, made: [], later: [] };
    try {
      if (!request.include) await files.listOuter(test.token);
      const selections = selectionsOf(tree, request);
      for (const { items } of selections) {
        for (const item of items) await this.resolve(item);
        eachTest(tree, items, undefined, (each) => test.enqueued(each));
      }
      for (const selection of selections) await this.recordSelection(run, selection);
      await next?.(run.made);
    } finally {
      void Promise.allSettled(run.later.map((tell) => tell())).then(() => {
        cancelled.dispose();
        test.end();
      });
    }
  }

  private async recordSelection(run: Run, { selection, items }: RunSelection): Promise<void> {
    const { service, tree } = this.parts;
    const { token } = run.test;
    try {
      const siblings = tree.filesOf(selection.project);
      const commands = await service.ask('commands', { selection, siblings }, token);
      for (const command of commands) if (!token.isCancellationRequested) await this.recordCommand(run, command, items);
    } catch (error) {
      if (!token.isCancellationRequested) tellError(run.test, items, error);
    }
  }

  private async recordCommand(run: Run, command: TestCommand, items: readonly vscode.TestItem[]): Promise<void> {
    const { tree, recorder, lines } = this.parts;
    const { test, reveal } = run;
    const { title, cwd, env, selection } = command;
    const each = (action: (item: vscode.TestItem) => void): void => eachTest(tree, items, selection, action);
    // The signs of a running test turn, which costs the program that runs beside them.
    const slow = setTimeout(() => each((item) => test.started(item)), QUICK_MS);
    test.appendOutput(`$ ${command.command.map(shown).join(' ')}\r\n`);
    const recorded = await recorder
      .record({ title, command: command.command, cwd, env, reveal, run: test, token: test.token })
      .finally(() => clearTimeout(slow));
    if (test.token.isCancellationRequested) return;
    if (!recorded) {
      each((item) => test.skipped(item));
      return;
    }
    // Runners tell of every test that a pattern left out; those keep the results that they had.
    const found = (await this.testsIn(recorded, selection)).filter(
      (of) => of.found.outcome !== 'skipped' || items.some((item) => item === of.item || isWithin(of.item, item)),
    );
    this.note(recorded, found);
    const results = { run: test, lines };
    const told = tellTests(results, recorded, found);
    each((item) => {
      if (told.has(item)) return;
      lines.set(item, undefined);
      test.skipped(item);
    });
    if (selection.tests) tellDeath(results, recorded, found, meant(tree, items, selection));
    const failed = found.flatMap(({ found: of }) => failureOf(recorded, of) ?? []);
    run.made.push({ recorded, failure: failed[0] ?? recorded.info.failures.find((failure) => !failure.case) });
    run.later.push(() => this.tellOutput(test, recorded, found));
  }

  private async tellOutput(test: vscode.TestRun, recorded: Recorded, found: readonly FoundTest[]): Promise<void> {
    const output = (await this.parts.outputOf(recorded)) ?? summaryOf(recorded, found);
    test.appendOutput(`${output}recording: ${recorded.path}\r\n\r\n`);
  }

  /** The tests of the recording's cases; items are made for those that nobody knew. */
  private async testsIn({ info }: Recorded, selection: Selection): Promise<readonly FoundTest[]> {
    const { tree } = this.parts;
    const named = info.cases.map(({ file }) => file).filter((file) => file !== '');
    const files = new Set([...named, ...(selection.tests ?? []).map(({ file }) => file)]);
    const known: KnownFile[] = [];
    for (const file of files) {
      const parsed = await this.parsed(file);
      if (parsed) known.push(parsed);
    }
    return testsOfCases(info.cases, known).flatMap((each) => {
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

  private note(recorded: Recorded, found: readonly FoundTest[]): void {
    this.parts.recorded.note(
      found.flatMap(({ reference, found: of }) => {
        const { name, outcome, stream, first, last } = of;
        if (outcome === 'skipped') return [];
        const failure = failureOf(recorded, of)?.moment;
        const test = { recording: recorded.path, name, outcome, stream, first, last: last ?? first };
        return [[reference, failure === undefined ? test : { ...test, failure }] as const];
      }),
    );
  }

  /** Reads a file that nobody has looked into. */
  private async resolve(item: vscode.TestItem): Promise<void> {
    const node = this.parts.tree.nodeOf(item);
    if (node?.kind === 'file' && item.children.size === 0) await this.parsed(node.reference.file);
  }
}

/**
 * The tests in items, of the files of a selection. What is around them gets its state from them, and so does a table whose
 * rows are not known yet.
 */
function eachTest(
  tree: TestTree,
  items: readonly vscode.TestItem[],
  selection: Selection | undefined,
  action: (test: vscode.TestItem) => void,
): void {
  const visit = (item: vscode.TestItem): void => {
    const node = tree.nodeOf(item);
    const isTest = node?.kind === 'test' || node?.kind === 'row';
    if (isTest && item.children.size === 0 && isMeant(node.reference.file, selection)) action(item);
    item.children.forEach(visit);
  };
  items.forEach(visit);
}

/** Of the items of a run, those that one of its commands ran. */
function meant(tree: TestTree, items: readonly vscode.TestItem[], selection: Selection): readonly vscode.TestItem[] {
  return items.filter((item) => {
    const node = tree.nodeOf(item);
    return node && 'reference' in node && isMeant(node.reference.file, selection);
  });
}

function isMeant(file: string, selection: Selection | undefined): boolean {
  return !selection?.tests || selection.tests.some((test) => test.file === file);
}

/** As one would type it. */
function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
