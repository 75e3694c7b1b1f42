/**
 * The panels of a window's first replay. Their tab is chosen before the stop, as with every replay, so that a tab which one
 * chooses afterwards stays in view; they are made once whoever stands at the stop rests: that costs the editor more than a
 * step. Until then a view without anything in it has their place.
 */
import * as vscode from 'vscode';
import { DEBUG_TYPE, showsPanels } from './replayer.ts';

const WAITING = 'hindcast.panelsWait';
const TIMELINE = 'hindcast.timeline';
/** Views of one container are made one behind the other. */
const MAKING_MS = 1500;

export class FirstPanels implements vscode.Disposable {
  private hasBegun = false;
  private areMade = false;
  /** views that were made */
  private readonly made = new Set<string>();
  private tellMade = (): void => {};
  private readonly anyMade = new Promise<void>((resolve) => (this.tellMade = resolve));
  /** whether their place has been in view */
  private wasSeen = false;
  private chosen: Promise<unknown> = Promise.resolve();
  private readonly place = vscode.window.createTreeView('hindcast.panels', { treeDataProvider: NOTHING });
  private readonly subscriptions = vscode.Disposable.from(
    this.place,
    this.place.onDidChangeVisibility(({ visible }) => (this.wasSeen ||= visible)),
    // one that ends before it stands anywhere
    vscode.debug.onDidTerminateDebugSession(({ type }) => type === DEBUG_TYPE && void this.make()),
  );

  /** Before a replay stops. */
  choose(): void {
    this.hasBegun = true;
    if (showsPanels()) this.chosen = this.areMade ? showPanels() : this.holdPlace();
  }

  /** Once there is time for it: they take their place, whether or not one has chosen something else meanwhile. */
  async make(): Promise<void> {
    if (this.areMade) return;
    this.areMade = true;
    await this.release();
    if (showsPanels()) await (this.wasSeen ? this.complete() : showPanels());
  }

  /** Somebody has looked at one before, or while a replay begins: they need no making. */
  isMade(view: string): void {
    this.made.add(view);
    this.tellMade();
    if (this.areMade) return;
    this.areMade = true;
    void this.release().then(() => (this.hasBegun && showsPanels() ? this.complete() : undefined));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Where the others came into view in the timeline's stead, somebody has moved it elsewhere. */
  private async complete(): Promise<void> {
    await this.anyMade;
    await new Promise((resolve) => setTimeout(resolve, MAKING_MS));
    if (!this.made.has(TIMELINE)) await showPanels();
  }

  /** Their place is theirs. */
  private async release(): Promise<void> {
    await this.chosen;
    await vscode.commands.executeCommand('setContext', WAITING, false);
  }

  private async holdPlace(): Promise<void> {
    await vscode.commands.executeCommand('setContext', WAITING, true);
    await vscode.commands.executeCommand('hindcast.panels.focus', { preserveFocus: true });
  }
}

const NOTHING: vscode.TreeDataProvider<never> = {
  getChildren: () => [],
  getTreeItem: (element) => element,
};

/** The timeline below the editor, which keeps the keyboard. */
async function showPanels(): Promise<void> {
  await vscode.commands.executeCommand(`${TIMELINE}.focus`, { preserveFocus: true });
}
