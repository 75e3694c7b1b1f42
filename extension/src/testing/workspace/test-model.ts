/** What the Testing view knows of tests: as their source says, before anything ran. All of it can be sent as JSON. */

export type RunnerName = 'vitest' | 'jest' | 'mocha' | 'node';

/** Lines and columns from 0, as VS Code counts them. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** A piece of a name; null stands for text that is only known when the program runs. */
export type NamePart = string | null;

export interface ParsedTest {
  readonly kind: 'suite' | 'test';
  /** unlike its siblings' ids; the same after edits elsewhere */
  readonly id: string;
  /** the name as it is written */
  readonly label: string;
  readonly name: readonly NamePart[];
  readonly range: SourceRange;
  readonly children: readonly ParsedTest[];
}

/** What the source of a file says by itself. */
export interface ParsedFile {
  /** the runner whose module the file imports */
  readonly framework: RunnerName | undefined;
  readonly tests: readonly ParsedTest[];
}

/** A test or suite: its file, and the ids from the outermost suite to itself. No ids: all of the file. */
export interface TestReference {
  readonly file: string;
  readonly ids: readonly string[];
  /** of a test whose name is only known when it runs, one that ran: its whole name in the recording */
  readonly row?: string;
}

/** How a package's own scripts start a runner, without what picks tests or changes the output. */
export interface RunnerUsage {
  readonly env: Readonly<Record<string, string>>;
  /** options of node */
  readonly nodeArgs: readonly string[];
  /** options of the runner */
  readonly args: readonly string[];
  /** files or globs that the script names */
  readonly patterns: readonly string[];
}

/** A package that runs its tests with a runner. One package may be several projects. */
export interface Project {
  readonly runner: RunnerName;
  /** the package's folder; the runner works in it */
  readonly folder: string;
  readonly name: string;
  readonly usage: RunnerUsage;
}

/** The test files of a project. */
export interface Listing {
  readonly files: readonly string[];
  /** why the runner did not list them, in its own words; then `files` are those whose names look like tests */
  readonly problem?: string;
}

/** Tests that one command shall run. No `tests`: all of the project. */
export interface Selection {
  readonly project: Project;
  readonly tests?: readonly TestReference[];
}

/** A command without a shell: `command[0]` is `node`. */
export interface TestCommand {
  readonly title: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** what it runs; no `tests`: all of the project */
  readonly selection: Selection;
}
