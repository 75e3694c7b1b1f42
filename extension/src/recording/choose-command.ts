/** `Hindcast: Record…`: what to record, from an npm script, a launch configuration, the open file or a command line. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandOf, lineOf } from './command-line.ts';
import { launches, launchesOf } from './launch-configurations.ts';
import { mayRecord, type RecordRequest } from './record.ts';

type Choice = vscode.QuickPickItem & { readonly request?: () => Promise<RecordRequest | undefined> };

const CODE_FILE = /\.[cm]?[jt]sx?$/;

/** undefined where the user chose nothing, or may not record. */
export async function chooseCommand(): Promise<RecordRequest | undefined> {
  if (!mayRecord()) return undefined;
  // a monorepo has many scripts: what is always there comes before them
  const choices = [...fileChoices(), commandChoice(), ...launchChoices(), ...(await scriptChoices())];
  const choice = await vscode.window.showQuickPick(choices, {
    title: 'Record',
    placeHolder: 'What to run and record',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return choice?.request?.();
}

/** The file with the Node that the workspace uses; TypeScript through tsx or ts-node where the package has one. */
export function recordFile(file: string): RecordRequest {
  const cwd = packageFolder(file) ?? path.dirname(file);
  const relative = path.relative(cwd, file) || file;
  const loader = /\.[cm]?tsx?$/.test(file) ? typeScriptLoader(cwd) : [];
  return { title: path.basename(file), command: ['node', ...loader, relative], cwd, reveal: true };
}

export function recordScript(packageFile: string, script: string): RecordRequest {
  const cwd = path.dirname(packageFile);
  return { title: `npm run ${script}`, command: [managerOf(cwd), 'run', script], cwd, reveal: true };
}

/** What a launch configuration starts; undefined where it is there no more. */
export function recordLaunch(file: string, name: string): RecordRequest | undefined {
  return launchesOf(file).find((launch) => launch.name === name)?.request;
}

function fileChoices(): Choice[] {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file' || !CODE_FILE.test(document.uri.fsPath)) return [];
  const request = recordFile(document.uri.fsPath);
  return [
    {
      label: '$(file-code) This file',
      description: request.command.join(' '),
      detail: shownFolder(request.cwd),
      request: async () => ((await document.save()) || !document.isDirty ? request : undefined),
    },
  ];
}

/** More packages than these are not looked for: whoever has them opens a file of the one that is meant. */
const MOST_PACKAGES = 200;

/** Of the open file's package first, then of the workspace's folders, then of the packages below them. */
async function scriptChoices(): Promise<Choice[]> {
  const folders = new Set<string>();
  const document = vscode.window.activeTextEditor?.document;
  const nearest = document?.uri.scheme === 'file' ? packageFolder(document.uri.fsPath) : undefined;
  if (nearest) folders.add(nearest);
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) folders.add(uri.fsPath);
  const below = await vscode.workspace.findFiles('**/package.json', '**/{node_modules,.hindcast}/**', MOST_PACKAGES);
  for (const folder of below.map(({ fsPath }) => path.dirname(fsPath)).sort()) folders.add(folder);
  const choices = [...folders].flatMap((folder) =>
    Object.entries(scriptsOf(path.join(folder, 'package.json'))).map(([name, text]): Choice => ({
      label: `$(package) npm run ${name}`,
      description: text,
      detail: shownFolder(folder),
      request: () => Promise.resolve(recordScript(path.join(folder, 'package.json'), name)),
    })),
  );
  return choices.length > 0 ? [separator('Scripts'), ...choices] : [];
}

function launchChoices(): Choice[] {
  const all = launches();
  const isOneFolder = new Set(all.map(({ folder }) => folder)).size < 2;
  const choices = all.map(({ folder, name, request }): Choice => ({
    label: `$(debug-alt) ${name}`,
    description: lineOf(request.command),
    ...(isOneFolder ? {} : { detail: folder.name }),
    request: () => Promise.resolve(request),
  }));
  return choices.length > 0 ? [separator('Launch configurations'), ...choices] : [];
}

function commandChoice(): Choice {
  return {
    label: '$(terminal) A command line…',
    alwaysShow: true,
    request: async () => {
      if (!vscode.workspace.workspaceFolders?.length) {
        void vscode.window.showErrorMessage('Open a folder first: the command runs in it.');
        return undefined;
      }
      const cwd = await commandFolder();
      if (cwd === undefined) return undefined;
      const line = await vscode.window.showInputBox({
        title: 'Record a command line',
        prompt: `Runs in ${shownFolder(cwd)}, as it would in a terminal`,
        placeHolder: 'npx vitest run src/cart.test.ts',
        validateInput: (text) => (text.trim() ? undefined : 'Type a command.'),
      });
      if (line === undefined) return undefined;
      return { title: line, command: commandOf(line), cwd, reveal: true };
    },
  };
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function shownFolder(folder: string): string {
  const root = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === folder);
  return root?.name ?? vscode.workspace.asRelativePath(folder, true);
}

/** Of the open file's workspace folder; where there is none, the user is asked which of several. */
async function commandFolder(): Promise<string | undefined> {
  const { workspaceFolders: folders = [] } = vscode.workspace;
  const open = vscode.window.activeTextEditor?.document.uri;
  const own = open && vscode.workspace.getWorkspaceFolder(open);
  if (own || folders.length < 2) return (own ?? folders[0])?.uri.fsPath;
  const chosen = await vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder that the command runs in' });
  return chosen?.uri.fsPath;
}

/** The nearest folder with a package.json. */
export function packageFolder(file: string): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

function scriptsOf(packageFile: string): Readonly<Record<string, string>> {
  try {
    const { scripts } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly scripts?: Record<string, string> };
    return scripts ?? {};
  } catch {
    return {};
  }
}

/** By the lock file that is nearest. */
function managerOf(cwd: string): string {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package-lock.json'))) return 'npm';
    if (existsSync(path.join(folder, 'pnpm-lock.yaml'))) return 'pnpm';
    if (existsSync(path.join(folder, 'yarn.lock'))) return 'yarn';
    if (path.dirname(folder) === folder) return 'npm';
  }
}

function typeScriptLoader(cwd: string): readonly string[] {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const name of ['tsx', 'ts-node'])
      if (existsSync(path.join(folder, 'node_modules', name)))
        return name === 'tsx' ? ['--import', 'tsx'] : ['--require', 'ts-node/register'];
    if (path.dirname(folder) === folder) return [];
  }
}
