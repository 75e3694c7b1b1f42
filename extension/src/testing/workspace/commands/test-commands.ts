/** The commands that run a selection of tests, each exactly what is meant. */
import path from 'node:path';
import { findPath, type TestPath } from '../parsed-tree.ts';
import type { ParsedFile, ParsedTest, RunnerName, Selection, TestCommand, TestReference } from '../test-model.ts';
import type { NodeVersion } from '../runners/node-version.ts';
import type { Chosen, Surroundings } from './chosen-tests.ts';
import { jestCommand } from './jest-command.ts';
import { mochaCommand } from './mocha-command.ts';
import { nodeCommand } from './node-command.ts';
import { vitestCommand } from './vitest-command.ts';

export interface CommandPorts {
  parse(file: string): ParsedFile;
  readonly node: NodeVersion;
  /** the test files of the selection's project, where they are known */
  readonly siblings: readonly string[];
  readonly signal?: AbortSignal;
}

/** More than one where tests of several files are picked. Rejects with a sentence where a runner is missing. */
export async function testCommands(selection: Selection, ports: CommandPorts): Promise<readonly TestCommand[]> {
  const { project } = selection;
  const surroundings: Surroundings = { project, node: ports.node, siblings: ports.siblings };
  const parts = selection.tests ? partsOf(selection.tests) : [undefined];
  return Promise.all(
    parts.map(async (tests) => {
      const chosen = choose(tests, project.runner, ports);
      const command = await commandOf(chosen, surroundings, ports.signal);
      const { folder: cwd, usage } = project;
      const ran = tests ? { project, tests } : { project };
      return { title: titleOf(chosen, project.name), command, cwd, env: usage.env, selection: ran };
    }),
  );
}

/** All whole files in one; the picked tests of each other file. */
function partsOf(tests: readonly TestReference[]): readonly (readonly TestReference[])[] {
  const files = tests.filter(isWhole);
  const whole = new Set(files.map(({ file }) => file));
  const picked = new Map<string, TestReference[]>();
  for (const test of tests) {
    if (!whole.has(test.file)) picked.set(test.file, [...(picked.get(test.file) ?? []), test]);
  }
  return [...(files.length > 0 ? [files] : []), ...picked.values()];
}

function isWhole({ ids, row }: TestReference): boolean {
  return ids.length === 0 && row === undefined;
}

function choose(tests: readonly TestReference[] | undefined, runner: RunnerName, ports: CommandPorts): Chosen {
  if (!tests) return { kind: 'all' };
  const [first] = tests;
  if (!first || isWhole(first)) return { kind: 'files', files: [...new Set(tests.map(({ file }) => file))] };
  const { tests: tree } = ports.parse(first.file);
  // Node's runner joins names otherwise: it runs the whole table.
  const rows = runner === 'node' ? [] : tests.flatMap(({ row }) => row ?? []);
  const rest = runner === 'node' ? tests : tests.filter(({ row }) => row === undefined);
  const paths = rest.filter(({ ids }) => ids.length > 0).map(({ ids }) => pathOf(tree, ids));
  if (paths.length + rows.length === 0) return { kind: 'files', files: [first.file] };
  return { kind: 'tests', file: first.file, paths, rows, tree };
}

function pathOf(tree: readonly ParsedTest[], ids: readonly string[]): TestPath {
  const found = findPath(tree, ids);
  if (!found) throw new Error(`The test ${ids.join(' ')} is not in its file any more. Save the file, and try again.`);
  return found;
}

function commandOf(
  chosen: Chosen,
  surroundings: Surroundings,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> | readonly string[] {
  switch (surroundings.project.runner) {
    case 'vitest':
      return vitestCommand(chosen, surroundings);
    case 'jest':
      return jestCommand(chosen, surroundings);
    case 'mocha':
      return mochaCommand(chosen, surroundings, signal);
    case 'node':
      return nodeCommand(chosen, surroundings);
  }
}

function titleOf(chosen: Chosen, name: string): string {
  if (chosen.kind === 'all') return `the tests of ${name}`;
  if (chosen.kind === 'files') {
    const [first = '', ...more] = chosen.files.map((file) => path.basename(file));
    return more.length === 0 ? first : `${first} and ${more.length} more`;
  }
  const [label = '', ...more] = [...chosen.paths.map((each) => each.at(-1)?.label ?? ''), ...chosen.rows];
  return more.length === 0 ? label : `${label} and ${more.length} more`;
}
