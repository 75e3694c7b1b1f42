/** What a file imports from its own package: asked for ahead of the program, on the other core. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { requestKey } from './cache-writer.ts';
import type { InstrumentRequest } from '../model/instrument-cache.ts';

export interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly goal: 'commonjs' | 'module';
  readonly level: InstrumentRequest['level'];
}

const REQUIRE = /\brequire\(\s*(['"])(\.{1,2}\/[^'"\n]*)\1\s*\)/g;
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]*)\1/g;
const EXTENSIONS = ['', '.js', '.ts', '.mjs', '.cjs', '.jsx', '.tsx', '/index.js', '/index.ts'];
const GOALS: Readonly<Record<string, Import['goal']>> = {
  '.cjs': 'commonjs',
  '.cts': 'commonjs',
  '.mjs': 'module',
  '.mts': 'module',
};

/** Only of texts that Node loads as they are; what a test runner compiles differs from its file. */
export function importsOf({ source, goal, level, fileName }: InstrumentRequest): Import[] {
  if (goal !== 'commonjs' && goal !== 'module') return [];
  const pattern = goal === 'commonjs' ? REQUIRE : IMPORT;
  return [...source.matchAll(pattern)].map((match) => ({ from: fileName, specifier: match[2] ?? '', goal, level }));
}

/** The request that a program will make when it comes to that import; undefined where there is no such file. */
export function requestFor(found: Import, version: string): InstrumentRequest | undefined {
  const target = path.resolve(path.dirname(found.from), found.specifier);
  for (const extension of EXTENSIONS) {
    const fileName = target + extension;
    if (!/\.[cm]?[jt]sx?$/.test(fileName) || !isFile(fileName)) continue;
    const source = readFileSync(fileName, 'utf8');
    const goal = GOALS[path.extname(fileName)] ?? found.goal;
    const request = { fileName, level: found.level, goal, source };
    return { ...request, key: requestKey(version, request) };
  }
  return undefined;
}

function isFile(fileName: string): boolean {
  return statSync(fileName, { throwIfNoEntry: false })?.isFile() ?? false;
}
