/** What an instance runs: the hash of its build's files, and its settings. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inputOutput } from '../../../trace-runtime/src/base/errors.ts';

const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.hindcast', 'coverage']);
const MOST_FILES = 20_000;

/** `sha256:…` of names and contents of the files in the folder; dependencies and what tools leave are left out. */
export function buildOf(folder: string): string {
  const hash = createHash('sha256');
  try {
    for (const file of filesOf(folder)) {
      hash
        .update(`${path.relative(folder, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  } catch (error) {
    throw inputOutput(`read the build in ${folder}`, error);
  }
  return `sha256:${hash.digest('hex').slice(0, 16)}`;
}

/** The variables of these names. Others are not told: an environment holds secrets. */
export function configurationOf(env: NodeJS.ProcessEnv, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

function filesOf(folder: string): readonly string[] {
  const found: string[] = [];
  const look = (at: string): void => {
    for (const name of readdirSync(at).toSorted()) {
      if (LEFT_OUT.has(name) || found.length >= MOST_FILES) continue;
      const each = path.join(at, name);
      const stat = statSync(each, { throwIfNoEntry: false });
      if (stat?.isDirectory()) look(each);
      else if (stat?.isFile()) found.push(each);
    }
  };
  look(folder);
  return found;
}
