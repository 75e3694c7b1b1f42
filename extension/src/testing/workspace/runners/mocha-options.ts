/**
 * What mocha makes of its configuration, asked of the package's own mocha: its options, and the files that its specs name.
 * None of the test files is loaded.
 */
import path from 'node:path';
import { runnerScript } from './runner-script.ts';
import { jsonIn, runNode, wordsOf } from './run-tool.ts';
import type { Project } from '../test-model.ts';

export interface MochaAnswer {
  readonly files: readonly string[];
  /** of the configuration, without what the command line says */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs in the package's folder: mocha's folder, then arguments of its command. */
const SCRIPT = `
const [home, ...args] = process.argv.slice(1);
const load = (name) => {
  for (const end of ['.cjs', '.js']) {
    try { return require(home + '/lib/cli/' + name + end); } catch (error) { if (!/Cannot find module/.test(error.message) || end === '.js') throw error; }
  }
};
const { loadOptions } = load('options');
const list = (value) => (value === undefined ? [] : [].concat(value));
const all = loadOptions(args);
const specs = all._ && all._.length ? all._ : ['./test'];
const found = load('collect-files')({
  ignore: list(all.ignore), extension: list(all.extension), file: [], recursive: all.recursive, sort: all.sort, spec: specs, allowEmpty: true,
});
console.log('\\n' + JSON.stringify({ files: Array.isArray(found) ? found : found.files, options: loadOptions([]) }));
`;

/** Rejects with mocha's own words. */
export async function askMocha(project: Project, args: readonly string[], signal?: AbortSignal): Promise<MochaAnswer> {
  const home = path.dirname(path.dirname(runnerScript(project, 'mocha')));
  const words = [...project.usage.nodeArgs, '-e', SCRIPT, '--', home, ...args];
  const result = await runNode(words, { cwd: project.folder, env: project.usage.env, ...(signal ? { signal } : {}) });
  const value = jsonIn(result.stdout) as MochaAnswer | undefined;
  if (!Array.isArray(value?.files)) throw new Error(wordsOf(result));
  return value;
}
