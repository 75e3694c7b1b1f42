/**
 * Where test runners say that a test begins and ends: a call of `__hcCase` is put into one of their files as it loads.
 * A runner whose file looks different runs as it is, without cases.
 */
import { NODE_TEST_MARK } from '../model/instrument-cache.ts';

export const CASE_HOOK = '__hcCase';

interface Probe {
  readonly file: RegExp;
  readonly at: RegExp;
  readonly put: string;
}

const PROBES: readonly Probe[] = [
  {
    file: /\/mocha\/lib\/runner\.js$/,
    at: /$(?![\s\S])/,
    put: `\n;${CASE_HOOK}("mocha",Runner);`,
  },
  {
    // From version 12 on, its files are ES modules, which this one requires.
    file: /\/mocha\/lib\/mocha\.cjs$/,
    at: /$(?![\s\S])/,
    put: `\n;${CASE_HOOK}("mocha",module.exports.Runner);`,
  },
  {
    file: /\/jest-circus\/build\/jestAdapterInit\.js$/,
    at: /if \(environment\.handleTestEvent\) \{/,
    put: `(0,_state.addEventHandler)(${CASE_HOOK}("jest",testPath));$&`,
  },
  {
    file: /\/mocha\/lib\/cli\/run\.c?js$/,
    at: /\} catch \((\w+)\) \{(?=\s*console\.error\([^\n]*Exception during run)/,
    put: `$&${CASE_HOOK}("file",$1);`,
  },
  {
    file: /\/jest-circus\/build\/(?:runner|legacy-code-todo-rewrite\/jestAdapter)\.js$/,
    at: /(?:await runtime\.unstable_importModule|\bruntime\.requireModule)\(testPath\);/g,
    put: `try{$&}catch(e){${CASE_HOOK}("file",e);throw e}`,
  },
  {
    file: /\/@vitest\/runner\/dist\/[^/]+\.js$/,
    at: /\bfunction updateTask\(event, task, runner\) \{/,
    put: `$&${CASE_HOOK}("vitest",event,task);`,
  },
  {
    file: /\/@vitest\/runner\/dist\/[^/]+\.js$/,
    at: /\bfunction failTask\(result, err, diffOptions\) \{/,
    put: `$&${CASE_HOOK}("vitest-error",result,err);`,
  },
  {
    // what a file throws while its tests are collected
    file: /\/@vitest\/runner\/dist\/[^/]+\.js$/,
    at: /\} catch \((\w+)\) \{(?=\s*const errors? = [^\n]+\n\s*file\.result = )/,
    put: `$&${CASE_HOOK}("file",$1);`,
  },
];

/** The text to compile instead of a runner's file; undefined for any other file. */
export function probed(path: string, source: string): string | undefined {
  if (!isRunner(path)) return undefined;
  let text: string | undefined;
  for (const { file, at, put } of PROBES)
    if (file.test(path) && source.search(at) >= 0) text = (text ?? source).replace(at, put);
  return text;
}

export function isRunner(path: string): boolean {
  return path.includes('/node_modules/') && PROBES.some(({ file }) => file.test(path));
}

const MARK = NODE_TEST_MARK.replaceAll('*', '\\*');
const NODE_TEST = new RegExp(`\\brequire\\(${MARK}(['"])node:test\\1\\)`, 'g');
const NODE_TEST_IMPORT = new RegExp(`${MARK}(['"])node:test\\1`, 'g');
export const NODE_TEST_HOOK = '__hcTest';
const MODULE = `const w=${NODE_TEST_HOOK}();export const{test,it,describe,suite,before,after,beforeEach,afterEach}=w;export default w;export*from"node:test"`;

/** Hands out node:test by way of `__hcTest`, where the instrumenter has marked that code asks for it. Only the line of an
 *  ES import changes its columns. */
export function withNodeTest(code: string): string {
  if (!code.includes(NODE_TEST_MARK)) return code;
  return code
    .replace(NODE_TEST, (text) => `${NODE_TEST_HOOK}(${' '.repeat(text.length - NODE_TEST_HOOK.length - 2)})`)
    .replace(NODE_TEST_IMPORT, `"data:text/javascript,${encodeURIComponent(MODULE)}"`);
}
