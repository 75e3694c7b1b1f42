/** The view of the corpus: kept failures, each with its expected verdict, what came of it last, and why. */
import * as vscode from 'vscode';
import { shownTime } from '../recordings/shown.ts';
import { iconOf, LOOKS, reasonLine, shownPlace, type VerdictReason } from '../validation/verdict.ts';
import { factsOf, type Corpus, type CorpusResult, type KeptEntry } from './corpus.ts';

export type CorpusNode =
  | { readonly kind: 'kept'; readonly entry: KeptEntry }
  | { readonly kind: 'reason'; readonly entry: KeptEntry; readonly reason: VerdictReason };

export class CorpusTree implements vscode.TreeDataProvider<CorpusNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly corpus: Corpus) {
    this.subscription = corpus.onDidChange(() => this.changed.fire());
  }

  async getChildren(node?: CorpusNode): Promise<CorpusNode[]> {
    if (!node) {
      const entries = await this.corpus.list();
      void vscode.commands.executeCommand('setContext', 'hindcast.hasCorpus', entries.length > 0);
      return entries.map((entry) => ({ kind: 'kept', entry }));
    }
    if (node.kind === 'reason') return [];
    const { entry } = node;
    return reasonsOf(entry, this.corpus.resultOf(entry)).map((reason) => ({ kind: 'reason', entry, reason }));
  }

  getTreeItem(node: CorpusNode): vscode.TreeItem {
    if (node.kind === 'reason') return reasonItem(node.reason);
    return keptItem(node.entry, this.corpus.resultOf(node.entry), this.corpus.isRunning(node.entry));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }
}

/** Where it is as expected there is nothing to explain. */
function reasonsOf({ problem }: KeptEntry, result: CorpusResult | undefined): readonly VerdictReason[] {
  if (problem !== undefined) return [{ text: problem, place: null }];
  return result && !result.isExpected ? result.reasons : [];
}

function keptItem(entry: KeptEntry, result: CorpusResult | undefined, isRunning: boolean): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const hasReasons = reasonsOf(entry, result).length > 0;
  const item = new vscode.TreeItem(entry.name, hasReasons ? Expanded : None);
  const { facts, folder } = entry;
  const rerun = result?.rerun ? ' rerun' : '';
  // what the editor knows under an id stays as it was: reasons that are new shall be seen
  item.id = hasReasons ? `${folder}!` : folder;
  item.description = isRunning ? 'validating…' : stateOf(entry, result);
  item.iconPath = isRunning ? new vscode.ThemeIcon('loading~spin') : iconFor(entry, result);
  item.contextValue = `kept${rerun}`;
  item.tooltip = new vscode.MarkdownString();
  const lines = facts
    ? [facts.command.join(' '), `${facts.type}: ${facts.message}`, `kept ${shownDate(facts.keptAt)}`]
    : [];
  item.tooltip.appendText([entry.name, ...lines, folder].join('\n'));
  item.command = { command: 'vscode.open', title: 'Open', arguments: [factsOf(entry)] };
  item.accessibilityInformation = { label: `${entry.name}, ${item.description}` };
  return item;
}

function shownDate(time: string): string {
  return shownTime(Date.parse(time));
}

function stateOf({ facts, problem }: KeptEntry, result: CorpusResult | undefined): string {
  if (problem !== undefined || !facts) return 'cannot be read';
  const expected = LOOKS[facts.expected].title.toLowerCase();
  if (!result) return `expected ${expected}, not validated here yet`;
  const found = result.verdict ? LOOKS[result.verdict].title.toLowerCase() : 'no verdict';
  const against = result.isExpected ? '' : `, expected ${expected}`;
  return `${found}${against} · ${shownTime(result.at)}`;
}

/** Green where it is as expected, whatever that is. */
function iconFor({ problem }: KeptEntry, result: CorpusResult | undefined): vscode.ThemeIcon {
  if (problem !== undefined) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('testing.iconErrored'));
  if (!result) return new vscode.ThemeIcon('circle-outline');
  if (result.isExpected) return iconOf('fixed');
  return result.verdict === null || result.verdict === 'fixed' ? iconOf('different-failure') : iconOf(result.verdict);
}

function reasonItem(reason: VerdictReason): vscode.TreeItem {
  const item = new vscode.TreeItem(reason.text);
  item.description = shownPlace(reason.place);
  item.tooltip = reasonLine(reason);
  item.contextValue = 'reason';
  if (reason.place) item.command = { command: 'hindcast.openPlace', title: 'Go to It', arguments: [reason.place] };
  return item;
}
