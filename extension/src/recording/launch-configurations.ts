/** What of the workspace's launch configurations can be recorded: those that start a Node program. */
import path from 'node:path';
import * as vscode from 'vscode';
import { parseArgsStringToArgv as parseCommandLine } from 'string-argv';
import { commandOf as commandOfLine } from './command-line.ts';
import { wrongAttributeOf } from './launch-faults.ts';
import { optionsOf, type RecordOptions } from './record-options.ts';
import type { RecordRequest } from './record.ts';

/** One of a folder's `launch.json` (or of the workspace's file), as people wrote it. */
interface LaunchConfiguration extends RecordOptions {
  readonly type?: string;
  readonly request?: string;
  readonly name?: string;
  readonly program?: string;
  readonly command?: string | readonly string[];
  readonly args?: readonly string[] | string;
  readonly runtimeArgs?: readonly string[];
  readonly runtimeExecutable?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly envFile?: string;
}

export interface Launch {
  readonly folder: vscode.WorkspaceFolder;
  readonly name: string;
  /** absolute, where it names one that is the same whichever file is open */
  readonly program: string | undefined;
  readonly request: RecordRequest;
}

const TYPES: ReadonlySet<string> = new Set(['node', 'pwa-node', 'node-terminal', 'hindcast']);

/** Of all folders of the workspace, in their order. */
export function launches(): readonly Launch[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap((folder) => {
    const settings = vscode.workspace.getConfiguration('launch', folder.uri);
    const all = settings.get<readonly LaunchConfiguration[]>('configurations') ?? [];
    return all.flatMap((config) => launchOf(config, folder) ?? []);
  });
}

/** Those that start this file. */
export function launchesOf(file: string): readonly Launch[] {
  return launches().filter(({ program }) => program !== undefined && isSameFile(program, file));
}

/** undefined of configurations that start no Node program, or cannot be read */
function launchOf(config: LaunchConfiguration, folder: vscode.WorkspaceFolder): Launch | undefined {
  const { type = '', request = 'launch', name = 'Launch', program } = config;
  if (!TYPES.has(type) || request !== 'launch' || wrongAttributeOf({ ...config }) !== undefined) return undefined;
  const put = (text: string): string => substitute(text, folder);
  const command = commandOf(config, put);
  if (!command) return undefined;
  const cwd = path.resolve(folder.uri.fsPath, put(config.cwd ?? '.'));
  const { env = {}, envFile } = config;
  return {
    folder,
    name,
    program: program === undefined || program.includes('${file') ? undefined : path.resolve(cwd, put(program)),
    request: {
      title: name,
      command,
      cwd,
      ...(Object.keys(env).length > 0 ? { env } : {}),
      ...(envFile ? { envFile: path.resolve(cwd, put(envFile)) } : {}),
      options: optionsOf(config),
      reveal: true,
    },
  };
}

/** Undefined where it starts nothing. `put`: puts in what VS Code's variables stand for, where it has not done so. */
export function commandOf(
  config: LaunchConfiguration,
  put: (text: string) => string = (text) => text,
): readonly string[] | undefined {
  const { program, command, args = [], runtimeArgs = [], runtimeExecutable = 'node' } = config;
  if (command !== undefined) return typeof command === 'string' ? commandOfLine(put(command)) : command.map(put);
  if (program === undefined && runtimeArgs.length === 0) return undefined;
  const given = typeof args === 'string' ? parseCommandLine(args) : args;
  return [runtimeExecutable, ...runtimeArgs, ...(program === undefined ? [] : [program]), ...given].map(put);
}

function substitute(text: string, folder: vscode.WorkspaceFolder): string {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath ?? '';
  return text
    .replaceAll('${workspaceFolder}', folder.uri.fsPath)
    .replaceAll('${workspaceRoot}', folder.uri.fsPath)
    .replaceAll(/\$\{workspaceFolder:([^}]+)\}/g, (whole, name: string) => folderCalled(name) ?? whole)
    .replaceAll('${file}', file)
    .replaceAll('${fileDirname}', path.dirname(file))
    .replaceAll('${relativeFile}', path.relative(folder.uri.fsPath, file))
    .replaceAll(/\$\{env:(\w+)\}/g, (_, variable: string) => process.env[variable] ?? '');
}

function folderCalled(name: string): string | undefined {
  return vscode.workspace.workspaceFolders?.find((folder) => folder.name === name)?.uri.fsPath;
}

/** Node finds a program without its extension, and a folder's `index`. */
function isSameFile(program: string, file: string): boolean {
  const plain = file.replace(/\.[cm]?[jt]sx?$/, '');
  return program === file || program === plain || (path.basename(plain) === 'index' && program === path.dirname(file));
}
