/** The projects of a workspace folder. */
import path from 'node:path';
import { writtenFiles } from '../../../../../trace-runtime/src/model/written-files.ts';
import { projectsOf } from './detect-runners.ts';
import { listNode } from './list-node.ts';
import { packagesAround, readPackage, type Package } from './packages.ts';
import { NO_USAGE } from './runner-usage.ts';
import type { Project } from '../test-model.ts';

const MOST_FILES = 200_000;
const PAUSE_FILES = 1000;

/** Those of the packages in it; where the folder itself is part of a package, that one's, too. */
export async function findProjects(folder: string): Promise<readonly Project[]> {
  const packages = await packagesIn(folder);
  const around = packages.some((each) => each.folder === folder) ? [] : packagesAround(folder);
  const outer = around.find((each) => projectsOf(each).length > 0);
  const all = outer ? [outer, ...packages] : packages;
  const projects = all.flatMap(projectsOf);
  return projects.length > 0 ? projects : all.flatMap(plainNode);
}

/** Nothing is said about a runner: tests of node:test need nothing. */
function plainNode({ folder, name }: Package): readonly Project[] {
  const project: Project = { runner: 'node', folder, name, usage: NO_USAGE };
  return listNode(project).length > 0 ? [project] : [];
}

async function packagesIn(folder: string): Promise<readonly Package[]> {
  const packages: Package[] = [];
  let count = 0;
  for (const file of writtenFiles(folder)) {
    if ((count += 1) > MOST_FILES) break;
    // Other questions are answered meanwhile.
    if (count % PAUSE_FILES === 0) await new Promise((resolve) => setImmediate(resolve));
    if (path.basename(file) !== 'package.json') continue;
    const found = readPackage(path.dirname(file));
    if (found) packages.push(found);
  }
  return packages;
}
