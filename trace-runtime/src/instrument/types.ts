/** What TypeScript knows of variables: for a pass of its own after a run, since it looks at whole projects. */
import path from 'node:path';
import { Project, ts } from 'ts-morph';
import { isJavaScript, projectOf } from './typed-files.ts';

/** A source as it was written, with where the names to be told begin. */
export interface TypedSource {
  readonly file: string;
  readonly text: string;
  /** offsets of names */
  readonly names: readonly number[];
}

/** Longer types say little in one line. */
const LONGEST = 160;

type Types = readonly (string | null)[];

/**
 * For each source the type of each name, null where TypeScript knows none (`any` counts as none). A source that is not in
 * a project with a tsconfig.json, is JavaScript where that does not allow it, or is no longer what is on disk, has no types.
 */
export function typesOf(sources: readonly TypedSource[]): ReadonlyMap<TypedSource, Types> {
  const byProject = new Map<string, TypedSource[]>();
  for (const source of sources) {
    const project = projectOf(source.file);
    if (project !== undefined) byProject.set(project, [...(byProject.get(project) ?? []), source]);
  }
  const all = new Map<TypedSource, Types>();
  for (const [project, list] of byProject) typesInProject(project, list, all);
  return all;
}

function typesInProject(project: string, listed: readonly TypedSource[], all: Map<TypedSource, Types>): void {
  const { config } = ts.readConfigFile(project, ts.sys.readFile) as { readonly config?: unknown };
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, path.dirname(project));
  const { allowJs, checkJs } = parsed.options;
  const sources = (allowJs ?? checkJs) ? listed : listed.filter(({ file }) => !isJavaScript(file));
  if (sources.length === 0) return;
  // It brings TypeScript's own libraries along.
  const morph = new Project({
    compilerOptions: { ...parsed.options, noEmit: true, skipLibCheck: true, composite: false, incremental: false },
  });
  const ambient = parsed.fileNames.filter((name) => name.endsWith('.d.ts'));
  for (const file of [...ambient, ...sources.map((source) => source.file)]) morph.addSourceFileAtPathIfExists(file);
  const program = morph.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  for (const wanted of sources) {
    const source = program.getSourceFile(wanted.file);
    if (source?.text !== wanted.text) continue;
    all.set(
      wanted,
      wanted.names.map((name) => typeAt(checker, source, name)),
    );
  }
}

function typeAt(checker: ts.TypeChecker, source: ts.SourceFile, offset: number): string | null {
  const node = identifierAt(source, offset);
  if (!node) return null;
  const type = checker.getTypeAtLocation(node);
  if ((type.flags & ts.TypeFlags.Any) !== 0) return null;
  const text = checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation);
  return text.length <= LONGEST ? text : checker.typeToString(type, node);
}

function identifierAt(source: ts.SourceFile, offset: number): ts.Identifier | undefined {
  let at: ts.Node = source;
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(at, (child) =>
      child.pos <= offset && offset < child.end ? child : undefined,
    );
    if (inner === undefined) break;
    at = inner;
  }
  return ts.isIdentifier(at) && at.getStart(source) === offset ? at : undefined;
}
