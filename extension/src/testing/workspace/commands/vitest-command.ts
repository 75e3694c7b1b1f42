/** `vitest run FILE… -t PATTERN` */
import path from 'node:path';
import { relativePath, runnerWords } from '../runners/runner-script.ts';
import { filesOf, joinedPattern, type Chosen, type Surroundings } from './chosen-tests.ts';

export function vitestCommand(chosen: Chosen, { project, siblings }: Surroundings): readonly string[] {
  const { nodeArgs, script, args } = runnerWords(project);
  const { folder, usage } = project;
  const files = filesOf(chosen);
  const shown = chosen.kind === 'all' ? usage.patterns : files.map((file) => relativePath(folder, file));
  const others = siblings.filter(
    (file) => !files.includes(file) && files.some((each) => isTakenFor(file, each, folder)),
  );
  return [
    'node',
    ...nodeArgs,
    script,
    'run',
    ...args,
    ...shown,
    ...others.flatMap((file) => ['--exclude', relativePath(folder, file)]),
    // Old versions put a space before the names of tests that are in no suite.
    ...(chosen.kind === 'tests' ? [`--testNamePattern=${joinedPattern(chosen, ' ?')}`] : []),
  ];
}

/** vitest runs every file whose path has in it what is given. */
function isTakenFor(file: string, given: string, folder: string): boolean {
  return path.relative(folder, file).toLowerCase().includes(path.relative(folder, given).toLowerCase());
}
