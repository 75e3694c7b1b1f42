/** The file of variables that a launch configuration names. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Its variables, as Node's `--env-file` reads them: quotes of three kinds, values of several lines, comments, `export`.
 * Throws a sentence for the user where it cannot be read: VS Code's own debugger starts nothing then, either.
 */
export function readEnvFile(file: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new Error(`The file ${file}, which \`envFile\` of the launch configuration names, ${why}.`, { cause: error });
  }
  return parseEnv(text.replace(/^\uFEFF/, '')) as Record<string, string>;
}
