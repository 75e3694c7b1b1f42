/** The view of recordings: each with its cases and failures, by time or grouped by equal failures. */
import * as vscode from 'vscode';
import {
  failureTitle,
  isFailed,
  type RecordedCase,
  type RecordedFailure,
  type RecordingEntry,
} from '../recording/recording-info.ts';
import { iconOf, LOOKS, verdictOf } from '../validation/verdict.ts';
import type { Verdict, Verdicts } from '../validation/verdicts.ts';
import { shownBytes, shownTime } from './shown.ts';
import { shownHome } from './stores.ts';
import type { Recordings } from './recordings.ts';

export type Node =
  | { readonly kind: 'recording'; readonly entry: RecordingEntry }
  | { readonly kind: 'case'; readonly entry: RecordingEntry; readonly facts: RecordedCase }
  | { readonly kind: 'failure'; readonly entry: RecordingEntry; readonly failure: RecordedFailure }
  | {
      readonly kind: 'group';
      readonly title: string;
      readonly icon: string;
      readonly place?: string | undefined;
      readonly members: readonly Node[];
    }
  | { readonly kind: 'message'; readonly text: string };

export type Grouping = 'time' | 'failure';

const OUTCOMES: Readonly<Record<RecordedCase['outcome'], readonly [icon: string, color: string]>> = {
  passed: ['pass', 'testing.iconPassed'],
  failed: ['error', 'testing.iconFailed'],
  skipped: ['debug-step-over', 'testing.iconSkipped'],
  timedOut: ['watch', 'testing.iconFailed'],
  unfinished: ['question', 'testing.iconErrored'],
};

