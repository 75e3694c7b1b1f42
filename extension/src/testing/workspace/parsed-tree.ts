/** Walks over the tests of a file. */
import type { ParsedTest } from './test-model.ts';

/** From the outermost suite to the test itself. */
export type TestPath = readonly ParsedTest[];

/** Every suite and test, in the order of the source. */
export function allPaths(tests: readonly ParsedTest[], above: TestPath = []): readonly TestPath[] {
  return tests.flatMap((test) => {
    const path = [...above, test];
    return [path, ...allPaths(test.children, path)];
  });
}

/** undefined where the file has no such test any more */
export function findPath(tests: readonly ParsedTest[], ids: readonly string[]): TestPath | undefined {
  const path: ParsedTest[] = [];
  let level = tests;
  for (const id of ids) {
    const found = level.find((test) => test.id === id);
    if (!found) return undefined;
    path.push(found);
    level = found.children;
  }
  return path;
}

export function isWithin(path: TestPath, outer: TestPath): boolean {
  return outer.every((test, index) => path[index] === test);
}

export function idsOf(path: TestPath): readonly string[] {
  return path.map(({ id }) => id);
}
