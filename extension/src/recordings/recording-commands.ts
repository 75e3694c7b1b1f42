/** Commands on recordings: replay, pin, rename, export, import, delete, reveal, search. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { removeMarks } from '../../../trace-runtime/src/store/marks.ts';
import { nameRecording, pinRecording } from '../../../trace-runtime/src/store/recordings.ts';
import type { Installation } from '../installation.ts';
import { isFailed, type RecordingEntry } from '../recording/recording-info.ts';
import type { Replayer, ReplayOptions } from '../replay/replayer.ts';
import { discardLeft, discardUndoably } from './discard.ts';
import { storeLimit, type Recordings } from './recordings.ts';
import type { Grouping, Node, RecordingsTree } from './recordings-view.ts';
import { tellNone } from './none.ts';
import { searchRecordings } from './search.ts';
import { shownBytes, shownTime } from './shown.ts';
import { shownHome } from './stores.ts';

interface Parts {
  readonly installation: Installation;
  readonly recordings: Recordings;
  readonly tree: RecordingsTree;
  readonly replayer: Replayer;
}

/** Long after what a window begins with. */
const SWEEP_MS = 60_000;

export function registerRecordingCommands(parts: Parts): vscode.Disposable {
  const { recordings, replayer, tree } = parts;
  /** of the node that was clicked, or of one that is chosen now */
  const chosen = async (node: Node | undefined, title: string, some?: Some): Promise<RecordingEntry | undefined> =>
    node && 'entry' in node ? node.entry : chooseRecording(recordings, title, some);
  const on = (
    command: string,
    action: (entry: RecordingEntry, node: Node | undefined) => unknown,
    title: string,
    some?: Some,
  ) =>
    vscode.commands.registerCommand(command, async (node?: Node) => {
      const entry = await chosen(node, title, some);
      if (entry) await action(entry, node);
    });
  const sweep = setTimeout(async () => {
    for (const store of await recordings.stores()) await discardLeft(store);
  }, SWEEP_MS);
  return vscode.Disposable.from(
    new vscode.Disposable(() => clearTimeout(sweep)),
    vscode.commands.registerCommand(
      'hindcast.replay',
      async (given?: string | vscode.Uri | Node, options?: ReplayOptions) => {
        if (typeof given === 'string') return replayer.replay(given, options);
        if (given instanceof vscode.Uri) return replayer.replay(given.fsPath, options);
        if (given?.kind === 'case') return replayer.replay(given.entry.path, { caseId: given.facts.id });
        if (given?.kind === 'failure')
          return replayer.replay(given.entry.path, { moment: `${given.failure.stream}:${given.failure.moment}` });
        const entry = await chosen(given, 'Replay');
        return entry ? replayer.replay(entry.path) : false;
      },
    ),
    vscode.commands.registerCommand('hindcast.replayNewest', async () => {
      const newest = await recordings.newest();
      if (newest !== undefined) return replayer.replay(newest);
      void tellNone();
      return false;
    }),
    vscode.commands.registerCommand('hindcast.refresh', () => lookAgain(recordings)),
    vscode.commands.registerCommand('hindcast.groupByFailure', () => group(tree, 'failure')),
    vscode.commands.registerCommand('hindcast.groupByTime', () => group(tree, 'time')),
    vscode.commands.registerCommand('hindcast.import', () => importFile(parts)),
    vscode.commands.registerCommand('hindcast.search', () => searchRecordings(parts)),
    vscode.commands.registerCommand('hindcast.manageSpace', () => manageSpace(recordings)),
    vscode.commands.registerCommand('hindcast.removeMark', async (node?: Node) => {
      if (node?.kind !== 'failure') return;
      const { stream, moment } = node.failure;
      const id = (await recordings.info(node.entry)).streams.find(({ number }) => number === stream)?.id;
      if (id !== undefined) removeMarks(node.entry.path, id, moment);
      recordings.refresh();
    }),
    on('hindcast.pin', (entry) => pin(recordings, entry, true), 'Pin', {
      of: ({ pinned }) => !pinned,
      none: 'All recordings are pinned already.',
    }),
    on('hindcast.unpin', (entry) => pin(recordings, entry, false), 'Unpin', {
      of: ({ pinned }) => pinned,
      none: 'No recording is pinned.',
    }),
    on('hindcast.rename', (entry) => rename(recordings, entry), 'Rename'),
    on('hindcast.delete', remove, 'Delete'),
    on('hindcast.export', (entry, node) => exportPart(parts, entry, node), 'Export'),
    on('hindcast.reveal', reveal, 'Reveal'),
  );
}

/** Some of the recordings, and what is said where there are none of them. */
interface Some {
  of(entry: RecordingEntry): boolean;
  readonly none: string;
}