export class RecordingsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  /** by id of the recording that they are reruns of, newest first */
  private reruns: ReadonlyMap<string, readonly RecordingEntry[]> = new Map();
  readonly onDidChangeTreeData = this.changed.event;
  private order: Grouping = 'time';
  private isEmpty: boolean | undefined;

  constructor(
    private readonly recordings: Recordings,
    private readonly verdicts: Verdicts,
  ) {
    const tell = (): void => this.changed.fire();
    this.subscription = vscode.Disposable.from(recordings.onDidChange(tell), verdicts.onDidChange(tell));
  }

  set grouping(order: Grouping) {
    this.order = order;
    void vscode.commands.executeCommand('setContext', 'hindcast.grouping', order);
    this.changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.order === 'time' ? this.byTime() : this.byFailure();
    if (node.kind === 'group') return [...node.members];
    if (node.kind !== 'recording') return [];
    try {
      const { failures, cases } = await this.recordings.info(node.entry);
      const { entry } = node;
      const outside = failures.filter((failure) => !failure.case);
      const parents = new Set(cases.map(({ parent }) => parent));
      const shown: Node[] = [
        ...outside.map((failure): Node => ({ kind: 'failure', entry, failure })),
        ...cases.filter(({ id }) => !parents.has(id)).map((facts): Node => ({ kind: 'case', entry, facts })),
      ];
      const inside =
        shown.length > 0 ? shown : [{ kind: 'message', text: 'Nothing failed, and no test ran.' } as const];
      return [...inside, ...this.rerunsOf(entry)];
    } catch (error) {
      return [{ kind: 'message', text: error instanceof Error ? error.message : String(error) }];
    }
  }

  /** The view says that nothing is recorded only where that is known: not while recordings are on their way to it. */
  private sayEmpty(isEmpty: boolean): void {
    if (this.isEmpty === isEmpty) return;
    this.isEmpty = isEmpty;
    void vscode.commands.executeCommand('setContext', 'hindcast.nothingRecorded', isEmpty);
  }

  /** Reruns hang at what they are reruns of, where that is there. */
  private async byTime(): Promise<Node[]> {
    return (await this.listOriginals()).map((entry) => ({ kind: 'recording', entry }));
  }

  private async listOriginals(): Promise<readonly RecordingEntry[]> {
    const entries = await this.recordings.list().catch((error: unknown) => {
      this.sayEmpty(true);
      throw error;
    });
    this.sayEmpty(entries.length === 0);
    const ids = new Set(entries.map(({ id }) => id));
    const reruns = new Map<string, RecordingEntry[]>();
    const originals = entries.filter((entry) => {
      const { rerunOf } = entry;
      if (!rerunOf || !ids.has(rerunOf)) return true;
      reruns.set(rerunOf, [...(reruns.get(rerunOf) ?? []), entry]);
      return false;
    });
    this.reruns = reruns;
    return originals;
  }

  private rerunsOf({ id }: RecordingEntry): readonly Node[] {
    const [latest, ...earlier] = (this.reruns.get(id) ?? []).map((entry) => ({ kind: 'recording', entry }) as const);
    if (!latest) return [];
    if (earlier.length === 0) return [latest];
    return [latest, { kind: 'group', title: 'Earlier reruns', icon: 'history', members: earlier }];
  }

  /** Equal failures together, the newest first. */
  private async byFailure(): Promise<Node[]> {
    const groups = new Map<string, { title: string; place: string | undefined; members: Node[] }>();
    for (const entry of await this.listOriginals()) {
      if (entry.state === 'recording') continue;
      const info = await this.recordings.info(entry).catch(() => undefined);
      for (const failure of info?.failures ?? []) {
        const group = groups.get(failure.identity) ?? {
          title: failureTitle(failure),
          place: placeOf(failure),
          members: [],
        };
        group.members.push({ kind: 'failure', entry, failure });
        groups.set(failure.identity, group);
      }
    }
    const shown = [...groups.values()].map((group): Node => ({ kind: 'group', icon: 'error', ...group }));
    return shown.length > 0 ? shown : [{ kind: 'message', text: 'No recording here has a failure.' }];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'recording') return recordingItem(node.entry, this.verdicts);
    if (node.kind === 'case') return caseItem(node.entry, node.facts, this.verdicts);
    if (node.kind === 'failure') return failureItem(node.entry, node.failure, this.order, this.verdicts);
    if (node.kind === 'message') return new vscode.TreeItem(node.text);
    const item = new vscode.TreeItem(node.title, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = [`${node.members.length}×`, node.place].filter(Boolean).join(' · ');
    const color = node.icon === 'error' ? new vscode.ThemeColor('testing.iconFailed') : undefined;
    item.iconPath = new vscode.ThemeIcon(node.icon, color);
    return item;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

function recordingItem(entry: RecordingEntry, verdicts: Verdicts): vscode.TreeItem {
  const command = entry.command.join(' ');
  const item = new vscode.TreeItem(
    entry.name ?? (entry.rerunOf ? 'Rerun' : command),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = entry.path;
  const ending = endingOf(entry);
  const verdict = verdicts.of(entry.path);
  const proof = verdicts.isRunning(entry.path) ? 'validating…' : verdict && shownVerdict(verdict);
  const home = entry.rerunOf ? '' : shownHome(entry.path);
  const parts = [
    proof,
    home,
    shownTime(entry.startedAt),
    ending,
    shownBytes(entry.bytes),
    entry.imported ? 'imported' : '',
  ];
  item.description = parts.filter(Boolean).join(' · ');
  item.tooltip = new vscode.MarkdownString();
  item.tooltip.appendText(`${command}\n${entry.path}\n${item.description}${entry.pinned ? '\npinned' : ''}`);
  const failed = isFailed(entry);
  const proven = [failed && !entry.rerunOf ? ' failed' : '', verdict ? ' proven' : ''].join('');
  item.contextValue = `recording ${entry.pinned ? 'pinned' : 'unpinned'} ${entry.state}${proven}`;
  item.iconPath =
    entry.state === 'recording'
      ? new vscode.ThemeIcon('record')
      : entry.pinned
        ? new vscode.ThemeIcon('pinned')
        : verdict && !verdict.isOld
          ? iconOf(verdict.verdict)
          : failed
            ? new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'))
            : new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
  item.accessibilityInformation = { label: `Recording of ${command}, ${item.description}` };
  return item;
}

function endingOf({ state, signal, exitCode }: RecordingEntry): string {
  if (state === 'recording') return 'being recorded';
  if (state === 'abandoned') return 'ended early';
  if (signal !== null) return signal;
  return exitCode === 0 ? '' : `exit ${exitCode ?? '?'}`;
}

function caseItem(entry: RecordingEntry, facts: RecordedCase, verdicts: Verdicts): vscode.TreeItem {
  const [icon, color] = OUTCOMES[facts.outcome];
  const item = new vscode.TreeItem(facts.name);
  item.id = `${entry.path}#${facts.stream}:${facts.id}`;
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  const failed = facts.outcome !== 'passed' && facts.outcome !== 'skipped' && !entry.rerunOf;
  const verdict = failed ? verdicts.of(entry.path) : undefined;
  if (verdict) item.description = shownVerdict(verdict, facts.name);
  item.contextValue = `case${failed ? ' failed' : ''}${verdict ? ' proven' : ''}`;
  item.tooltip = `${facts.name}\n${facts.outcome}`;
  item.command = { command: 'hindcast.replay', title: 'Replay', arguments: [entry.path, { caseId: facts.id }] };
  item.accessibilityInformation = { label: `${facts.name}, ${facts.outcome}` };
  return item;
}

function failureItem(
  entry: RecordingEntry,
  failure: RecordedFailure,
  order: Grouping,
  verdicts: Verdicts,
): vscode.TreeItem {
  const title = failureTitle(failure);
  const item = new vscode.TreeItem(
    order === 'time' ? title : (failure.case?.name ?? entry.name ?? entry.command.join(' ')),
  );
  item.id = `${entry.path}!${failure.stream}:${failure.moment}${failure.kind}`;
  item.iconPath = new vscode.ThemeIcon(
    failure.kind === 'marked' ? 'bookmark' : 'error',
    new vscode.ThemeColor('testing.iconFailed'),
  );
  const verdict = failure.kind === 'marked' || entry.rerunOf ? undefined : verdicts.of(entry.path);
  const proof = verdict && shownVerdict(verdict, failure.case?.name ?? null);
  const where = order === 'time' ? placeOf(failure) : shownTime(entry.startedAt);
  item.description = [proof, where].filter(Boolean).join(' · ');
  item.tooltip = `${failure.type}: ${failure.message}`;
  const proven = `${entry.rerunOf ? '' : ' failed'}${verdict ? ' proven' : ''}`;
  item.contextValue = failure.kind === 'marked' ? 'marked' : `failure${proven}`;
  const moment = `${failure.stream}:${failure.moment}`;
  item.command = { command: 'hindcast.replay', title: 'Replay', arguments: [entry.path, { moment }] };
  return item;
}

function placeOf({ place }: RecordedFailure): string | undefined {
  return place ? `${vscode.workspace.asRelativePath(place.path)}:${place.line ?? '?'}` : undefined;
}

/** `still failing` */
function shownVerdict(verdict: Verdict, name?: string | null): string {
  const title = LOOKS[verdictOf(verdict, name).verdict].title.toLowerCase();
  return verdict.isOld ? `${title} before the last edit` : title;
}
