/** The folders of one VS Code: settings, extensions, home, all of them temporary. */
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../remove-folder.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** Quiet, and without anything that asks other machines. */
const quietSettings: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.dialogStyle': 'custom',
  // each has npm install packages
  'js/ts.tsserver.automaticTypeAcquisition.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'npm.fetchOnlinePackageInfo': false,
};

export class Profile {
  /** Holds all the others. No symbolic links: VS Code tells what belongs to an extension by the beginning of a path. */
  readonly folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'hindcast-vscode-'));
  readonly server = this.subfolder('server');
  readonly home = this.subfolder('home');
  readonly temporary = this.subfolder('tmp');
  readonly user: string;
  readonly extensions: string;

  /** `user` and `extensions` may lie elsewhere; then they are their owner's to remove. */
  constructor(settings: Settings = {}, user?: string, extensions?: string) {
    this.user = user ?? this.subfolder('user');
    this.extensions = extensions ?? this.subfolder('ext');
    mkdirSync(path.join(this.user, 'User'), { recursive: true });
    const all = { ...quietSettings, ...settings };
    writeFileSync(path.join(this.user, 'User', 'settings.json'), JSON.stringify(all, undefined, 2));
  }

  /** Removes everything; may be called again. */
  remove(): void {
    removeFolder(this.folder);
  }

  subfolder(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}
