/** Names of tests: joined as each runner joins them, as patterns, and matched against what ran. */
import type { NamePart, ParsedTest, RunnerName } from './test-model.ts';

/** Between the names of a suite and what is in it, in a recording's cases. */
export function caseJoint(runner: RunnerName): string {
  return runner === 'node' ? ' > ' : ' ';
}

/** Names from the outermost suite on, as one. */
export function joinNames(path: readonly ParsedTest[], joint: string): readonly NamePart[] {
  return mergeParts(path.flatMap(({ name }, index) => (index === 0 ? name : [joint, ...name])));
}

/** Neighbouring texts as one. */
export function mergeParts(parts: readonly NamePart[]): readonly NamePart[] {
  const merged: NamePart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== last || part === null) merged.push(part);
  }
  return merged.filter((part, index) => part !== '' && !(part === null && merged[index - 1] === null));
}

export function isFixed(parts: readonly NamePart[]): boolean {
  return !parts.includes(null);
}

/** The name where it is known, else undefined. */
export function fixedName(parts: readonly NamePart[]): string | undefined {
  return isFixed(parts) ? parts.join('') : undefined;
}

/** The source of a regular expression for the name, without anchors. */
export function namePattern(parts: readonly NamePart[]): string {
  return parts.map((part) => (part === null ? '[\\s\\S]*' : escapePattern(part))).join('');
}

export function matchesName(parts: readonly NamePart[], name: string): boolean {
  return fixedName(parts) === name || (!isFixed(parts) && new RegExp(`^${namePattern(parts)}$`).test(name));
}

/** How much of a name is known: of two names that match, the one with more is meant. */
export function knownLength(parts: readonly NamePart[]): number {
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
}

/** Line breaks as escapes, too: some runners read a pattern up to its first line break. */
export function escapePattern(text: string): string {
  return text
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r');
}
