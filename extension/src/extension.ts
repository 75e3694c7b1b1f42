/** Builds the extension's parts and ties them together. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { PickedRecording } from '../../webview-ui/src/messages.ts';
import { registerFirstUse } from './first-use.ts';
import { Installation } from './installation.ts';
import { registerOperations } from './operations/register-operations.ts';
import { registerPanels } from './panels/panel-view.ts';
import { chooseCommand, recordFile, recordLaunch, recordScript } from './recording/choose-command.ts';
import { FailureReports } from './recording/failure-reports.ts';
import { TaskRecorder, type RecordRequest } from './recording/record.ts';
import { Recordings } from './recordings/recordings.ts';
import { chooseRecording, registerRecordingCommands } from './recordings/recording-commands.ts';
import { EDITOR_TYPE, RecordingEditor } from './recordings/recording-editor.ts';
import { RecordingsTree } from './recordings/recordings-view.ts';
import { registerDebugType } from './replay/debug-adapter.ts';
import { registerInlineValues } from './replay/inline-values.ts';
import { LineCounts } from './replay/line-counts.ts';
import { MomentStatus } from './replay/moment-status.ts';
import { OtherWindow } from './replay/other-window.ts';
import { FirstPanels } from './replay/first-panels.ts';
import { ReadyAdapter } from './replay/ready-adapter.ts';
import { DebugReplayer } from './replay/replayer.ts';
import { ShownStops } from './replay/shown-stops.ts';
import { SliceView } from './replay/slice-view.ts';
import { registerTravel } from './replay/travel-commands.ts';
import { MessageLines } from './testing/message-lines.ts';
import { registerTesting } from './testing/register-testing.ts';
import { registerValidation, Validation } from './validation/register-validation.ts';

export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions, extensionPath, extensionUri } = context;
  const installation = new Installation(extensionPath);
  const stops = new ShownStops();
  const firstPanels = new FirstPanels();
  const replayer = new DebugReplayer(stops, installation, new OtherWindow(context), firstPanels);
  const recorder = new TaskRecorder(installation);
  const ready = new ReadyAdapter(installation);
  const lines = new MessageLines();
  const storage = context.storageUri ?? context.globalStorageUri;
  const recordings = new Recordings(installation, path.join(storage.fsPath, 'recordings'));
  const validation = new Validation(installation, recordings, context.workspaceState);
  const { verdicts } = validation;
  const reports = new FailureReports(replayer, verdicts);
  const tree = new RecordingsTree(recordings, verdicts);
  const newest = (folder: vscode.WorkspaceFolder | undefined) => recordings.newest(folder);

  /** Records, and stands at the failure where the settings say so; else asks. */
  const recordAndTell = async (request: RecordRequest | undefined): Promise<void> => {
    const recorded = request && (await recorder.record(request));
    if (!recorded) return;
    const replays = vscode.workspace.getConfiguration('hindcast').get<boolean>('replayOnFailure') !== false;
    if (replays && recorded.info.failures.length > 0) await replayer.replay(recorded.path);
    else await reports.ask(recorded);
  };

  subscriptions.push(
    recorder,
    recordings,
    validation,
    reports,
    tree,
    ready,
    recorder.onDidFail((folder) => ready.prepare(folder)),
    recorder.onDidRecord((recorded) => {
      reports.show(recorded);
      recordings.learn(recorded.info);
      void recordings.tidyBelow();
    }),
    registerDebugType({ installation, recorder, ready, newest }),
    registerFirstUse(context),
    registerTravel(),
    registerInlineValues(stops, lines),
    new LineCounts(),
    new SliceView(),
    stops,
    firstPanels,
    new MomentStatus(recorder, stops),
    registerRecordingCommands({ installation, recordings, tree, replayer }),
    showRecordings(recordings, tree),
    vscode.window.registerCustomEditorProvider(EDITOR_TYPE, new RecordingEditor(extensionUri, installation, replayer)),
    vscode.commands.registerCommand('hindcast.record', async () => recordAndTell(await chooseCommand())),
    vscode.commands.registerCommand('hindcast.recordFile', async (given?: vscode.Uri) => {
      const file = given ?? vscode.window.activeTextEditor?.document.uri;
      if (file?.scheme === 'file') await recordAndTell(recordFile(file.fsPath));
      else void vscode.window.showInformationMessage('Open a JavaScript or TypeScript file first.');
    }),
    vscode.commands.registerCommand('hindcast.recordScript', (packageFile: vscode.Uri, script: string) =>
      recordAndTell(recordScript(packageFile.fsPath, script)),
    ),
    vscode.commands.registerCommand('hindcast.recordLaunch', (program: vscode.Uri, name: string) =>
      recordAndTell(recordLaunch(program.fsPath, name)),
    ),
    registerOperations({ extensionUri, installation, replayer }),
    registerTesting(context, { recorder, replayer, verdicts, lines }),
  );
  const pick = async (title: string): Promise<PickedRecording | undefined> => {
    const entry = await chooseRecording(recordings, title);
    return entry && { recording: entry.path, name: entry.name ?? entry.command.join(' ') };
  };
  const { isProofSeen: isSeen } = registerPanels(context, stops, pick, validation, (view) => firstPanels.isMade(view));
  subscriptions.push(registerValidation(extensionUri, { validation, installation, replayer, isSeen }));
  void openAsked(replayer);
}

/** Their view. Whoever comes to it sees those, too, whose folders the editor did not tell of. */
function showRecordings(recordings: Recordings, tree: RecordingsTree): vscode.Disposable {
  const view = vscode.window.createTreeView('hindcast.recordings', { treeDataProvider: tree });
  return vscode.Disposable.from(
    view,
    view.onDidChangeVisibility(({ visible }) => visible && recordings.lookAgain()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && view.visible && recordings.lookAgain()),
  );
}

/** What whoever started the editor wants to see first. */
async function openAsked(replayer: DebugReplayer): Promise<void> {
  const recording = process.env.HINDCAST_OPEN;
  if (!recording) return replayer.replayHandedOver();
  delete process.env.HINDCAST_OPEN;
  await replayer.replay(recording);
}
