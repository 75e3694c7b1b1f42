/** The workspace's recordings: listed, described, watched. What one holds is read once and remembered. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../../../trace-runtime/src/store/manifest.ts';
import { enforceRetention } from '../../../trace-runtime/src/store/recordings.ts';
import type { Installation } from '../installation.ts';
import type { RecordingEntry, RecordingInfo } from '../recording/recording-info.ts';
import { Stores } from './stores.ts';

const SETTLE_MS = 300;

export class Recordings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly folders = new Stores();
  private readonly infos = new Map<string, Promise<RecordingInfo>>();
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.changed.event;

  /** `memory`: a folder for what was read of recordings. */
  constructor(
    private readonly installation: Installation,
    private readonly memory: string,
  ) {
    this.folders.onDidChange(() => this.refresh());
  }

  /** Folders of recordings, of the workspace's folders and of packages below them. */
  stores(): Promise<readonly string[]> {
    return this.folders.list();
  }

  /** Newest first. */
  async list(): Promise<RecordingEntry[]> {
    const stores = await this.stores();
    if (stores.length === 0) return [];
    const body = await this.installation.json(['list', ...stores.flatMap((store) => ['--out', store])], stores[0]!);
    return [...(body as { readonly recordings: readonly RecordingEntry[] }).recordings];
  }

  /** Of those that are no rerun of another: the last run. */
  async newest(folder?: vscode.WorkspaceFolder): Promise<string | undefined> {
    const entries = ownFirst(await this.list()).filter(({ rerunOf }) => !rerunOf);
    const inFolder = entries.find((entry) => !folder || entry.path.startsWith(folder.uri.fsPath + path.sep));
    return (inFolder ?? entries[0])?.path;
  }

  /** The newest in which something failed, reruns aside. */
  async newestFailing(): Promise<RecordingEntry | undefined> {
    for (const entry of ownFirst(await this.list())) {
      if (entry.state === 'recording' || entry.rerunOf || (entry.exitCode === 0 && entry.signal === null)) continue;
      const info = await this.info(entry).catch(() => undefined);
      if (info?.failures.some(({ kind }) => kind !== 'marked')) return entry;
    }
    return undefined;
  }

  /**
   * The recording of a name (a folder, an id or its beginning, a portable file), or the one that it is a rerun of, where
   * that is there.
   */
  async original(name: string): Promise<string> {
    const folder = path.isAbsolute(name) ? name : (await this.list()).find(({ id }) => id.startsWith(name))?.path;
    const manifest = folder === undefined ? undefined : readManifest(folder);
    if (folder === undefined || !manifest?.ok || manifest.value.rerunOf === undefined) return folder ?? name;
    const original = path.join(path.dirname(folder), manifest.value.rerunOf);
    return existsSync(original) ? original : folder;
  }

  /** What a complete recording, or a portable file, holds. */
  info(entry: Pick<RecordingEntry, 'id' | 'path' | 'endedAt'>): Promise<RecordingInfo> {
    const key = keyOf(entry);
    let found = this.infos.get(key);
    if (!found) {
      found = this.readInfo(key, entry.path);
      found.catch(() => this.infos.delete(key));
      this.infos.set(key, found);
    }
    return found;
  }

  /** What was read just now. */
  learn({ recording, ...rest }: RecordingInfo): void {
    this.keep(keyOf(recording), { recording, ...rest });
    this.refresh();
  }

  /** Also looks for folders of recordings that nobody told of. */
  lookAgain(): void {
    this.folders.lookAgain();
  }

  /** Keeps packages below within the limit of the settings, too: who records there from a terminal does not know it. */
  async tidyBelow(): Promise<void> {
    for (const store of await this.folders.listBelow()) enforceRetention(store, storeLimit() * 1e9);
    this.refresh();
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.fire(), SETTLE_MS);
  }

  private async readInfo(key: string, recording: string): Promise<RecordingInfo> {
    try {
      const known = readFileSync(this.file(key), 'utf8');
      if (known) return JSON.parse(known) as RecordingInfo;
    } catch {
      // not read yet
    }
    const info = (await this.installation.json(['info', recording], path.dirname(recording))) as RecordingInfo;
    this.keep(key, info);
    return info;
  }

  private keep(key: string, info: RecordingInfo): void {
    this.infos.set(key, Promise.resolve(info));
    try {
      mkdirSync(this.memory, { recursive: true, mode: 0o700 });
      writeFileSync(this.file(key), JSON.stringify(info), { mode: 0o600 });
    } catch {
      // it will be read again
    }
  }

  private file(key: string): string {
    return path.join(this.memory, `${key}.json`);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.folders.dispose();
    this.changed.dispose();
  }
}

/** A part that was exported and opened began when its recording did, and what others sent may have begun at any time. */
function ownFirst(entries: readonly RecordingEntry[]): readonly RecordingEntry[] {
  const isImported = ({ imported }: RecordingEntry): boolean => imported === true;
  return [...entries.filter((each) => !isImported(each)), ...entries.filter(isImported)];
}

/** What a folder of recordings may take, in GB. */
export function storeLimit(): number {
  return vscode.workspace.getConfiguration('hindcast').get<number>('storeGigabytes') ?? 5;
}

/** Another one where the recording, or what was marked in it, has changed. */
function keyOf({ id, path: folder, endedAt }: Pick<RecordingEntry, 'id' | 'path' | 'endedAt'>): string {
  const marked = statSync(path.join(folder, 'marks.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return `${id}-${endedAt ?? 0}-${Math.round(marked)}`;
}
