/** Which tests of the source the cases of a recording are. */
import { caseJoint, isFixed, joinNames, knownLength, matchesName } from './names.ts';
import { allPaths, idsOf, type TestPath } from './parsed-tree.ts';
import type { ParsedTest, RunnerName, TestReference } from './test-model.ts';

/** Of a recording's case, what tells which test it is. */
export interface RanCase {
  readonly name: string;
  /** '' where the runner did not say */
  readonly file: string;
  /** from 1; 0 where the runner did not say */
  readonly line: number;
}

export interface KnownFile {
  readonly file: string;
  readonly runner: RunnerName;
  readonly tests: readonly ParsedTest[];
}

export interface CaseOfTest<Case> {
  readonly found: Case;
  /** The test. Without ids: none in the source has such a name. */
  readonly reference: TestReference;
  /** for a test whose name is only known when it runs, and one that is not in the source: how to call it */
  readonly label: string | undefined;
}

/** In the order of the cases; those of files that are not known are left out. */
export function testsOfCases<Case extends RanCase>(
  cases: readonly Case[],
  files: readonly KnownFile[],
): readonly CaseOfTest<Case>[] {
  const byFile = new Map(files.map((file) => [file.file, new Matcher(file)]));
  const [only] = byFile.values();
  return cases.flatMap((found) => {
    const matcher = byFile.get(found.file) ?? (found.file === '' && byFile.size === 1 ? only : undefined);
    return matcher ? [matcher.match(found)] : [];
  });
}

class Matcher {
  private readonly joint: string;
  private readonly candidates: readonly { readonly path: TestPath; readonly name: ReturnType<typeof joinNames> }[];
  /** of several tests of one name, which have had their case */
  private readonly taken = new Set<TestPath>();

  constructor(private readonly known: KnownFile) {
    this.joint = caseJoint(known.runner);
    this.candidates = allPaths(known.tests)
      .filter((path) => path.at(-1)?.kind === 'test')
      .map((path) => ({ path, name: joinNames(path, this.joint) }));
  }

  match<Case extends RanCase>(found: Case): CaseOfTest<Case> {
    const { file } = this.known;
    const fitting = this.candidates.filter(({ name }) => matchesName(name, found.name));
    const fixed = fitting.filter(({ name }) => isFixed(name));
    const best = fixed.length > 0 ? fixed : mostKnown(fitting);
    const chosen =
      best.find(({ path }) => found.line > 0 && path.at(-1)?.range.start.line === found.line - 1) ??
      best.find(({ path }) => !this.taken.has(path)) ??
      best[0];
    if (!chosen) return { found, reference: { file, ids: [], row: found.name }, label: found.name };
    this.taken.add(chosen.path);
    const ids = idsOf(chosen.path);
    if (isFixed(chosen.name)) return { found, reference: { file, ids }, label: undefined };
    return { found, reference: { file, ids, row: found.name }, label: this.rowLabel(chosen.path, found.name) };
  }

  /** Without the names of suites that are known. */
  private rowLabel(path: TestPath, name: string): string {
    const above = joinNames(path.slice(0, -1), this.joint);
    if (path.length === 1 || !isFixed(above)) return name;
    return name.slice(above.join('').length + this.joint.length);
  }
}

function mostKnown<T extends { readonly name: ReturnType<typeof joinNames> }>(fitting: readonly T[]): readonly T[] {
  const most = Math.max(...fitting.map(({ name }) => knownLength(name)));
  return fitting.filter(({ name }) => knownLength(name) === most);
}
