/** What a request of the Testing view shall record: for each project, its tests. */
import type * as vscode from 'vscode';
import { RUN_TAG } from './other-runners.ts';
import { isOuter } from './test-files.ts';
import { projectId, type TestTree } from './test-tree.ts';
import type { Project, Selection, TestReference } from './workspace/test-model.ts';

export interface RunSelection {
  readonly selection: Selection;
  readonly items: readonly vscode.TestItem[];
}

/** Without `include`: everything whose Run button is ours. */
export function selectionsOf(
  tree: TestTree,
  { include, exclude }: Pick<vscode.TestRunRequest, 'include' | 'exclude'>,
): readonly RunSelection[] {
  const roots = include ?? tree.allProjects().flatMap(({ item }) => (item.tags.includes(RUN_TAG) ? [item] : []));
  const excluded = new Set(exclude);
  const wanted = roots.flatMap((item) => withoutExcluded(item, excluded));
  const byProject = new Map<string, { readonly project: Project; readonly items: vscode.TestItem[] }>();
  for (const item of wanted) {
    const project = tree.nodeOf(item)?.project;
    if (!project) continue;
    const id = projectId(project);
    const entry = byProject.get(id) ?? { project, items: [] };
    byProject.set(id, entry);
    entry.items.push(item);
  }
  const meant = [...byProject.values()];
  return meant.flatMap(({ project, items }): RunSelection[] => {
    const whole = items.find((item) => tree.nodeOf(item)?.kind === 'project');
    // its runner runs the tests of the packages in it, too
    const isTwice = meant.some((other) => isOuter(project, other.project));
    if (whole && !isTwice) return [{ selection: { project }, items }];
    const own = whole ? tree.filesOf(project).map((file) => ({ file, ids: [] })) : [];
    const tests = [...own, ...items.flatMap((item) => referencesOf(tree, item))];
    return tests.length > 0 ? [{ selection: { project, tests }, items }] : [];
  });
}

/** The item, or what of it is not left out. */
function withoutExcluded(item: vscode.TestItem, excluded: ReadonlySet<vscode.TestItem>): readonly vscode.TestItem[] {
  if (excluded.has(item)) return [];
  if (![...excluded].some((each) => isWithin(each, item))) return [item];
  const children: vscode.TestItem[] = [];
  item.children.forEach((child) => children.push(...withoutExcluded(child, excluded)));
  return children;
}

export function isWithin(item: vscode.TestItem, outer: vscode.TestItem): boolean {
  for (let at = item.parent; at; at = at.parent) if (at === outer) return true;
  return false;
}

function referencesOf(tree: TestTree, item: vscode.TestItem): readonly TestReference[] {
  const node = tree.nodeOf(item);
  if (!node || node.kind === 'project') return [];
  if (node.kind !== 'folder') return [node.reference];
  const references: TestReference[] = [];
  item.children.forEach((child) => references.push(...referencesOf(tree, child)));
  return references;
}
