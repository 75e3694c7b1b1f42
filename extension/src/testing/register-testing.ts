/** Tests in the editor: the Testing view, and links over tests. Its parts meet here. */
import path from 'node:path';
import * as vscode from 'vscode';
import { Installation } from '../installation.ts';
import type { Recorder } from '../recording/record.ts';
import type { Replayer } from '../replay/replayer.ts';
import type { Verdicts } from '../validation/verdicts.ts';
import { BackgroundWarming } from './background-warming.ts';
import { registerCodeLens } from './code-lens.ts';
import type { MessageLines } from './message-lines.ts';
import { Outlines } from './outlines.ts';
import { beginOf } from './replay-begin.ts';
import { outputOf } from './program-output.ts';
import { RecordedTests } from './recorded-tests.ts';
import { registerTestCommands } from './test-commands.ts';
import { TestFiles } from './test-files.ts';
import { TestRecorder } from './test-recorder.ts';
import { TestTree } from './test-tree.ts';
import { TestView } from './test-view.ts';
import { WorkspaceService } from './workspace/service-client.ts';

export interface TestingParts {
  readonly recorder: Recorder;
  readonly replayer: Replayer;
  readonly verdicts: Verdicts;
  readonly lines: MessageLines;
}

/** What is not needed at once begins after this time. */
const LATER_MS = 1000;

export function registerTesting(
  { extensionPath, workspaceState }: vscode.ExtensionContext,
  { recorder, replayer, verdicts, lines }: TestingParts,
): vscode.Disposable {
  const installation = new Installation(extensionPath);
  const service = new WorkspaceService(path.join(extensionPath, 'extension', 'dist', 'workspace-service.cjs'));
  const controller = vscode.tests.createTestController('hindcast', 'Hindcast');
  const tree = new TestTree(controller);
  const files = new TestFiles(service, tree);
  const outlines = new Outlines(service);
  const recorded = new RecordedTests(workspaceState);
  const testRecorder = new TestRecorder({
    controller,
    service,
    outlines,
    tree,
    files,
    recorder,
    recorded,
    lines,
    outputOf: (made) => outputOf(installation, made),
  });
  const view = new TestView({ controller, service, outlines, tree, files, recorder: testRecorder });
  const later = setTimeout(() => view.showOpenFiles(), LATER_MS);
  return vscode.Disposable.from(
    service,
    controller,
    recorded,
    view,
    new BackgroundWarming((...args) => installation.reader('warm', '--stdin', ...args), recorder),
    registerCodeLens(outlines, recorded, verdicts),
    registerTestCommands({
      outlines,
      view,
      tree,
      recorder: testRecorder,
      replayer,
      recorded,
      beginOf: (test, file) => beginOf(installation, test, file),
    }),
    { dispose: () => clearTimeout(later) },
  );
}
