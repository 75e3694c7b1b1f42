/** What can be told of a program from its own text, before it runs: whether it makes a server or a client of HTTP/2. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files and bytes that are looked at; a command must not wait for it. */
const MOST_FILES = 200;
const MOST_BYTES = 2_000_000;
const SOURCE = /\.[cm]?[jt]sx?$/;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.cts', '.jsx', '.tsx', '/index.js', '/index.ts'];
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](\.\.?\/[^'"\n]*)['"]/g;
const HTTP2 = /(?<!\bimport\s+type\s[^;]*)(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"](?:node:)?http2['"]/;
const MAKES = /\b(?:createServer|createSecureServer|connect)\b/;

/** The first of the program's own files that does; undefined: none does, as far as the text tells. */
export function http2In(command: readonly string[], cwd: string): string | undefined {
  const files = wordsOf(command, cwd).flatMap((word) => sourceAt(path.resolve(cwd, word)) ?? []);
  const seen = new Set(files);
  let bytes = 0;
  for (const file of seen) {
    const text = readIfThere(file);
    bytes += text.length;
    if (bytes > MOST_BYTES) return undefined;
    if (HTTP2.test(text) && MAKES.test(text)) return path.relative(cwd, file);
    for (const [, name = ''] of text.matchAll(IMPORT)) {
      const found = seen.size < MOST_FILES ? sourceAt(path.resolve(path.dirname(file), name)) : undefined;
      if (found !== undefined) seen.add(found);
    }
  }
  return undefined;
}

/** Of the command, and of a script of package.json that it names. */
function wordsOf(command: readonly string[], cwd: string): readonly string[] {
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(command[0] ?? '')) return command;
  try {
    const { scripts = {} } = JSON.parse(readIfThere(path.join(cwd, 'package.json'))) as {
      readonly scripts?: Readonly<Record<string, unknown>>;
    };
    return command.flatMap((word) => String(scripts[word] ?? '').split(/\s+/));
  } catch {
    return [];
  }
}

function sourceAt(file: string): string | undefined {
  const names = [...ENDINGS.map((ending) => file + ending), file.replace(/\.([cm]?)js$/, '.$1ts')];
  return names.find((name) => SOURCE.test(name) && statSync(name, { throwIfNoEntry: false })?.isFile() === true);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
