/** `jest --runTestsByPath FILE… -t PATTERN` */
import { relativePath, runnerWords } from '../runners/runner-script.ts';
import { filesOf, joinedPattern, type Chosen, type Surroundings } from './chosen-tests.ts';

export function jestCommand(chosen: Chosen, { project }: Surroundings): readonly string[] {
  const { nodeArgs, script, args } = runnerWords(project);
  const { folder, usage } = project;
  const files = filesOf(chosen).map((file) => relativePath(folder, file));
  return [
    'node',
    ...nodeArgs,
    script,
    ...args,
    ...(chosen.kind === 'all' ? usage.patterns : ['--runTestsByPath', ...files]),
    ...(chosen.kind === 'tests' ? [`--testNamePattern=${joinedPattern(chosen)}`] : []),
  ];
}