export async function chooseRecording(
  recordings: Recordings,
  title: string,
  some?: Some,
): Promise<RecordingEntry | undefined> {
  const all = await recordings.list();
  const entries = some ? all.filter((entry) => some.of(entry)) : all;
  if (entries.length === 0) {
    if (some && all.length > 0) void vscode.window.showInformationMessage(some.none);
    else void tellNone();
    return undefined;
  }
  const items = entries.map((entry) => ({
    label: `$(${isFailed(entry) ? 'error' : 'pass'}) ${entry.name ?? entry.command.join(' ')}`,
    description: [shownHome(entry.path), shownTime(entry.startedAt), shownBytes(entry.bytes)]
      .filter(Boolean)
      .join(' · '),
    entry,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: `${title}: which recording?`,
    matchOnDescription: true,
  });
  return choice?.entry;
}

/** What the view shows by itself is said all the same: whoever asks by the palette may not see the view. */
const SAID_MS = 5000;

async function lookAgain(recordings: Recordings): Promise<void> {
  recordings.lookAgain();
  const { length: count } = await recordings.list();
  vscode.window.setStatusBarMessage(count === 1 ? 'One recording' : `${count || 'No'} recordings`, SAID_MS);
}

async function group(tree: RecordingsTree, grouping: Grouping): Promise<void> {
  tree.grouping = grouping;
  await vscode.commands.executeCommand('hindcast.recordings.focus');
}

function pin(recordings: Recordings, { path: folder, name, command }: RecordingEntry, pinned: boolean): void {
  pinRecording(folder, pinned);
  recordings.refresh();
  const what = name ?? command.join(' ');
  vscode.window.setStatusBarMessage(pinned ? `${what} is kept for good` : `${what} is no longer pinned`, SAID_MS);
}

/** The browser's VS Code knows no file explorer: there the folder is named. */
async function reveal({ path: folder }: RecordingEntry): Promise<void> {
  if ((await vscode.commands.getCommands(true)).includes('revealFileInOS'))
    return void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(folder));
  const choice = await vscode.window.showInformationMessage(`The recording is the folder ${folder}.`, 'Copy Path');
  if (choice) await vscode.env.clipboard.writeText(folder);
}

async function rename(recordings: Recordings, { path: folder, name, command }: RecordingEntry): Promise<void> {
  const given = await vscode.window.showInputBox({
    title: 'Rename recording',
    value: name ?? command.join(' '),
    prompt: 'Left empty, it is named by its command',
  });
  if (given === undefined) return;
  nameRecording(folder, given.trim() === command.join(' ') ? '' : given.trim());
  recordings.refresh();
}

async function remove({ path: folder, name, command, bytes }: RecordingEntry): Promise<void> {
  await discardUndoably(folder, `Deleted the recording of ${name ?? command.join(' ')}, ${shownBytes(bytes)}.`);
}

async function exportPart({ installation }: Parts, entry: RecordingEntry, node: Node | undefined): Promise<void> {
  let of = entry.path;
  let range: readonly string[] = [];
  if (node?.kind === 'case') of = `${entry.path}#${node.facts.id}`;
  else {
    const whole = { label: 'All of it', range: [] as readonly string[] };
    const part = { label: 'From one moment to another…', range: undefined };
    const choice = await vscode.window.showQuickPick([whole, part], { title: 'What to export' });
    if (!choice) return;
    range = choice.range ?? (await askRange()) ?? [];
    if (choice === part && range.length === 0) return;
  }
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(
      path.join(path.dirname(path.dirname(path.dirname(entry.path))), `${entry.id}.hindcast`),
    ),
    filters: { 'Hindcast recordings': ['hindcast'] },
    title: 'Export recording',
  });
  if (!target) return;
  // the dialog has asked
  if (existsSync(target.fsPath)) rmSync(target.fsPath);
  await attempt(`Exporting ${path.basename(target.fsPath)}`, async (token) => {
    await installation.json(['export', of, target.fsPath, ...range], path.dirname(entry.path), token);
    void vscode.window.showInformationMessage(
      `Exported to ${target.fsPath}. It holds the values that the program had.`,
    );
  });
}

async function askRange(): Promise<readonly string[] | undefined> {
  const isMoment = (text: string) =>
    text === '' || /^(?:\d+:)?\d+$/.test(text) ? undefined : 'A moment is like 1:4411.';
  const from = await vscode.window.showInputBox({
    title: 'Export from',
    prompt: 'A moment, such as 1:4411, as the status bar shows it in a replay; empty: the beginning',
    validateInput: isMoment,
  });
  if (from === undefined) return undefined;
  const to = await vscode.window.showInputBox({
    title: 'Export to',
    prompt: 'A moment, such as 1:4411; empty: the end',
    validateInput: isMoment,
  });
  if (to === undefined) return undefined;
  return [...(from ? ['--from', from] : []), ...(to ? ['--to', to] : [])];
}

async function importFile({ installation, recordings, replayer }: Parts): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Import recording',
      filters: { 'Hindcast recordings': ['hindcast'] },
    })) ?? [];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (!file) return;
  await attempt(`Importing ${path.basename(file.fsPath)}`, async (token) => {
    const out = folder === undefined ? [] : ['--out', path.join(folder, '.hindcast', 'recordings')];
    const body = await installation.json(['import', file.fsPath, ...out], folder ?? path.dirname(file.fsPath), token);
    recordings.refresh();
    const { recording, isNew } = body as { readonly recording: string; readonly isNew: boolean };
    const said = isNew
      ? `Imported ${path.basename(file.fsPath)}.`
      : `${path.basename(file.fsPath)} was imported before.`;
    const choice = await vscode.window.showInformationMessage(said, 'Replay');
    if (choice) await replayer.replay(recording);
  });
}

async function manageSpace(recordings: Recordings): Promise<void> {
  const entries = await recordings.list();
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const limit = storeLimit();
  if (entries.length === 0) return void tellNone();
  const { length: count } = await recordings.stores();
  const room = count < 2 ? `of ${limit} GB` : `in ${count} folders, of ${limit} GB each`;
  const taken = entries.length === 1 ? 'One recording takes' : `${entries.length} recordings take`;
  const said = `${taken} ${shownBytes(bytes)} ${room}. Beyond that the oldest go that are not pinned.`;
  const choice = await vscode.window.showInformationMessage(said, 'Change the Limit');
  if (choice) await vscode.commands.executeCommand('workbench.action.openSettings', 'hindcast.storeGigabytes');
}

/** With progress and cancel; an error is told in its own sentence. */
async function attempt(title: string, action: (token: vscode.CancellationToken) => Promise<void>): Promise<void> {
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_, token) => action(token),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
