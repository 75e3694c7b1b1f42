/** The items of the Testing view: projects, folders, files, suites and tests, and the rows that tables turned out to have. */
import path from 'node:path';
import * as vscode from 'vscode';
import { tagsOf } from './other-runners.ts';
import { isFixed } from './workspace/names.ts';
import type { ParsedTest, Project, SourceRange, TestReference } from './workspace/test-model.ts';

/** What an item stands for. */
export type TestNode =
  | { readonly kind: 'project'; readonly project: Project }
  | { readonly kind: 'folder'; readonly project: Project }
  /** `table`: tests whose names are only known when they run; they become its rows */
  | {
      readonly kind: 'file' | 'suite' | 'test' | 'table' | 'row';
      readonly project: Project;
      readonly reference: TestReference;
    };

export class TestTree {
  private readonly nodes = new WeakMap<vscode.TestItem, TestNode>();
  private readonly projects = new Map<string, { readonly project: Project; readonly item: vscode.TestItem }>();
  private readonly files = new Map<string, vscode.TestItem>();
  /** what the source of a file says, where it was read */
  private readonly parsed = new Map<string, readonly ParsedTest[]>();

  constructor(private readonly controller: vscode.TestController) {}

  nodeOf(item: vscode.TestItem): TestNode | undefined {
    return this.nodes.get(item);
  }

  testsOf(file: string): readonly ParsedTest[] | undefined {
    return this.parsed.get(file);
  }

  allProjects(): readonly { readonly project: Project; readonly item: vscode.TestItem }[] {
    return [...this.projects.values()];
  }

  /** The projects that there are now. What is known of those that stay, stays. */
  setProjects(projects: readonly Project[]): void {
    const ids = new Set(projects.map(projectId));
    for (const [id, { item }] of this.projects) {
      if (ids.has(id)) continue;
      for (const file of this.filesIn(item)) this.forget(file);
      this.projects.delete(id);
      this.controller.items.delete(id);
    }
    for (const project of projects) this.projectItem(project);
  }

  /** The files that a project has now. */
  setFiles(project: Project, files: readonly string[], problem: string | undefined): void {
    const item = this.projectItem(project);
    item.error = problem;
    const wanted = new Set(files);
    for (const file of this.filesIn(item)) if (!wanted.has(file)) this.removeFile(file);
    for (const file of files) this.fileItem(this.homeOf(project, file), file);
    const isBelow = files.length > 0 && item.children.size === 0;
    item.description = [placedIn(project), isBelow ? 'tests in its packages' : ''].filter(Boolean).join(', ');
  }

  /** Files of the project that are known. */
  filesOf(project: Project): readonly string[] {
    return this.filesIn(this.projectItem(project));
  }

  /** The file's item; its tests are known after `setTests`. */
  fileItem(project: Project, file: string): vscode.TestItem {
    const known = this.files.get(file);
    const node = known && this.nodes.get(known);
    if (known && node && projectId(node.project) === projectId(project)) return known;
    if (known) this.removeFile(file);
    const item = this.create(file, path.basename(file), { kind: 'file', project, reference: { file, ids: [] } }, file);
    item.canResolveChildren = true;
    this.folderItem(project, path.dirname(file)).children.add(item);
    this.files.set(file, item);
    return item;
  }

  setTests(project: Project, file: string, tests: readonly ParsedTest[]): vscode.TestItem {
    const item = this.fileItem(project, file);
    this.parsed.set(file, tests);
    this.replace(item, project, tests, { file, ids: [] }, false);
    return item;
  }

  hasFile(file: string): boolean {
    return this.files.has(file);
  }

  removeFile(file: string): void {
    const item = this.files.get(file);
    this.forget(file);
    for (let at = item, parent = at?.parent; at && parent; at = parent, parent = at.parent) {
      parent.children.delete(at.id);
      if (parent.children.size > 0 || this.nodes.get(parent)?.kind !== 'folder') break;
    }
  }

  find({ file, ids, row }: TestReference): vscode.TestItem | undefined {
    let item = this.files.get(file);
    for (const id of ids) item = item?.children.get(id);
    return row === undefined ? item : item?.children.get(rowId(row));
  }

