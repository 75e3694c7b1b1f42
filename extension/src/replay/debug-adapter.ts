/** The `hindcast` debug type: its configurations, and the adapter that each session has in a process of its own. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Installation } from '../installation.ts';
import { commandOf } from '../recording/launch-configurations.ts';
import { faultOf } from '../recording/launch-faults.ts';
import { optionsOf, type RecordOptions } from '../recording/record-options.ts';
import type { Recorder } from '../recording/record.ts';
import type { ReadyAdapter } from './ready-adapter.ts';
import { DEBUG_TYPE } from './replayer.ts';

/** What a configuration of the type may say; debug-adapter/README.md. */
interface ReplayConfiguration extends vscode.DebugConfiguration, RecordOptions {
  readonly recording?: string;
  readonly program?: string;
  readonly args?: readonly string[] | string;
  readonly runtimeArgs?: readonly string[];
  readonly runtimeExecutable?: string;
  readonly command?: readonly string[] | string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | null>>;
  readonly envFile?: string;
}

interface Parts {
  readonly installation: Installation;
  readonly recorder: Recorder;
  readonly ready: ReadyAdapter;
  /** the newest recording of the workspace */
  readonly newest: (folder: vscode.WorkspaceFolder | undefined) => Promise<string | undefined>;
}

export function registerDebugType(parts: Parts): vscode.Disposable {
  const { installation, ready } = parts;
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      async createDebugAdapterDescriptor({ workspaceFolder }) {
        const cwd = (workspaceFolder ?? vscode.workspace.workspaceFolders?.[0])?.uri.fsPath;
        const { command, args, env } = installation.reader('dap');
        const started = await ready.take(cwd);
        return (
          started ?? new vscode.DebugAdapterExecutable(command, [...args], { env: { ...env }, ...(cwd ? { cwd } : {}) })
        );
      },
    }),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, new Configurations(parts)),
  );
}

class Configurations implements vscode.DebugConfigurationProvider {
  constructor(private readonly parts: Parts) {}

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [
      { type: DEBUG_TYPE, request: 'launch', name: 'Replay the newest recording' },
      { type: DEBUG_TYPE, request: 'launch', name: 'Record this file and replay', program: '${file}' },
    ];
  }

  /** Without a configuration at all: the newest recording, else the file that is open. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    given: ReplayConfiguration,
  ): Promise<ReplayConfiguration | null | undefined> {
    const config = given.type ? given : { type: DEBUG_TYPE, request: 'launch', name: 'Hindcast' };
    if (config.recording !== undefined || config.program !== undefined || config.command !== undefined) return config;
    const recording = await this.parts.newest(folder);
    if (recording !== undefined) return { ...config, recording };
    const choice = await vscode.window.showInformationMessage(
      'There is no recording here yet. Record something first: a test, a file or any command.',
      'Record…',
    );
    if (choice) void vscode.commands.executeCommand('hindcast.record');
    return undefined;
  }

  /** A program or command is recorded first, in a terminal. */
  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    config: ReplayConfiguration,
    token?: vscode.CancellationToken,
  ): Promise<ReplayConfiguration | null | undefined> {
    const { program, command, args: _, runtimeArgs: __, runtimeExecutable: ___, env, envFile, ...rest } = config;
    const allowed = vscode.workspace.isTrusted ? rest : { ...rest, allowEvaluate: false };
    const base = folder?.uri.fsPath ?? process.cwd();
    const fault = faultOf(config, base);
    // null: the configuration is opened
    if (fault !== undefined) return this.refuse(config, fault);
    const words = program === undefined && command === undefined ? undefined : commandOf(config);
    if (!words) return allowed;
    const cwd = path.resolve(base, config.cwd ?? '.');
    const recorded = await this.parts.recorder.record({
      title: config.name,
      command: words,
      cwd,
      ...(env ? { env } : {}),
      ...(envFile ? { envFile: path.resolve(cwd, envFile) } : {}),
      options: optionsOf(config),
      reveal: true,
      ...(token ? { token } : {}),
    });
    return recorded && { ...allowed, recording: recorded.path };
  }

  private refuse({ name }: ReplayConfiguration, fault: string): null {
    void vscode.window.showErrorMessage(`The launch configuration "${name}" cannot be started. ${fault}`);
    return null;
  }
}
