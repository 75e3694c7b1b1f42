/**
 * Changes of a program that are tried by a rerun: an expression gives something else, a condition is turned round, something
 * more is done before a statement; each time, or in one run alone. Lines keep their numbers.
 */
import type { AnyNode } from 'acorn';
import type { Ranged } from '../evaluate/parsed-source.ts';
import { isFunction, type Syntax } from '../analysis/syntax.ts';
import type { ChangedSource } from '../model/recorded-world.ts';
import type { LoadedFile } from '../query/activation.ts';

/** Instead of the recorded text between the offsets, another. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The recorded text of a file with edits that do not overlap. */
export function changedSource({ path }: LoadedFile, before: string, edits: readonly TextEdit[]): ChangedSource {
  let after = '';
  let done = 0;
  for (const { from, to, text } of edits.toSorted((a, b) => a.from - b.from)) {
    const lost = lineEnds(before.slice(from, to)) - lineEnds(text);
    after += before.slice(done, from) + text + '\n'.repeat(Math.max(0, lost));
    done = to;
  }
  return { path, before, after: after + before.slice(done) };
}

function lineEnds(text: string): number {
  return text.split('\n').length - 1;
}

/** One run of a statement: the only one that is changed, counted from 1 in its thread. */
export interface OneRun {
  readonly statement: Ranged;
  readonly run: number;
}

/** `once` undefined: each time that the expression is evaluated. */
export function giveInstead(
  syntax: Syntax,
  node: Ranged,
  given: string,
  once: OneRun | undefined,
): readonly TextEdit[] {
  const parent = syntax.parentOf(node);
  const key = parent?.type === 'Property' && parent.shorthand ? `${syntax.text(node)}: ` : '';
  const edit = (text: string): TextEdit => ({ from: node.start, to: node.end, text: key + text });
  if (!once) return [edit(`(${given})`)];
  const { statement, run } = once;
  const kept = `(${given}) : (${syntax.text(node)}))`;
  if (isAlwaysEvaluated(syntax, node, statement)) return [edit(`(${COUNT} === ${run} ? ${kept}`)];
  return [...doBefore(syntax, statement, COUNT, undefined), edit(`(${COUNTER} === ${run} ? ${kept}`)];
}

/** Counts in the thread that runs it, where neither programs look nor recordings. */
const COUNTER = "Reflect[Symbol.for('hindcast.runs')]";
const COUNT = `(${COUNTER} = (${COUNTER} ?? 0) + 1)`;

/** Whether each run of the statement evaluates the expression once. */
function isAlwaysEvaluated(syntax: Syntax, node: AnyNode, statement: AnyNode): boolean {
  for (let at = node; at !== statement;) {
    const parent = syntax.parentOf(at);
    if (!parent) return true;
    if (parent.type === 'ConditionalExpression' && at !== parent.test) return false;
    if (parent.type === 'LogicalExpression' && at === parent.right) return false;
    if (parent.type === 'ChainExpression' || parent.type === 'AssignmentPattern') return false;
    at = parent;
  }
  return true;
}

/** Whether the expression decides about rounds of the statement, a loop: it has many in one run. */
export function isOfRounds(node: Ranged, statement: Ranged): boolean {
  const parts: readonly (AnyNode | null | undefined)[] =
    statement.type === 'ForStatement'
      ? [statement.test, statement.update]
      : statement.type === 'WhileStatement' || statement.type === 'DoWhileStatement'
        ? [statement.test]
        : [];
  return parts.some((part) => part && part.start <= node.start && part.end >= node.end);
}

/** `code`: an expression, such as an assignment. */
export function doBefore(syntax: Syntax, node: Ranged, code: string, run: number | undefined): readonly TextEdit[] {
  const statement = run === undefined ? `;(${code});` : `;${COUNT} === ${run} && (${code});`;
  const parent = syntax.parentOf(node);
  const stands = parent === undefined || /^(?:Program|BlockStatement|StaticBlock|SwitchCase)$/.test(parent.type);
  if (stands) return [{ from: node.start, to: node.start, text: statement }];
  return [
    { from: node.start, to: node.start, text: `{${statement}` },
    { from: node.end, to: node.end, text: '}' },
  ];
}

/** Expressions of that text which begin on the lines of the range; such as can be given another value. */
export function expressionsOf(syntax: Syntax, text: string, from: number, to: number): readonly Ranged[] {
  const wanted = squeezed(text);
  return [...syntax.beginning(from, to)].filter(
    (node) => squeezed(syntax.text(node)) === wanted && isValue(syntax, node),
  );
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** Whether the node is an expression whose value is used, and nothing but its value. */
export function isValue(syntax: Syntax, node: AnyNode): boolean {
  if (!EXPRESSION.test(node.type)) return false;
  const parent = syntax.parentOf(node);
  if (!parent) return false;
  switch (parent.type) {
    case 'VariableDeclarator':
      return parent.init === node;
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return parent.right === node;
    case 'MemberExpression':
      return parent.object === node || parent.computed;
    case 'Property':
      return (
        (parent.value === node && syntax.parentOf(parent)?.type === 'ObjectExpression') ||
        (parent.computed && parent.key === node && !parent.shorthand)
      );
    case 'PropertyDefinition':
      return parent.value === node;
    case 'CallExpression':
    case 'NewExpression':
      return parent.callee !== node;
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.right === node;
    case 'UnaryExpression':
      return parent.operator !== 'delete' && parent.operator !== 'typeof';
    case 'ArrowFunctionExpression':
      return parent.body === node;
    case 'ExportDefaultDeclaration':
      return true;
    case 'ChainExpression':
    case 'UpdateExpression':
    case 'TaggedTemplateExpression':
    case 'MethodDefinition':
    case 'ArrayPattern':
    case 'ObjectPattern':
    case 'RestElement':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'CatchClause':
      return false;
    case 'ExpressionStatement':
      return parent.directive === undefined;
    default:
      return !isFunction(parent) && !/Specifier$|^Class|^Import|^Export|^MetaProperty$/.test(parent.type);
  }
}

const EXPRESSION = /Expression$|^(?:Identifier|Literal|TemplateLiteral|MetaProperty)$/;

/** The initialiser of the constant of that name that a node sees; undefined where it is made in another way. */
export function constantOf(syntax: Syntax, node: AnyNode, name: string): Ranged | 'pattern' | undefined {
  for (const at of syntax.around(node)) {
    const body = 'body' in at && Array.isArray(at.body) ? (at.body as readonly AnyNode[]) : [];
    for (const each of body) {
      const made = each.type === 'ExportNamedDeclaration' ? each.declaration : each;
      if (made?.type !== 'VariableDeclaration') continue;
      for (const { id, init } of made.declarations) {
        if (id.type !== 'Identifier') {
          if (made.kind === 'const' && patternNames(syntax, id).includes(name)) return 'pattern';
        } else if (id.name === name) return made.kind === 'const' && init ? (init as Ranged) : undefined;
      }
    }
    if (isFunction(at) && at.params.some((each) => patternNames(syntax, each).includes(name))) return undefined;
  }
  return undefined;
}

function patternNames(syntax: Syntax, pattern: AnyNode): readonly string[] {
  return [...syntax.inside(pattern)].flatMap((node) => (node.type === 'Identifier' ? [node.name] : []));
}
