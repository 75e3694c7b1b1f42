/** What a .gitignore says, roughly: enough to leave alone what is made, not written. */
import { globToRegExp } from './glob.ts';

export interface IgnoreRules {
  /** `path` is absolute, with forward slashes. undefined: these rules say nothing of it. */
  ignores(path: string, isFolder: boolean): boolean | undefined;
}

interface Rule {
  readonly pattern: RegExp;
  readonly ignored: boolean;
  readonly folderOnly: boolean;
}

/** `folder` is the one that holds the file, absolute, with forward slashes. The last rule that fits decides. */
export function parseIgnoreRules(text: string, folder: string): IgnoreRules {
  const rules = text.split(/\r?\n/).flatMap((line) => parseRule(line, folder));
  rules.reverse();
  return {
    ignores: (path, isFolder) =>
      rules.find(({ pattern, folderOnly }) => (isFolder || !folderOnly) && pattern.test(path))?.ignored,
  };
}

function parseRule(line: string, folder: string): Rule[] {
  const text = line.replace(/(?<!\\)\s+$/, '');
  if (text === '' || text.startsWith('#')) return [];
  const ignored = !text.startsWith('!');
  const glob = text.replace(/^!/, '').replace(/\\(?=[#! ])/g, '');
  const folderOnly = glob.endsWith('/');
  const body = glob.replace(/\/$/, '');
  // A slash within it ties it to the folder; else it fits at any depth.
  const whole = body.includes('/') ? `${folder}/${body.replace(/^\//, '')}` : `${folder}/**/${body}`;
  try {
    return [{ pattern: globToRegExp(whole), ignored, folderOnly }];
  } catch {
    return [];
  }
}
