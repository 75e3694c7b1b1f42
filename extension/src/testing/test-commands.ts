/**
 * `hindcast.recordTest` and `hindcast.replayTest`: from links over tests, from the menus of the Testing view, and from the palette
 * of the test around the cursor.
 */
import * as vscode from 'vscode';
import type { Replayer } from '../replay/replayer.ts';
import type { Outlines } from './outlines.ts';
import type { RecordedTest, RecordedTests } from './recorded-tests.ts';
import type { RecordedRun, TestRecorder } from './test-recorder.ts';
import { rangeOf, type TestTree } from './test-tree.ts';
import type { TestView } from './test-view.ts';
import type { ParsedTest, TestReference } from './workspace/test-model.ts';

export interface TestCommandParts {
  readonly outlines: Outlines;
  readonly view: TestView;
  readonly tree: TestTree;
  readonly recorder: TestRecorder;
  readonly replayer: Replayer;
  readonly recorded: RecordedTests;
  /** where a replay of a test begins: STREAM:NUMBER */
  beginOf(test: RecordedTest, file: string): Promise<string>;
}

export function registerTestCommands(parts: TestCommandParts): vscode.Disposable {
  const on = (command: string, act: (parts: TestCommandParts, argument: unknown) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(command, async (given: unknown) => {
      const argument = given ?? (await atCursor(parts.outlines));
      if (argument !== undefined) return act(parts, argument);
      void vscode.window.showInformationMessage('Open a file of tests, and put the cursor into one of them first.');
    });
  return vscode.Disposable.from(on('hindcast.recordTest', recordTest), on('hindcast.replayTest', replayTest));
}

/** The innermost test or suite around the cursor. */
async function atCursor(outlines: Outlines): Promise<TestReference | undefined> {
  const { document, selection } = vscode.window.activeTextEditor ?? {};
  if (!document || !selection || document.uri.scheme !== 'file') return undefined;
  const outline = await outlines.ofDocument(document).catch(() => undefined);
  const ids = outline ? around(outline.tests, selection.active) : [];
  return ids.length > 0 ? { file: document.uri.fsPath, ids } : undefined;
}

/** Their ids, from the outermost on; none where the position is in no test. */
function around(tests: readonly ParsedTest[], position: vscode.Position): readonly string[] {
  const found = tests.find(({ range }) => rangeOf(range).contains(position));
  return found ? [found.id, ...around(found.children, position)] : [];
}

async function recordTest(parts: TestCommandParts, argument: unknown): Promise<void> {
  const item = await itemOf(parts, argument);
  if (!item) {
    void vscode.window.showErrorMessage('The test is not in its file any more.');
    return;
  }
  await parts.recorder.run(new vscode.TestRunRequest([item]), true, (runs) => replayFailure(parts.replayer, runs));
}

async function replayFailure(replayer: Replayer, runs: readonly RecordedRun[]): Promise<void> {
  if (vscode.workspace.getConfiguration('hindcast').get<boolean>('replayOnFailure') === false) return;
  const failed = runs.find(({ failure }) => failure);
  if (!failed?.failure) return;
  const { stream, moment } = failed.failure;
  await replayer.replay(failed.recorded.path, { moment: `${stream}:${moment}` });
}

async function replayTest(parts: TestCommandParts, argument: unknown): Promise<void> {
  const { tree, recorded, replayer, beginOf } = parts;
  const reference = isReference(argument) ? argument : referenceOf(tree, testItemOf(argument));
  const found = reference && recorded.of(reference);
  if (found) {
    await replayer.replay(found.recording, { moment: await beginOf(found, reference.file) });
    return;
  }
  const choice = await vscode.window.showInformationMessage('There is no recording of this test.', 'Record');
  if (choice) await recordTest(parts, argument);
}

/** Saves the file, so that what runs is what the editor shows. */
async function itemOf({ view }: TestCommandParts, argument: unknown): Promise<vscode.TestItem | undefined> {
  const item = testItemOf(argument);
  const file = item?.uri?.fsPath ?? (isReference(argument) ? argument.file : undefined);
  const document = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === file);
  await document?.save();
  return item ?? (isReference(argument) ? view.itemFor(argument) : undefined);
}

function referenceOf(tree: TestTree, item: vscode.TestItem | undefined): TestReference | undefined {
  const node = item && tree.nodeOf(item);
  return node && 'reference' in node ? node.reference : undefined;
}

/** What menus give: the item, or an object with it and the message. */
function testItemOf(argument: unknown): vscode.TestItem | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('test' in argument) return testItemOf(argument.test);
  return 'children' in argument && 'uri' in argument ? (argument as vscode.TestItem) : undefined;
}

function isReference(argument: unknown): argument is TestReference {
  return typeof argument === 'object' && argument !== null && 'file' in argument && 'ids' in argument;
}
