/** The files of tests that each project has, as its runner lists them. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { TestTree } from './test-tree.ts';
import { Cancelled, type WorkspaceService } from './workspace/service-client.ts';
import type { Project } from './workspace/test-model.ts';

export class TestFiles {
  /** projects whose files were asked for */
  private readonly listed = new Set<string>();

  constructor(
    private readonly service: WorkspaceService,
    private readonly tree: TestTree,
  ) {}

  /** Asks the runner anew. */
  async list(project: Project, item: vscode.TestItem, token?: vscode.CancellationToken): Promise<void> {
    const { service, tree } = this;
    const trusted = vscode.workspace.isTrusted;
    item.busy = true;
    this.listed.add(item.id);
    try {
      const { files, problem } = await service.ask('list', { project, trusted }, token);
      const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath + path.sep);
      const shown = files.filter((file) => folders.some((folder) => file.startsWith(folder)));
      tree.setFiles(project, shown, problem && `${project.runner} could not list its tests: ${problem}`);
    } catch (error) {
      if (!(error instanceof Cancelled)) item.error = error instanceof Error ? error.message : String(error);
    } finally {
      item.busy = false;
    }
  }

  /** Those that were asked for before. */
  async listAgain(token?: vscode.CancellationToken): Promise<void> {
    for (const { project, item } of this.tree.allProjects())
      if (this.listed.has(item.id)) await this.list(project, item, token);
  }

  /** Of those with packages of the same runner in them: their own tests are known from those of the packages then. */
  async listOuter(token: vscode.CancellationToken): Promise<void> {
    const { tree } = this;
    for (const { project, item } of tree.allProjects())
      if (!this.listed.has(item.id) && tree.allProjects().some((other) => isOuter(project, other.project)))
        await this.list(project, item, token);
  }
}

/** Whether the other one is of the same runner, and lies in it: its tests are that one's alone. */
export function isOuter({ runner, folder }: Project, other: Project): boolean {
  return other.runner === runner && other.folder.startsWith(folder + path.sep);
}
