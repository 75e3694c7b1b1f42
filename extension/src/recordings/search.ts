/** `Hindcast: Search Recordings…`: where a text or a value occurred, in all recordings of all folders of the workspace. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import type { Replayer } from '../replay/replayer.ts';
import type { RecordingEntry } from '../recording/recording-info.ts';
import { tellNone } from './none.ts';
import type { Recordings } from './recordings.ts';
import { shownTime } from './shown.ts';
import { shownHome } from './stores.ts';

interface Found {
  readonly recording: string;
  readonly stream: number;
  readonly moment: number;
  readonly kind: string;
  readonly functionName: string;
  readonly place: { readonly path: string; readonly line: number | null } | null;
  /** where in what happened: `order.lines[0].name`, empty where that is it; and what is there */
  readonly match: { readonly path: string; readonly text: string };
}

interface SearchAnswer {
  readonly found: readonly Found[];
  readonly more: boolean;
}

/** Places in the recordings of one folder. */
const LIMIT = 500;

export async function searchRecordings({
  installation,
  recordings,
  replayer,
}: {
  readonly installation: Installation;
  readonly recordings: Recordings;
  readonly replayer: Replayer;
}): Promise<void> {
  const stores = await recordings.stores();
  if (stores.length === 0) return tellNone();
  const wanted = await vscode.window.showInputBox({
    title: 'Search all recordings',
    prompt: 'A text, or =VALUE for a value that is the same, such as =42 or =NaN',
    placeHolder: 'no valid total',
  });
  if (!wanted) return;
  const query = wanted.startsWith('=') ? ['--value', wanted.slice(1)] : ['--', wanted];
  try {
    const bodies = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Searching for ${wanted}`, cancellable: true },
      (_, token) => {
        const args = ['search', '--all', '--limit', String(LIMIT), ...query];
        return Promise.all(stores.map(async (store) => (await installation.json(args, store, token)) as SearchAnswer));
      },
    );
    const found = bodies.flatMap((body) => body.found);
    const more = bodies.some((body) => body.more);
    if (found.length === 0) return void vscode.window.showInformationMessage(nothingFound(wanted));
    const entries = await recordings.list();
    await choose(found, more, entries, replayer);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

/** After `=`, all of a value is meant; whoever looks for a text that begins so, or for a part, is told how. */
function nothingFound(wanted: string): string {
  const value = wanted.startsWith('=') ? wanted.slice(1) : undefined;
  if (value === undefined) return `No recording has ${wanted}.`;
  return `No value in a recording is ${value}. Search for ${value} without = to find texts that contain it.`;
}

async function choose(
  found: readonly Found[],
  more: boolean,
  entries: readonly RecordingEntry[],
  replayer: Replayer,
): Promise<void> {
  const items = found.map((each) => ({
    label: `$(history) ${shownIn(each)}`,
    description: whatWasDone(each),
    detail: [
      nameOf(each, entries),
      `${each.stream}:${each.moment}`,
      each.place ? `${vscode.workspace.asRelativePath(each.place.path)}:${each.place.line ?? '?'}` : '',
    ]
      .filter(Boolean)
      .join(' · '),
    each,
  }));
  const choice = await vscode.window.showQuickPick(items, {
    title: `${found.length}${more ? ' and more' : ''} places. Choose one to go there`,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (choice) await replayer.replay(choice.each.recording, { moment: `${choice.each.stream}:${choice.each.moment}` });
}

/** What the program did then, before the name of its function. */
const WHEN: Readonly<Record<string, string>> = {
  enter: 'given to',
  exit: 'result of',
  return: 'returned by',
  throw: 'thrown in',
  catch: 'caught in',
  output: 'printed in',
  boundary: 'from outside, in',
};

/** Code outside of functions has no name. */
function whatWasDone({ kind, functionName }: Found): string {
  const when = WHEN[kind] ?? 'in';
  return functionName ? `${when} ${functionName}` : when.replace(/,? ?in$/, '');
}

function shownIn({ match: { path: where, text } }: Found): string {
  return where === '' ? text : `${where} = ${text}`;
}

function nameOf({ recording }: Found, entries: readonly RecordingEntry[]): string {
  const entry = entries.find((each) => each.path === recording);
  if (!entry) return path.basename(recording);
  return [entry.name ?? entry.command.join(' '), shownHome(recording), shownTime(entry.startedAt)]
    .filter(Boolean)
    .join(', ');
}
