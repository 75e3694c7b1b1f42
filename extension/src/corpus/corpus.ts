/** The corpus of the workspace: failures kept with the code, and what came of them when they were last validated. */
import { existsSync, watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { CORPUS, FACTS, INPUT, readKept, type KeptFailure } from '../../../trace-runtime/src/rerun/kept-failure.ts';
import type { Installation } from '../installation.ts';
import { failureTitle } from '../recording/recording-info.ts';
import { homeOf, outOf } from '../validation/validator.ts';
import type { Validation, VerdictName, VerdictReason } from '../validation/verdict.ts';

export interface KeptEntry {
  /** its folder in the corpus */
  readonly folder: string;
  readonly name: string;
  /** undefined where `failure.json` cannot be read */
  readonly facts: KeptFailure | undefined;
  /** why it cannot be read */
  readonly problem: string | undefined;
}

/** Of one validation. */
export interface CorpusResult {
  readonly verdict: VerdictName | null;
  readonly isExpected: boolean;
  readonly reasons: readonly VerdictReason[];
  /** folder of the rerun's recording */
  readonly rerun: string | null;
  /** milliseconds since the epoch */
  readonly at: number;
}

/** What `hindcast validate FOLDER --json` prints of it. */
interface EntryAnswer {
  readonly verdict: VerdictName | null;
  readonly isExpected: boolean;
  readonly fault: string | null;
  readonly validation: Validation | null;
}

const KEY = 'hindcast.corpusResults';
const SETTLE_MS = 300;
const NOWHERE = '{**/node_modules/**,**/.hindcast/recordings/**}';

export class Corpus implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly results: Map<string, CorpusResult>;
  private readonly running = new Set<string>();
  private readonly watchers = new Map<string, FSWatcher>();
  private timer: NodeJS.Timeout | undefined;
  private listed: Promise<readonly KeptEntry[]> | undefined;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly installation: Installation,
    private readonly state: vscode.Memento,
  ) {
    this.results = new Map(state.get<readonly [string, CorpusResult][]>(KEY, []));
  }

  /** By folder. Looked for again after `refresh`. */
  list(): Promise<readonly KeptEntry[]> {
    return (this.listed ??= this.look());
  }

  private async look(): Promise<readonly KeptEntry[]> {
    const pattern = `**/${CORPUS.split(path.sep).join('/')}/*/${FACTS}`;
    const files = await vscode.workspace.findFiles(pattern, NOWHERE);
    const entries = files.map(({ fsPath }) => entryOf(path.dirname(fsPath)));
    this.watch(entries);
    return entries.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  }

  resultOf({ folder }: KeptEntry): CorpusResult | undefined {
    return this.results.get(folder);
  }

  isRunning({ folder }: KeptEntry): boolean {
    return this.running.has(folder);
  }

  /** Rejects with a sentence where it cannot be done, and where it is cancelled. */
  async validate({ folder }: KeptEntry, token: vscode.CancellationToken): Promise<CorpusResult> {
    this.running.add(folder);
    this.changed.fire();
    try {
      const args = ['validate', folder, ...outOf(folder)];
      const answer = await this.installation.jsonOfRun(args, homeOf(folder), token);
      const [entry] = (answer as { readonly entries: readonly EntryAnswer[] }).entries;
      const result = resultFrom(entry!);
      this.results.set(folder, result);
      await this.save();
      return result;
    } finally {
      this.running.delete(folder);
      this.changed.fire();
    }
  }

  /** Keeps a failure of a recording. Rejects with a sentence. */
  async keep(recording: string, name: string | null | undefined): Promise<KeptEntry> {
    const named = name ? `${recording}#${name}` : recording;
    const answer = (await this.installation.json(['keep', named], homeOf(recording))) as { readonly folder: string };
    this.refresh();
    return entryOf(answer.folder);
  }

  /** The entry of a failure of that case, or of that type and message. */
  async find(failure: { readonly name: string | null; readonly title: string }): Promise<KeptEntry | undefined> {
    return (await this.list()).find(({ facts }) => facts && isOf(facts, failure));
  }

  refresh(): void {
    this.listed = undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.fire(), SETTLE_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
    this.changed.dispose();
  }

  private async save(): Promise<void> {
    for (const folder of this.results.keys()) if (!existsSync(folder)) this.results.delete(folder);
    await this.state.update(KEY, [...this.results]);
  }

  /** The editor does not watch `.hindcast`, where recordings grow. */
  private watch(entries: readonly KeptEntry[]): void {
    const homes = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => path.join(uri.fsPath, '.hindcast'));
    const known = entries.map(({ folder }) => path.dirname(folder));
    for (const folder of new Set([...homes, ...known])) {
      if (this.watchers.has(folder) || !existsSync(folder)) continue;
      try {
        this.watchers.set(
          folder,
          watch(folder, () => this.refresh()),
        );
      } catch {
        // the view has a button to refresh
      }
    }
  }
}

/** The recording of a kept failure, a portable file. */
export function inputOf({ folder }: KeptEntry): string {
  return path.join(folder, INPUT);
}

export function factsOf({ folder }: KeptEntry): vscode.Uri {
  return vscode.Uri.file(path.join(folder, FACTS));
}

function entryOf(folder: string): KeptEntry {
  try {
    const facts = readKept(folder);
    return { folder, name: facts.name, facts, problem: undefined };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { folder, name: path.basename(folder), facts: undefined, problem };
  }
}

function isOf(facts: KeptFailure, { name, title }: { readonly name: string | null; readonly title: string }): boolean {
  return name === null ? facts.case === null && failureTitle(facts) === title : facts.case === name;
}

function resultFrom({ verdict, isExpected, fault, validation }: EntryAnswer): CorpusResult {
  const reasons = fault === null ? (validation?.reasons ?? []) : [{ text: fault, place: null }];
  return { verdict, isExpected, reasons, rerun: validation?.rerun ?? null, at: Date.now() };
}
