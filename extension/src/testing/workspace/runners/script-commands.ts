/** The commands of an npm script, as far as they can be told without running a shell. */

export interface ScriptCommand {
  /** variables that it sets, where their values are plain */
  readonly env: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

const ENDS = new Set(['&&', '||', ';', '|', '&', '\n']);
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;
/** Run what follows them, less their own options. */
const WRAPPERS = new Set([
  'cross-env',
  'env',
  'npx',
  'c8',
  'nyc',
  'exec',
  'time',
  'dotenv',
  'hindcast',
  'pnpx',
  'bunx',
]);
const PACKAGE_MANAGERS = new Set(['npm', 'pnpm', 'yarn']);

export function scriptCommands(script: string): readonly ScriptCommand[] {
  const commands: string[][] = [[]];
  for (const word of words(script)) {
    if (ENDS.has(word)) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.map(unwrap).filter(({ words }) => words.length > 0);
}

/** Words as a shell splits them; what ends a command is a word of its own. */
function words(script: string): readonly string[] {
  const token = /(?:"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\[\s\S]|[^\s"'\\;|&()])+|&&|\|\||[;|&\n]|[()]/g;
  return [...script.matchAll(token)].map(([text]) => (text === '(' || text === ')' ? ';' : unquote(text)));
}

function unquote(text: string): string {
  return text.replace(/"((?:\\[\s\S]|[^"\\])*)"|'([^']*)'|\\([\s\S])/g, (_all, double, single, escaped) => {
    if (typeof double === 'string') return double.replace(/\\(["\\$`])/g, '$1');
    return typeof single === 'string' ? single : String(escaped);
  });
}

function unwrap(given: readonly string[]): ScriptCommand {
  const env: Record<string, string> = {};
  let rest = given;
  for (;;) {
    const [first = ''] = rest;
    const assignment = ASSIGNMENT.exec(first);
    if (assignment) {
      const [, name = '', value = ''] = assignment;
      if (!value.includes('$')) env[name] = value;
      rest = rest.slice(1);
    } else if (WRAPPERS.has(baseName(first))) rest = withoutOptions(rest.slice(1));
    else if (PACKAGE_MANAGERS.has(first) && rest[1] === 'exec') rest = withoutOptions(rest.slice(2));
    else return { env, words: rest };
  }
}

function withoutOptions(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !word.startsWith('-'));
  return start < 0 ? [] : words.slice(start);
}

export function baseName(word: string): string {
  return word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
}
