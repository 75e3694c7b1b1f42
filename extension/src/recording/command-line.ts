/** A command line as somebody types it. */
import { parseArgsStringToArgv } from 'string-argv';

const QUOTED = /\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs;
/** variables, commands in commands */
const EXPANDED = /\$[\w({@*#?]|`/;
/** pipes, several commands, redirections, patterns of files, the home folder, variables before the command */
const SYNTAX = /[|&;<>*?()\n]|(?:^|\s)~|^\s*\w+=/;

/** Its words; where it needs a shell, as `cd api && npm test` does, the shell and what that runs. */
export function commandOf(line: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform !== 'win32' && needsShell(line) ? ['sh', '-c', line] : parseArgsStringToArgv(line);
}

/** What somebody has typed, as far as that can be told. */
export function lineOf(command: readonly string[]): string {
  const [shell, option, line] = command;
  return command.length === 3 && shell === 'sh' && option === '-c' ? line! : command.join(' ');
}

function needsShell(line: string): boolean {
  const withoutSingle = line.replaceAll(/\\.|'[^']*'/gs, '');
  return EXPANDED.test(withoutSingle) || SYNTAX.test(line.replaceAll(QUOTED, '_'));
}
