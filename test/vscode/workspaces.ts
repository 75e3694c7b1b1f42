/** Copies of projects that tests open, so that nothing they leave behind is in the repository. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { removeFolder } from '../../scripts/remove-folder.ts';
import { repository } from '../../scripts/vscode-host/repository.ts';

export interface Workspace {
  /** a real path */
  readonly folder: string;
  /** names its folders, where it has several */
  readonly file?: string;
  remove(): void;
}

export interface WorkspaceOptions {
  /** the repository's packages (vitest, jest, mocha, tsx …) are its packages too; `own`: those of the copied folder, moved */
  readonly packages?: boolean | 'own' | undefined;
}

/** `project`: a folder, from the repository's root or absolute. */
export function copyProject(project: string, options: WorkspaceOptions = {}): Workspace {
  const workspace = emptyWorkspace(path.basename(project), options);
  addProject(workspace, project, '.');
  if (options.packages === 'own') {
    renameSync(path.resolve(repository, project, 'node_modules'), path.join(workspace.folder, 'node_modules'));
  }
  return workspace;
}

/** Each in a subfolder of its name, and the folder of a workspace that holds them all. */
export function copyProjects(projects: readonly string[], options: WorkspaceOptions = {}): Workspace {
  const workspace = emptyWorkspace('several', options);
  for (const project of projects) addProject(workspace, project, path.basename(project));
  const file = path.join(workspace.folder, 'several.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: projects.map((project) => ({ path: path.basename(project) })) }));
  return { ...workspace, file };
}

export function emptyWorkspace(name: string, { packages }: WorkspaceOptions = {}): Workspace {
  const base = mkdtempSync(path.join(realpathSync(tmpdir()), 'hindcast-workspace-'));
  const folder = path.join(base, name);
  mkdirSync(folder);
  if (packages === true) symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  const remove = (): void => removeFolder(base);
  process.once('exit', remove);
  return {
    folder,
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

/** Copies a project of the repository into a subfolder. */
export function addProject({ folder }: Workspace, project: string, subfolder: string): void {
  const source = path.resolve(repository, project);
  if (!existsSync(source)) throw new Error(`There is no project ${project}.`);
  cpSync(source, path.join(folder, subfolder), {
    recursive: true,
    filter: (file) => !['node_modules', '.hindcast'].includes(path.basename(file)),
  });
}
