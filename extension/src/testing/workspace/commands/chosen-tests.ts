/** What one command of a runner shall run. */
import { escapePattern, fixedName, joinNames, namePattern } from '../names.ts';
import { allPaths, isWithin, type TestPath } from '../parsed-tree.ts';
import type { NodeVersion } from '../runners/node-version.ts';
import type { ParsedTest, Project } from '../test-model.ts';

/** All of a project, some of its files, or some tests of one file. */
export type Chosen =
  | { readonly kind: 'all' }
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | {
      readonly kind: 'tests';
      readonly file: string;
      readonly paths: readonly TestPath[];
      /** whole names of tests beside `paths`: rows of tables */
      readonly rows: readonly string[];
      /** all tests of the file */
      readonly tree: readonly ParsedTest[];
    };

/** What a command needs to know beside what it shall run. */
export interface Surroundings {
  readonly project: Project;
  /** version of the Node that runs the command */
  readonly node: NodeVersion;
  /** the project's test files, where they are known */
  readonly siblings: readonly string[];
}

/** For runners that match a pattern against names joined by a space. `lead`: what may stand before them. */
export function joinedPattern({ paths, rows, tree }: Extract<Chosen, { kind: 'tests' }>, lead = ''): string {
  const tests = paths.flatMap((path) => (isSuite(path) ? suitePatterns(path, tree) : [`${nameOf(path)}$`]));
  const each = [...tests, ...rows.map((row) => `${escapePattern(row)}$`)];
  return `^${lead}${each.length === 1 ? each[0] : `(?:${each.join('|')})`}`;
}

/** All that begins with the suite's name; each of its tests where others begin so, too. */
function suitePatterns(suite: TestPath, tree: readonly ParsedTest[]): readonly string[] {
  const whole = `${nameOf(suite)} `;
  const begins = new RegExp(`^${whole}`);
  const tests = allPaths(tree).filter((path) => !isSuite(path));
  const isTaken = tests.some((path) => !isWithin(path, suite) && begins.test(fixedName(joinNames(path, ' ')) ?? ''));
  return isTaken ? tests.filter((path) => isWithin(path, suite)).map((path) => `${nameOf(path)}$`) : [whole];
}

function isSuite(path: TestPath): boolean {
  return path.at(-1)?.kind === 'suite';
}

function nameOf(path: TestPath): string {
  return namePattern(joinNames(path, ' '));
}

export function filesOf(chosen: Chosen): readonly string[] {
  return chosen.kind === 'all' ? [] : chosen.kind === 'files' ? chosen.files : [chosen.file];
}
