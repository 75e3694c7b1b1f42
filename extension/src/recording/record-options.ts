/** How much is recorded: what a launch configuration says, else the settings of the folder. */
import * as vscode from 'vscode';

export interface RecordOptions {
  /** packages: what they change in objects, their steps, too, or nothing */
  readonly dependencies?: 'writes' | 'steps' | 'off';
  /** globs of files whose steps are recorded wherever they lie */
  readonly include?: readonly string[];
  /** as `hindcast record --level` */
  readonly level?: 'full' | 'light' | 'auto';
}

const NAMES = ['dependencies', 'include', 'level'] as const;

/** Those of the three that a configuration has. */
export function optionsOf(config: RecordOptions): RecordOptions {
  return Object.fromEntries(NAMES.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));
}

/** As arguments of `hindcast record`. */
export function recordArguments(given: RecordOptions, cwd: string): readonly string[] {
  const settings = vscode.workspace.getConfiguration('hindcast', vscode.Uri.file(cwd));
  const { level = settings.get<string>('level', 'full') } = given;
  return ['--level', level, ...selectionArguments(given, settings)];
}

/** As arguments of `hindcast record` and `hindcast warm`. */
export function selectionArguments(given: RecordOptions, settings: vscode.WorkspaceConfiguration): readonly string[] {
  const {
    dependencies = settings.get<string>('dependencies', 'writes'),
    include = settings.get<readonly string[]>('include', []),
  } = given;
  return ['--deps', dependencies, ...include.flatMap((glob) => ['--include', glob])];
}
