/** The test files of a project: from its own runner, or by their names where the runner cannot say. */
import path from 'node:path';
import { writtenFiles } from '../../../../../trace-runtime/src/model/written-files.ts';
import { listMocha } from './list-mocha.ts';
import { listNode } from './list-node.ts';
import { runnerScript } from './runner-script.ts';
import { jsonIn, runNode, wordsOf, type ToolResult } from './run-tool.ts';
import { looksLikeTest } from '../test-file-names.ts';
import type { Listing, Project } from '../test-model.ts';

/** Never rejects, but where `signal` ends it. */
export async function listTests(project: Project, signal?: AbortSignal): Promise<Listing> {
  try {
    return { files: await list(project, signal) };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { files: filesByName(project.folder), problem: error instanceof Error ? error.message : String(error) };
  }
}

function list(project: Project, signal: AbortSignal | undefined): Promise<readonly string[]> {
  switch (project.runner) {
    case 'vitest':
      return listVitest(project, signal);
    case 'jest':
      return listJest(project, signal);
    case 'mocha':
      return listMocha(project, signal);
    case 'node':
      return Promise.resolve(listNode(project));
  }
}

async function listVitest(project: Project, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { usage, folder } = project;
  const script = runnerScript(project, 'vitest');
  const args = [...usage.nodeArgs, script, 'list', ...usage.args, '--filesOnly', '--json'];
  const result = await runNode(args, { cwd: folder, env: usage.env, ...(signal ? { signal } : {}) });
  const files = texts(result, (entry) => (entry as { readonly file?: unknown } | null)?.file);
  return inFolder([...new Set(files)], folder);
}

async function listJest(project: Project, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { usage, folder } = project;
  const script = runnerScript(project, 'jest');
  const args = [...usage.nodeArgs, script, ...usage.args, '--listTests', '--json'];
  const result = await runNode(args, { cwd: folder, env: usage.env, ...(signal ? { signal } : {}) });
  return inFolder(
    texts(result, (entry) => entry),
    folder,
  );
}

function texts(result: ToolResult, of: (entry: unknown) => unknown): readonly string[] {
  const value = jsonIn(result.stdout);
  if (!Array.isArray(value)) throw new Error(wordsOf(result));
  return value.map(of).filter((text): text is string => typeof text === 'string');
}

/** In the order of their paths. */
function inFolder(files: readonly string[], folder: string): readonly string[] {
  return files.map((file) => path.resolve(folder, file)).sort();
}

const MOST = 5000;

export function filesByName(folder: string): readonly string[] {
  const files: string[] = [];
  for (const file of writtenFiles(folder)) {
    if (looksLikeTest(path.relative(folder, file))) files.push(file);
    if (files.length === MOST) break;
  }
  return files.sort();
}
