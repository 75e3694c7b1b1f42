/** Whether an edit put something else in the place of what a failed assertion calls. */
import { plainText } from './observe.ts';

const SPECIFIER = /(?:\bfrom|\brequire\(|\bimport\(?)\s*['"`](?:node:)?([^'"`]+)['"`]/;

/** The name by which an assertion is called: `assert` of `assert.ok(…)`. */
export function calledName(statement: string): string | undefined {
  return /^(?:return\s+)?(?:await\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s*\.\s*[\w$]+)*\s*\(/u.exec(
    statement,
  )?.[1];
}

/**
 * Line of the text as it is now, from 1, by which the name is bound or what it names is changed, and was not before; 0: it was
 * bound by a line that is gone. `isOwn`: the assertion stands in this file; of another, only changes of what is named count.
 */
export function rebound(name: string, then: string, now: string, isOwn: boolean): number | undefined {
  const escaped = name.replaceAll('$', String.raw`\$`);
  const changes = new RegExp(
    String.raw`(?<![\w$.'"])${escaped}(?:\.[\w$]+|\[[^\]]+\])*\s*(?:\|\||&&|\?\?)?=(?![=>])` +
      String.raw`|\b(?:Object|Reflect)\.(?:assign|define\w+|set\w*|deleteProperty)\(\s*${escaped}(?![\w$(])` +
      String.raw`|\b(?:stub|spyOn|mock|method|replace)\w*\(\s*${escaped}(?![\w$(])` +
      String.raw`|\bdelete\s+${escaped}(?![\w$])`,
  );
  const binds = new RegExp(
    String.raw`^(?:export\s+)?(?:const|let|var|(?:async\s+)?function|class|import)\b[^=(]*(?<![\w$.])${escaped}(?![\w$])`,
  );
  const linesOf = (text: string): string[] => text.split('\n').map((line) => plainText(line));
  const [before, after] = [linesOf(then), linesOf(now)];
  const [were, are] = [new Set(before), new Set(after)];
  const isBinding = (line: string): boolean => isOwn && binds.test(line);
  const loaded = (lines: readonly string[]): ReadonlySet<string | undefined> =>
    new Set(lines.filter(isBinding).map((line) => SPECIFIER.exec(line)?.[1]));
  const [loadedThen, loadedNow] = [loaded(before), loaded(after)];
  for (const [index, line] of after.entries()) {
    if (were.has(line) || !(changes.test(line) || isBinding(line))) continue;
    const specifier = SPECIFIER.exec(line)?.[1];
    if (specifier === undefined || !loadedThen.has(specifier)) return index + 1;
  }
  const isGone = before.some((line) => {
    const specifier = SPECIFIER.exec(line)?.[1];
    return isBinding(line) && !are.has(line) && (specifier === undefined || !loadedNow.has(specifier));
  });
  return isGone ? 0 : undefined;
}