  /** A test that ran and whose name the source does not tell. */
  rowItem(reference: TestReference, label: string): vscode.TestItem | undefined {
    const { file, ids, row } = reference;
    const parent = this.find({ file, ids });
    const node = parent && this.nodes.get(parent);
    if (!parent || !node || row === undefined) return undefined;
    const known = parent.children.get(rowId(row));
    if (known) return known;
    const item = this.create(rowId(row), label, { kind: 'row', project: node.project, reference }, file);
    item.range = parent.range;
    parent.children.add(item);
    return item;
  }

  /** After other extensions came or went. */
  retag(): void {
    const visit = (item: vscode.TestItem): void => {
      const node = this.nodes.get(item);
      if (node) item.tags = tagsOf(node.project.runner);
      item.children.forEach(visit);
    };
    this.controller.items.forEach(visit);
  }

  private projectItem(project: Project): vscode.TestItem {
    const id = projectId(project);
    const known = this.projects.get(id);
    if (known) {
      this.nodes.set(known.item, { kind: 'project', project });
      this.projects.set(id, { project, item: known.item });
      return known.item;
    }
    const item = this.create(id, project.name, { kind: 'project', project }, project.folder);
    item.description = placedIn(project);
    item.canResolveChildren = true;
    this.projects.set(id, { project, item });
    this.controller.items.add(item);
    return item;
  }

  /** The nearest project of the same runner that holds the file. */
  private homeOf(project: Project, file: string): Project {
    let home = project;
    for (const { project: other } of this.projects.values()) {
      const isNearer = other.runner === home.runner && other.folder.length > home.folder.length;
      if (isNearer && file.startsWith(other.folder + path.sep)) home = other;
    }
    return home;
  }

  private folderItem(project: Project, folder: string): vscode.TestItem {
    const relative = path.relative(project.folder, folder);
    let item = this.projectItem(project);
    let at = project.folder;
    for (const name of relative === '' ? [] : relative.split(path.sep)) {
      at = path.join(at, name);
      let child = item.children.get(at);
      if (!child) {
        child = this.create(at, name, { kind: 'folder', project }, at);
        item.children.add(child);
      }
      item = child;
    }
    return item;
  }

  private replace(
    item: vscode.TestItem,
    project: Project,
    tests: readonly ParsedTest[],
    above: Pick<TestReference, 'file' | 'ids'>,
    inTable: boolean,
  ): void {
    const rows: vscode.TestItem[] = [];
    item.children.forEach((child) => {
      if (this.nodes.get(child)?.kind === 'row') rows.push(child);
    });
    const children = tests.map((test) => {
      const reference = { file: above.file, ids: [...above.ids, test.id] };
      const isOpen = inTable || !isFixed(test.name);
      const kind = isOpen && test.kind === 'test' ? 'table' : test.kind;
      const child =
        item.children.get(test.id) ?? this.create(test.id, test.label, { kind, project, reference }, above.file);
      this.nodes.set(child, { kind, project, reference });
      child.range = rangeOf(test.range);
      this.replace(child, project, test.children, reference, isOpen);
      return child;
    });
    item.children.replace([...children, ...rows]);
  }

  private create(id: string, label: string, node: TestNode, file: string): vscode.TestItem {
    const item = this.controller.createTestItem(id, label, vscode.Uri.file(file));
    item.tags = tagsOf(node.project.runner);
    this.nodes.set(item, node);
    return item;
  }

  private filesIn(item: vscode.TestItem): readonly string[] {
    const files: string[] = [];
    const visit = (child: vscode.TestItem): void => {
      const node = this.nodes.get(child);
      if (node?.kind === 'file') files.push(node.reference.file);
      else child.children.forEach(visit);
    };
    item.children.forEach(visit);
    return files;
  }

  private forget(file: string): void {
    this.files.delete(file);
    this.parsed.delete(file);
  }
}

export function projectId({ runner, folder }: Project): string {
  return `${runner}:${folder}`;
}

function rowId(row: string): string {
  return `\u0002${row}`;
}

function placedIn({ runner, folder }: Project): string {
  return [runner === 'node' ? 'node:test' : runner, placeOf(folder)].filter(Boolean).join(', ');
}

/** '' for the only folder of the workspace. */
function placeOf(folder: string): string {
  const home = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder));
  if (!home) return folder;
  const relative = path.relative(home.uri.fsPath, folder);
  const isOnly = vscode.workspace.workspaceFolders?.length === 1;
  return [isOnly ? '' : home.name, relative].filter(Boolean).join('/');
}

export function rangeOf({ start, end }: SourceRange): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}
