/** What a panel shows, and what it and the extension's host say to each other. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  PANEL_ACTIONS,
  PANEL_COMMANDS,
  type HostMessage,
  type PanelAction,
  type PanelCommand,
  type PanelMessage,
  type PickedRecording,
} from '../../../webview-ui/src/messages.ts';
import { openPlace } from '../validation/verdict.ts';
import type { ReplayFollower } from './replay-follower.ts';
import { webviewPage } from './webview-page.ts';

/** Asks the user for a recording; undefined where they chose none. */
export type PickRecording = (title: string) => Promise<PickedRecording | undefined>;

export class PanelPage {
  /** webviews of it that can be seen */
  private readonly seen = new Set<vscode.Webview>();

  constructor(
    private readonly folder: vscode.Uri,
    private readonly bundle: string,
    private readonly follower: ReplayFollower,
    private readonly pick: PickRecording,
  ) {}

  get options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.folder] };
  }

  get isSeen(): boolean {
    return this.seen.size > 0;
  }

  /** `visibility`: tells that somebody may see it, or no longer. */
  fill(webview: vscode.Webview, visibility: vscode.Event<unknown>, isVisible: () => boolean): vscode.Disposable {
    webview.options = this.options;
    const say = (message: HostMessage): void => void webview.postMessage(message);
    const look = (): void => {
      if (isVisible()) this.seen.add(webview);
      else this.seen.delete(webview);
      say({ kind: 'visible', isVisible: isVisible() });
    };
    const subscriptions = [
      { dispose: () => this.seen.delete(webview) },
      this.follower.onDidSay(say),
      webview.onDidReceiveMessage((message: unknown) => {
        this.heard(message as PanelMessage, say);
        if ((message as PanelMessage).kind === 'ready') look();
      }),
      visibility(look),
    ];
    webview.html = webviewPage(webview, this.folder, this.bundle);
    return vscode.Disposable.from(...subscriptions);
  }

  private heard(message: PanelMessage, say: (message: HostMessage) => void): void {
    switch (message.kind) {
      case 'ready':
        for (const each of this.follower.introduction()) say(each);
        return;
      case 'request':
        void this.answer(message.id, message.command, message.args).then(say);
        return;
      case 'goTo':
        this.follower.goTo(String(message.moment)).catch(showError);
        return;
      case 'copy':
        void vscode.env.clipboard.writeText(String(message.text));
        return;
      case 'pickRecording':
        void this.picked(message.id, String(message.title)).then(say);
        return;
      case 'save':
        save(String(message.name), String(message.text)).catch(showError);
        return;
      case 'open':
        void openPlace({ path: String(message.path), line: Number(message.line), column: null });
        return;
      case 'run':
        if (!isAction(message.command)) return;
        if (message.case === undefined) void vscode.commands.executeCommand(message.command);
        else void vscode.commands.executeCommand(message.command, { ...this.target(), case: message.case });
        return;
      case 'confirm': {
        const { what, case: name } = message;
        const about = name === undefined ? {} : { case: name };
        return void vscode.commands.executeCommand('hindcast.confirm', { ...this.target(), ...about, what });
      }
      case 'replay':
        void vscode.commands.executeCommand('hindcast.replay', vscode.Uri.file(message.recording));
    }
  }

  /** The recording that the panel shows, whatever the debugger looks at. */
  private target(): { readonly recording?: string } {
    const { recording } = this.follower;
    return recording === undefined ? {} : { recording };
  }

  private async answer(id: number, command: PanelCommand, args: object): Promise<HostMessage> {
    try {
      if (!PANEL_COMMANDS.includes(command)) throw new Error(`Panels do not ask for ${String(command)}.`);
      return { kind: 'response', id, body: await this.follower.ask(command, args as never) };
    } catch (error) {
      return { kind: 'response', id, error: sentenceOf(error) };
    }
  }

  private async picked(id: number, title: string): Promise<HostMessage> {
    try {
      return { kind: 'response', id, body: (await this.pick(title)) ?? null };
    } catch (error) {
      return { kind: 'response', id, error: sentenceOf(error) };
    }
  }
}

/** Asks where. */
async function save(name: string, text: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  const [, ending = ''] = /\.(\w+)$/.exec(name) ?? [];
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, path.basename(name)),
    filters: ending === '' ? {} : { [ending.toUpperCase()]: [ending] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}

function isAction(command: unknown): command is PanelAction {
  return (PANEL_ACTIONS as readonly unknown[]).includes(command);
}

function showError(error: unknown): void {
  void vscode.window.showErrorMessage(`Hindcast: ${sentenceOf(error)}`);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
