/** What a file imports. That from its own package is asked for ahead of the program, on the other core. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { requestOf } from './source-request.ts';
import type { InstrumentRequest } from '../model/instrument-cache.ts';

export interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly goal: 'commonjs' | 'module' | 'function';
  readonly level: InstrumentRequest['level'];
}

const REQUIRE = /\brequire(?:\.resolve)?\(\s*(['"])([^'"\n]+)\1\s*\)/g;
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])([^'"\n]+)\1/g;
const EXTENSIONS = ['', '.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '/index.js', '/index.ts'];
const GOALS: Readonly<Record<string, Import['goal']>> = {
  '.cjs': 'commonjs',
  '.cts': 'commonjs',
  '.mjs': 'module',
  '.mts': 'module',
};

/** Only of texts that Node loads as they are, and of packages: what a test runner compiles differs from its file. */
export function importsOf({ source, goal, level, fileName }: InstrumentRequest): Import[] {
  if (goal === 'script' || goal === 'text' || (goal === 'function' && !/[\\/]node_modules[\\/]/.test(fileName)))
    return [];
  return specifiersIn(source, goal === 'module' ? 'import' : 'require')
    .filter((specifier) => /^\.{1,2}\//.test(specifier))
    .map((specifier) => ({ from: fileName, specifier, goal, level }));
}

/** What a text names in calls of `require` and `require.resolve`, or in what imports: `import`, `export … from`, `import()`. */
export function specifiersIn(source: string, how: 'require' | 'import'): readonly string[] {
  return [...source.matchAll(how === 'require' ? REQUIRE : IMPORT)].map(([, , specifier = '']) => specifier);
}

/** The request that a program will make when it comes to that import; undefined where there is no such file. */
export function requestFor(found: Import, version: string): InstrumentRequest | undefined {
  const target = path.resolve(path.dirname(found.from), found.specifier);
  for (const extension of EXTENSIONS) {
    const fileName = target + extension;
    if (!/\.[cm]?[jt]sx?$/.test(fileName) || !isFile(fileName)) continue;
    const source = readFileSync(fileName, 'utf8');
    const goal = found.goal === 'function' ? found.goal : (GOALS[path.extname(fileName)] ?? found.goal);
    return requestOf({ fileName, level: found.level, goal, source }, version);
  }
  return undefined;
}

function isFile(fileName: string): boolean {
  return statSync(fileName, { throwIfNoEntry: false })?.isFile() ?? false;
}
