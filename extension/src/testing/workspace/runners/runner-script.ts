/** The script of a runner's command, as Node is told to run it. */
import path from 'node:path';
import { findBin } from './packages.ts';
import type { Project, RunnerName } from '../test-model.ts';

export class RunnerMissing extends Error {
  override readonly name = 'RunnerMissing';

  constructor({ runner, folder }: Project) {
    super(
      `${runner} is not installed: install the packages first (npm install). Looked for in ${folder} and the folders around it.`,
    );
  }
}

/** Node's options, the script from the project's folder, and the runner's own options. Throws RunnerMissing. */
export function runnerWords(project: Project): {
  readonly nodeArgs: readonly string[];
  readonly script: string;
  readonly args: readonly string[];
} {
  const { runner, folder, usage } = project;
  if (runner === 'node') return { nodeArgs: usage.nodeArgs, script: '', args: [] };
  return { nodeArgs: usage.nodeArgs, script: relativePath(folder, runnerScript(project, runner)), args: usage.args };
}

/** Absolute. Throws RunnerMissing. */
export function runnerScript(project: Project, runner: Exclude<RunnerName, 'node'>): string {
  const script = findBin(project.folder, runner, runner);
  if (script === undefined) throw new RunnerMissing(project);
  return script;
}

/** As one would type it in that folder. */
export function relativePath(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative === '' || path.isAbsolute(relative) ? file : relative;
}
