/** How places are shown in a terminal. */
import path from 'node:path';
import type { SourcePlace } from '../../trace-runtime/src/query/source-places.ts';

/** Relative to the working folder, but where that is longer: a file of another package beside it is `../other/index.js`. */
export function displayPath(file: string, cwd: string = process.cwd()): string {
  const relative = path.relative(cwd, file);
  return relative.length > file.length ? file : relative;
}

export function displayPlace({ path: file, line, column }: SourcePlace): string {
  return line === undefined ? displayPath(file) : `${displayPath(file)}:${line}:${column ?? 1}`;
}
