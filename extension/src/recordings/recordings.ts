/** The workspace's recordings: listed, described, watched. What one holds is read once and remembered. */
import { existsSync, mkdirSync, readFileSync, statSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../../../trace-runtime/src/store/manifest.ts';
import type { Installation } from '../installation.ts';
import type { RecordingEntry, RecordingInfo } from '../recording/recording-info.ts';

const SETTLE_MS = 300;

export class Recordings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly infos = new Map<string, Promise<RecordingInfo>>();
  private timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.changed.event;

  /** `memory`: a folder for what was read of recordings. */
  constructor(
    private readonly installation: Installation,
    private readonly memory: string,
  ) {}

  /** Folders of recordings, of workspace folders that have one. */
  get stores(): string[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .map(({ uri }) => path.join(uri.fsPath, '.hindcast', 'recordings'))
      .filter((store) => existsSync(store));
  }

  /** Newest first. */
  async list(): Promise<RecordingEntry[]> {
    const { stores } = this;
    for (const store of stores) this.watch(store);
    const lists = await Promise.all(
      stores.map(async (store) => {
        const body = await this.installation.json(['list', '--out', store], store);
        return (body as { readonly recordings: RecordingEntry[] }).recordings;
      }),
    );
    return lists.flat().sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Of those that are no rerun of another. */
  async newest(folder?: vscode.WorkspaceFolder): Promise<string | undefined> {
    const entries = (await this.list()).filter(({ rerunOf }) => !rerunOf);
    const inFolder = entries.find((entry) => !folder || entry.path.startsWith(folder.uri.fsPath + path.sep));
    return (inFolder ?? entries[0])?.path;
  }

  /** The newest in which something failed, reruns aside. */
  async newestFailing(): Promise<RecordingEntry | undefined> {
    for (const entry of await this.list()) {
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

  private watch(store: string): void {
    if (this.watchers.has(store)) return;
    try {
      this.watchers.set(
        store,
        watch(store, () => this.refresh()),
      );
    } catch {
      // the view has a button to refresh
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
    this.changed.dispose();
  }
}

/** Another one where the recording, or what was marked in it, has changed. */
function keyOf({ id, path: folder, endedAt }: Pick<RecordingEntry, 'id' | 'path' | 'endedAt'>): string {
  const marked = statSync(path.join(folder, 'marks.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return `${id}-${endedAt ?? 0}-${Math.round(marked)}`;
}
