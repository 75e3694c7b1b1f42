/** The files that a package's mocha would load. */
import path from 'node:path';
import { askMocha } from './mocha-options.ts';
import type { Project } from '../test-model.ts';

export async function listMocha(project: Project, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { folder, usage } = project;
  const { files } = await askMocha(project, [...usage.args, ...usage.patterns], signal);
  return files.map((file) => path.resolve(folder, file)).sort();
}
