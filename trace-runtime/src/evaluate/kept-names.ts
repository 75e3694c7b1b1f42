/** Names that lines typed into a console declare: later lines find them. */
import { parse, type Program } from 'acorn';
import type { DeclaredName } from './messages.ts';
import type { Ranged } from './parsed-source.ts';
import { namesOf } from './expression-statements.ts';

export interface KeptLine {
  /** the text, with assignments where it declared */
  readonly code: string;
  readonly declares: readonly DeclaredName[];
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** What the line is where names are kept; undefined of one that declares none, and has none of those that are kept. */
export function keptLine(text: string, kept: ReadonlySet<string>): KeptLine | undefined {
  const mayDeclare = /\b(?:let|const|var|function|class)\b/.test(text);
  const program = mayDeclare ? programOf(text) : undefined;
  const declares: DeclaredName[] = [];
  let code = '';
  let end = 0;
  for (const node of program?.body ?? []) {
    const own = assigned(text, node as Ranged, declares);
    if (own === undefined) continue;
    // what is awaited is an expression: nothing ends it
    code += `${text.slice(end, node.start)}void (${own})${program?.body.length === 1 ? '' : ';'}`;
    ({ end } = node);
  }
  if (declares.length > 0) return { code: code + text.slice(end), declares };
  return (text.match(NAME) ?? []).some((name) => kept.has(name)) ? { code: text, declares } : undefined;
}

function assigned(text: string, node: Ranged, declares: DeclaredName[]): string | undefined {
  const textOf = ({ start, end }: { readonly start: number; readonly end: number }): string => text.slice(start, end);
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    const { name } = node.id!;
    declares.push({ name, fixed: false });
    return `${name} = ${textOf(node)}`;
  }
  if (node.type !== 'VariableDeclaration') return undefined;
  declares.push(...namesOf(node).map((name) => ({ name, fixed: node.kind === 'const' })));
  return node.declarations
    .map(({ id, init }) => (init ? `${textOf(id)} = (${textOf(init)})` : `${textOf(id)} = undefined`))
    .join(', ');
}

function programOf(text: string): Program | undefined {
  try {
    return parse(text, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true, checkPrivateFields: false });
  } catch {
    return undefined;
  }
}
