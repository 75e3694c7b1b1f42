/** Hindcast's tests in the Testing view: found when they are asked for, kept up to date, recorded by its profile. */
import * as vscode from 'vscode';
import { RUN_TAG } from './other-runners.ts';
import type { Outlines } from './outlines.ts';
import type { TestFiles } from './test-files.ts';
import type { TestRecorder } from './test-recorder.ts';
import type { TestTree } from './test-tree.ts';
import type { Outline } from './workspace/protocol.ts';
import { looksLikeTest } from './workspace/test-file-names.ts';
import { Cancelled, type WorkspaceService } from './workspace/service-client.ts';

export interface TestViewParts {
  readonly controller: vscode.TestController;
  readonly service: WorkspaceService;
  readonly outlines: Outlines;
  readonly tree: TestTree;
  readonly files: TestFiles;
  readonly recorder: TestRecorder;
}

const SOURCES = '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}';
/** What a project is, and which files it has, may be different after a change of these. */
const SETTINGS = '**/{package.json,vitest.config.*,vitest.workspace.*,jest.config.*,.mocharc.*}';
const SOURCE = /\.[cm]?[jt]sx?$/;
/** Changes come in flocks. */
const SETTLE_MS = 300;

export class TestView implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private discovery: Promise<void> | undefined;
  private readonly changed = new Set<string>();
  private settling: NodeJS.Timeout | undefined;
  private hasStaleSettings = false;

  constructor(private readonly parts: TestViewParts) {
    const { controller, recorder, tree } = parts;
    controller.resolveHandler = (item) => (item ? this.resolve(item) : this.discover());
    controller.refreshHandler = (token) => this.refresh(token);
    controller.createRunProfile(
      'Record',
      vscode.TestRunProfileKind.Run,
      (request) => recorder.run(request, false),
      false,
      RUN_TAG,
    );
    this.disposables.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.note(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.note(document)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.forget()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.forget()),
      vscode.extensions.onDidChange(() => tree.retag()),
      this.watch(SOURCES, (file) => this.noteFile(file)),
      this.watch(SETTINGS, () => {
        this.hasStaleSettings = true;
        this.settle();
      }),
    );
  }

  /** Tests of files that are open: they have their signs beside them before anybody opens the view. */
  showOpenFiles(): void {
    for (const document of vscode.workspace.textDocuments) this.note(document);
  }

  /** The item of a test, once its file is read. */
  async itemFor(reference: Parameters<TestTree['find']>[0]): Promise<vscode.TestItem | undefined> {
    await this.read(reference.file);
    return this.parts.tree.find(reference);
  }

  dispose(): void {
    clearTimeout(this.settling);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private discover(): Promise<void> {
    return (this.discovery ??= this.findProjects());
  }

  private async findProjects(token?: vscode.CancellationToken): Promise<void> {
    const { service, tree } = this.parts;
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const found = await Promise.all(
      folders.map(({ uri }) => quiet(service.ask('projects', { folder: uri.fsPath }, token), [])),
    );
    tree.setProjects(found.flat());
    // Those of files that decide for themselves are none of the packages'.
    this.showOpenFiles();
  }

  private async refresh(token?: vscode.CancellationToken): Promise<void> {
    this.discovery = this.findProjects(token);
    await this.discovery;
    await this.parts.files.listAgain(token);
  }

  private async resolve(item: vscode.TestItem): Promise<void> {
    const node = this.parts.tree.nodeOf(item);
    if (node?.kind === 'project') await this.parts.files.list(node.project, item);
    else if (node?.kind === 'file') await this.read(node.reference.file);
  }

  /** Reads what a file says now; it is left as it is where it cannot be read. */
  private async read(file: string): Promise<void> {
    const { outlines } = this.parts;
    const outline = await quiet(outlines.ofFile(file), undefined);
    if (outline) this.take(file, outline);
  }

  private take(file: string, { project, tests }: Outline): void {
    const { tree } = this.parts;
    if (project) tree.setTests(project, file, tests);
    else tree.removeFile(file);
  }

  private note(document: vscode.TextDocument): void {
    if (document.uri.scheme === 'file') this.noteFile(document.uri.fsPath);
  }

  private noteFile(file: string): void {
    if (!SOURCE.test(file) || /[\\/](?:node_modules|\.hindcast)[\\/]/.test(file)) return;
    this.changed.add(file);
    this.settle();
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.takeChanges(), SETTLE_MS);
  }

  private async takeChanges(): Promise<void> {
    const files = [...this.changed];
    this.changed.clear();
    if (this.hasStaleSettings) {
      this.hasStaleSettings = false;
      if (this.discovery) await this.refresh();
    }
    for (const file of files) {
      const isShown = vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === file);
      const mayHaveTests = this.parts.tree.hasFile(file) || (this.discovery && looksLikeTest(file));
      if (isShown || mayHaveTests) await this.readOrRemove(file);
    }
  }

  private async readOrRemove(file: string): Promise<void> {
    try {
      this.take(file, await this.parts.outlines.ofFile(file));
    } catch (error) {
      if (!(error instanceof Cancelled)) this.parts.tree.removeFile(file);
    }
  }

  private forget(): void {
    if (this.discovery) void this.refresh();
  }

  private watch(pattern: string, action: (file: string) => void): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const take = ({ fsPath }: vscode.Uri): void => action(fsPath);
    watcher.onDidCreate(take);
    watcher.onDidChange(take);
    watcher.onDidDelete(take);
    return watcher;
  }
}

async function quiet<T, D>(answer: Promise<T>, otherwise: D): Promise<T | D> {
  try {
    return await answer;
  } catch {
    return otherwise;
  }
}
