/** Replays as the tests inside the extension host see them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

const WAIT_MS = 90_000;
const LOOK_MS = 20;

export const extensionId = 'hindcast.hindcast-debugger';

/** A file of the workspace. */
export function file(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** What the predicate gives, once it gives something. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (
    const end = Date.now() + WAIT_MS;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`In ${WAIT_MS} ms there was not: ${what}`);
}

/** Stops of all replays, from when it is made on. */
export class Stops implements vscode.Disposable {
  readonly all: { readonly session: vscode.DebugSession; readonly reason: string; readonly text: string }[] = [];
  private readonly tracker = vscode.debug.registerDebugAdapterTrackerFactory('hindcast', {
    createDebugAdapterTracker: (session) => ({
      onDidSendMessage: ({ event, body }: { event?: string; body?: { reason: string; text?: string } }) => {
        if (event === 'stopped' && body) this.all.push({ session, reason: body.reason, text: body.text ?? '' });
      },
    }),
  });

  /** The next stop that the action leads to. */
  async after(
    action: () => Thenable<unknown>,
  ): Promise<{ readonly session: vscode.DebugSession; readonly reason: string; readonly text: string }> {
    const before = this.all.length;
    await action();
    return until('a stop', () => this.all[before]);
  }

  dispose(): void {
    this.tracker.dispose();
  }
}

/** Line of the innermost frame of a session, and the file's name. */
export async function place(session: vscode.DebugSession): Promise<string> {
  const { threads } = (await session.customRequest('threads')) as { threads: { id: number }[] };
  for (const { id } of threads) {
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId: id })) as {
      stackFrames: { line: number; source?: { path?: string } }[];
    };
    const [top] = stackFrames;
    if (top && top.line > 0) return `${path.basename(top.source?.path ?? '')}:${top.line}`;
  }
  return '';
}

/** VS Code takes no step from a stop that it does not show yet: it shows another frame than that one. */
export async function shown(before?: vscode.DebugThread | vscode.DebugStackFrame): Promise<void> {
  await until('the frame', () => {
    const item = vscode.debug.activeStackItem;
    return item !== undefined && item !== before && 'frameId' in item;
  });
}

export async function endAll(): Promise<void> {
  await vscode.debug.stopDebugging();
  await until('the end of the sessions', () => vscode.debug.activeDebugSession === undefined);
}

/** The newest recording of the workspace, by its folder. */
export function newestRecording(): string {
  const store = file('.hindcast/recordings').fsPath;
  const newest = readdirSync(store)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error('There is no recording.');
  return path.join(store, newest);
}

/** Runs the command `hindcast` of the installed extension. */
export function hindcast(...args: readonly string[]): string {
  const extension = vscode.extensions.getExtension(extensionId)!;
  const cli = path.join(extension.extensionPath, 'cli', 'dist', 'hindcast.cjs');
  return execFileSync(process.execPath, [cli, ...args], { cwd: file('.').fsPath, encoding: 'utf8' });
}

/** Command lines of the processes that the extension host has started and that live. */
export function children(pid: number = process.pid): string[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]);
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), parent, line }];
      } catch {
        return [];
      }
    });
  const of = (parent: number): string[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each.line, ...of(each.pid)]);
  return of(pid);
}
