/** The requests that a program makes for a file of its own that Node loads as it is written, before any program asks. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { requestKey } from './cache-writer.ts';
import type { Goal, InstrumentRequest } from '../model/instrument-cache.ts';
import { hasModuleSyntax } from '../model/module-syntax.ts';

export interface PackageFacts {
  /** `type` of package.json */
  readonly type: 'module' | 'commonjs' | undefined;
}

/** More than one where it may be loaded as either. Throws where the file cannot be read. `version`: of the instrumenter. */
export function sourceRequests(fileName: string, facts: PackageFacts, version: string): readonly InstrumentRequest[] {
  const source = readFileSync(fileName, 'utf8');
  return goalsOf(fileName, source, facts).map((goal) => requestOf({ fileName, level: 'steps', goal, source }, version));
}

export function requestOf(request: Omit<InstrumentRequest, 'key'>, version: string): InstrumentRequest {
  return { ...request, key: requestKey(version, request) };
}

/** As Node tells them apart: by the extension, the package's type, or the syntax. */
export function goalsOf(fileName: string, source: string, { type }: PackageFacts): readonly Goal[] {
  const extension = path.extname(fileName);
  if (extension === '.mjs' || extension === '.mts') return ['module'];
  if (extension === '.cjs' || extension === '.cts') return ['commonjs'];
  if (type) return [type];
  if (!hasModuleSyntax(source)) return ['commonjs'];
  // Node takes a TypeScript program for CommonJS first, and loads it again.
  return extension === '.ts' ? ['module', 'commonjs'] : ['module'];
}
