/** Which files TypeScript may know something of, told without loading it: it takes a second of the processor's time. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TYPESCRIPT = /\.[cm]?tsx?$/;
const JAVASCRIPT = /\.[cm]?jsx?$/;

export const isJavaScript = (file: string): boolean => JAVASCRIPT.test(file);

/**
 * The nearest tsconfig.json upward of a file that it may apply to: to JavaScript only where it may allow that. Dependencies
 * have none of ours.
 */
export function projectOf(file: string): string | undefined {
  const isScript = isJavaScript(file);
  if ((!isScript && !TYPESCRIPT.test(file)) || /[\\/]node_modules[\\/]/.test(file)) return undefined;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const config = path.join(folder, 'tsconfig.json');
    if (existsSync(config)) return isScript && !mayAllowJavaScript(config) ? undefined : config;
    if (folder === path.dirname(folder)) return undefined;
  }
}

/** Where it extends another, that one may. */
function mayAllowJavaScript(config: string): boolean {
  try {
    return /"(?:allowJs|checkJs|extends)"/.test(readFileSync(config, 'utf8'));
  } catch {
    return false;
  }
}
