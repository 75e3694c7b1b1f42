/** `Hindcast: Search Recordings…`: where a text or a value occurred, in all recordings of all folders of the workspace. */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import type { Replayer } from '../replay/replayer.ts';
import { tellNone } from './none.ts';
import type { Recordings } from './recordings.ts';

interface Found {
  readonly recording: string;
  readonly stream: number;
  readonly moment: number;
  readonly kind: string;
  readonly functionName: string;
  readonly place: { readonly path: string; readonly line: number | null } | null;
  /** what happened, in words */
  readonly shown: string;
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
    await choose(found, more, replayer);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}

async function choose(found: readonly Found[], more: boolean, replayer: Replayer): Promise<void> {
  if (found.length === 0) {
    void vscode.window.showInformationMessage('Nothing was found.');
    return;
  }
  const items = found.map((each) => ({
    label: `$(history) ${each.stream}:${each.moment}  ${shownIn(each)}`,
    description: each.functionName && `in ${each.functionName}`,
    detail: [
      path.basename(each.recording),
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

function shownIn({ shown: words }: Found): string {
  const shown = stripVTControlCharacters(words).trim();
  return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
}
