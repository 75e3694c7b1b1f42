/**
 * Patterns for Node's runner. From Node 22 on it runs a test if a pattern fits its name, its name with those of its suites
 * before it, or that of a suite around it. So a pattern for `a` fits every test `a` of the file: those that are not meant
 * are skipped by their whole name. Node 20 looks at single names only, and has no way to skip: it runs all of that name.
 */
import { fixedName, joinNames, namePattern } from '../names.ts';
import { allPaths, isWithin, type TestPath } from '../parsed-tree.ts';
import type { NodeVersion } from '../runners/node-version.ts';
import type { ParsedTest } from '../test-model.ts';

export interface NodePatterns {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

export function nodePatterns(
  meant: readonly TestPath[],
  tree: readonly ParsedTest[],
  { major }: NodeVersion,
): NodePatterns {
  const roots = meant.map(outermostTest);
  if (major < 22) return { only: unique(roots.map((path) => anchored(path.slice(-1)))), skip: [] };
  const only = unique(roots.map(anchored));
  const isMeant = (path: TestPath): boolean => meant.some((each) => isWithin(path, each) || isWithin(each, path));
  const fits = fitting(only);
  const skip: string[] = [];
  const skipped: TestPath[] = [];
  for (const path of allPaths(tree)) {
    const name = fixedName(joinNames(path, ' '));
    if (name === undefined || isMeant(path) || !fits(path) || skipped.some((each) => isWithin(path, each))) continue;
    const pattern = anchored(path);
    const hitsMeant = allPaths(tree).some((each) => isMeant(each) && fitting([pattern])(each));
    if (hitsMeant) continue;
    skip.push(pattern);
    skipped.push(path);
  }
  return { only, skip: unique(skip) };
}

/** A subtest runs only with the test that makes it. */
function outermostTest(path: TestPath): TestPath {
  const at = path.findIndex(({ kind }) => kind === 'test');
  return at < 0 ? path : path.slice(0, at + 1);
}

function anchored(path: TestPath): string {
  return `^${namePattern(joinNames(path, ' '))}$`;
}

/** Whether Node would take a test as one that a pattern names. */
function fitting(patterns: readonly string[]): (path: TestPath) => boolean {
  const all = patterns.map((pattern) => new RegExp(pattern));
  return (path) =>
    path.some((_, index) => {
      const own = fixedName(joinNames(path.slice(index, index + 1), ' '));
      const whole = fixedName(joinNames(path.slice(0, index + 1), ' '));
      return all.some((each) => (own !== undefined && each.test(own)) || (whole !== undefined && each.test(whole)));
    });
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
