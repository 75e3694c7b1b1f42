/** Files that are started as programs, and the scripts of a package.json. */
import path from 'node:path';
import { ts } from 'ts-morph';
import { nodeOptions } from '../runners/runner-options.ts';
import { baseName, scriptCommands } from '../runners/script-commands.ts';
import { packagesAround, textsOf, type Package } from '../runners/packages.ts';
import type { ScriptPlace } from '../protocol.ts';

export function isEntryPoint(file: string, text: string): boolean {
  if (/^#!.*\b(?:node|tsx|ts-node)\b/.test(text)) return true;
  // scripts of a monorepo's root start programs of its packages
  return packagesAround(file).some((each) => programsOf(each).some((program) => isSameFile(program, file)));
}

/** As package.json names them, absolute; the extension may be missing. */
function programsOf({ folder, json, scripts }: Package): readonly string[] {
  const { main, bin } = json;
  const named = [main, typeof bin === 'string' ? bin : undefined, ...Object.values(textsOf(bin))];
  const started = Object.values(scripts).flatMap((script) => scriptCommands(script).flatMap(programOf));
  return [...named, ...started].flatMap((name) => (typeof name === 'string' ? path.resolve(folder, name) : []));
}

const STARTERS = new Set(['node', 'tsx', 'ts-node', 'nodemon', 'ts-node-dev', 'tsnd']);
const TSX_COMMANDS = new Set(['watch']);

function programOf({ words }: { readonly words: readonly string[] }): readonly string[] {
  const [first = '', ...rest] = words;
  if (!STARTERS.has(baseName(first))) return [];
  const args = TSX_COMMANDS.has(rest[0] ?? '') ? rest.slice(1) : rest;
  const { rest: left, tests } = nodeOptions(args);
  return tests ? [] : left.slice(0, 1);
}

function isSameFile(named: string, file: string): boolean {
  if (named === file) return true;
  const plain = file.replace(/\.[cm]?[jt]sx?$/, '');
  return named === plain || (path.basename(plain) === 'index' && named === path.dirname(file));
}

/** Where the scripts of a package.json stand; none where it is not JSON. */
export function scriptPlaces(text: string): readonly ScriptPlace[] {
  const file = ts.parseJsonText('package.json', text);
  const root = file.statements[0]?.expression;
  const scripts = root && propertiesOf(root).find((each) => nameOf(each) === 'scripts')?.initializer;
  return (scripts ? propertiesOf(scripts) : []).flatMap((each) => {
    const name = nameOf(each);
    const line = file.getLineAndCharacterOfPosition(each.getStart(file)).line;
    return name === undefined || !ts.isStringLiteral(each.initializer) ? [] : [{ name, line }];
  });
}

function propertiesOf(node: ts.Expression): readonly ts.PropertyAssignment[] {
  return ts.isObjectLiteralExpression(node) ? node.properties.filter(ts.isPropertyAssignment) : [];
}

function nameOf({ name }: ts.PropertyAssignment): string | undefined {
  return ts.isStringLiteral(name) ? name.text : undefined;
}
