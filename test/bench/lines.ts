import { readFileSync } from 'node:fs';
import path from 'node:path';
import { instrument } from '../../trace-runtime/src/instrument/instrument.ts';

/** Lines of source that one core instruments in a second, parser start-up apart. */
export function coldLinesPerSecond(workspace: string): { readonly lines: number; readonly perSecond: number } {
  const modules = path.join(workspace, 'node_modules');
  const files = [
    'acorn/dist/acorn.js',
    'marked/lib/marked.umd.js',
    'express/lib/response.js',
    'ajv/dist/core.js',
    'prettier/index.cjs',
    'body-parser/lib/read.js',
  ];
  const sources = files.map((file) => ({ fileName: file, text: readFileSync(path.join(modules, file), 'utf8') }));
  const options = { level: 'steps', goal: 'commonjs' } as const;
  for (const { fileName, text } of sources) instrument(text, { ...options, fileName });
  let lines = 0;
  const started = performance.now();
  for (const { fileName, text } of sources) {
    instrument(text, { ...options, fileName });
    lines += text.split('\n').length;
  }
  return { lines, perSecond: (lines * 1000) / (performance.now() - started) };
}
