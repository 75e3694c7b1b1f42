/** The files of a folder that somebody wrote: neither packages, nor what .gitignore leaves out, nor hidden folders. */
import { readFileSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { parseIgnoreRules, type IgnoreRules } from './ignore-rules.ts';

const NEVER = new Set(['node_modules', 'bower_components', 'jspm_packages']);

/** Absolute paths, files of a folder before those below it. Links are not followed. Reads a folder when it comes to it. */
export function* writtenFiles(root: string): Generator<string, void, undefined> {
  const waiting: { readonly folder: string; readonly rules: readonly IgnoreRules[] }[] = [
    { folder: path.resolve(root), rules: rulesAbove(path.resolve(root)) },
  ];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { folder } = next;
    const rules = withRulesOf(folder, next.rules);
    for (const entry of entriesOf(folder)) {
      const name = path.join(folder, entry.name);
      if (entry.isFile()) {
        if (!isIgnored(name, false, rules)) yield name;
      } else if (entry.isDirectory() && !entry.name.startsWith('.') && !NEVER.has(entry.name)) {
        if (!isIgnored(name, true, rules)) waiting.push({ folder: name, rules });
      }
    }
  }
}

/** Whether a walk from any folder above would come to the file. */
export function isWritten(file: string): boolean {
  const parts = path.dirname(file).split(/[\\/]/);
  if (parts.some((part) => NEVER.has(part))) return false;
  const folder = path.dirname(file);
  const rules = withRulesOf(folder, rulesAbove(folder));
  for (let at = file; path.dirname(at) !== at; at = path.dirname(at)) {
    if (isIgnored(at, at !== file, rules)) return false;
  }
  return true;
}

/** Innermost first. */
function isIgnored(name: string, isFolder: boolean, rules: readonly IgnoreRules[]): boolean {
  const plain = name.replaceAll('\\', '/');
  for (const each of rules) {
    const answer = each.ignores(plain, isFolder);
    if (answer !== undefined) return answer;
  }
  return false;
}

/** Those of the folders around, up to the repository's root. */
function rulesAbove(folder: string): readonly IgnoreRules[] {
  const above: IgnoreRules[] = [];
  for (let at = folder; !entriesOf(at).some(({ name }) => name === '.git');) {
    const parent = path.dirname(at);
    if (parent === at) return [];
    at = parent;
    above.push(...rulesOf(at));
  }
  return above;
}

function withRulesOf(folder: string, rules: readonly IgnoreRules[]): readonly IgnoreRules[] {
  const own = rulesOf(folder);
  return own.length > 0 ? [...own, ...rules] : rules;
}

function rulesOf(folder: string): readonly IgnoreRules[] {
  try {
    return [parseIgnoreRules(readFileSync(path.join(folder, '.gitignore'), 'utf8'), folder.replaceAll('\\', '/'))];
  } catch {
    return [];
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
