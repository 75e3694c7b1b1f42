/** Names of modules: an editor that shows the values of a line leaves them out, as it does with functions. */
import type { ScopeInstance } from '../../trace-runtime/src/query/activation.ts';

/** The whole of a module but its data, as `const fs = require('fs')` and what TypeScript makes of imports have it. */
const LOADS =
  /^[\p{ID_Continue}$]+\s*=\s*(?:(?:\w+\.)?__import(?:Star|Default)\()?(?:require|await\s+import)\(\s*(["'])(?!\S*\.json\1)[^"']+\1\s*\)+[ \t]*(?:[;,\r\n/]|$)/u;

/**
 * Whether the variable that code in the scope sees by this name stands for a module. `textOf`: the text of a recorded file by its hash.
 */
export function namesModule(
  innermost: ScopeInstance,
  name: string,
  textOf: (hash: string) => string | undefined,
): boolean {
  for (let scope: ScopeInstance | undefined = innermost; scope !== undefined; scope = scope.parent) {
    const { table, hash } = scope.file;
    const index = table.scopes[scope.scope]!.variables.find((each) => table.variables[each]!.name === name);
    if (index === undefined) continue;
    const { kind, start } = table.variables[index]!;
    if (kind !== 'import') return LOADS.test(textOf(hash)?.slice(start, start + 500) ?? '');
    const link = table.imports?.find(({ variable }) => variable === index);
    // what another file of the project exports as its default is data as well as not
    return link?.imported === '*' || (link?.imported === 'default' && !/^[./]|^file:/.test(link.specifier));
  }
  return false;
}
