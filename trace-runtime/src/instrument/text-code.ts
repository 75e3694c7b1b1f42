/**
 * Code that the program makes of text. A function's text is instrumented as it is handed to `Function` or one of its kin
 * (recorder/text-code.ts); the hook asks whether it is one. What an indirect `eval` changes is looked at behind the statement.
 */
import { ts } from 'ts-morph';
import { isFunction, type Variable } from './bindings.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { strip } from './rules.ts';

/** A call of what may make a function of text, or of an indirect `eval`, and which of its arguments that gets. */
export interface MakingCall {
  readonly maker: string;
  readonly given: readonly ts.Expression[];
  /** given as a list: the one argument is that, or there are spread ones */
  readonly list: 'argument' | 'spread' | undefined;
}

export function makingCall(e: Emitter, c: FunctionContext, node: ts.Node): MakingCall | undefined {
  if (!e.makesCode || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return undefined;
  const call = ts.isOptionalChain(node) ? undefined : callOf(e, node);
  const last = call?.given.at(-1);
  if (!call || last === undefined) return undefined;
  const spreads = call.given.some(ts.isSpreadElement);
  if (call.list === 'argument') return spreads ? undefined : call;
  return spreads || (call.given.length > 1 && !c.hasTemps) ? { ...call, list: 'spread' } : call;
}

function callOf(
  e: Emitter,
  { expression, arguments: args = ts.factory.createNodeArray() }: Call,
): MakingCall | undefined {
  const called = strip(expression);
  const evaluator = indirectEval(e, called);
  if (evaluator !== undefined) return { maker: evaluator, given: args.slice(0, 1), list: undefined };
  if (ts.isIdentifier(called))
    return isMaker(e, called) ? { maker: called.text, given: args, list: undefined } : undefined;
  if (!ts.isPropertyAccessExpression(called) || !ts.isIdentifier(called.expression)) return undefined;
  const [object, key, first] = [called.expression, called.name.text, args[0]];
  if (object.text === 'Reflect' && (key === 'construct' || key === 'apply')) {
    if (!first || !ts.isIdentifier(first) || !isMaker(e, first)) return undefined;
    return { maker: first.text, given: key === 'apply' ? args.slice(2, 3) : args.slice(1, 2), list: 'argument' };
  }
  if (!(key === 'call' || key === 'apply') || !isMaker(e, object)) return undefined;
  if (first === undefined || ts.isSpreadElement(first)) return undefined;
  return key === 'call'
    ? { maker: object.text, given: args.slice(1), list: undefined }
    : { maker: object.text, given: args.slice(1, 2), list: 'argument' };
}

type Call = ts.CallExpression | ts.NewExpression;

/** `each` instruments a part of the call. */
export function emitMaking(
  e: Emitter,
  c: FunctionContext,
  node: Call,
  { maker, given, list }: MakingCall,
  each: (child: ts.Node) => void,
): void {
  const temps = c.temps;
  const last = given.at(-1)!;
  const before = list === undefined ? given.slice(0, -1).map((argument) => ({ argument, temp: c.takeTemp() })) : [];
  for (const { argument, temp } of before) e.edits.insert(e.start(argument), `${temp}=(`);
  if (list === 'spread') e.edits.insert(e.start(given[0]!), `...__hcTL(${maker},[`);
  else e.edits.insert(e.start(last), list === undefined ? `__hcTF(${maker},(` : `__hcTL(${maker},(`);
  ts.forEachChild(node, (child) => {
    each(child);
    if (before.some(({ argument }) => argument === child)) e.edits.insert(child.getEnd(), ')');
    if (child !== last) return;
    const names = before.map(({ temp }) => `,${temp}`).join('');
    e.edits.insert(child.getEnd(), list === 'spread' ? '])' : `)${names})`);
  });
  c.releaseTemps(temps);
}

/** Whether it may hold `Function` or one of its kin: nothing else is asked of it then. */
function isMaker(e: Emitter, name: ts.Identifier, asked = new Set<Variable>()): boolean {
  const variable = e.bindings.variableOf.get(name);
  if (variable === undefined) return name.text === 'Function';
  if (asked.has(variable)) return false;
  asked.add(variable);
  return variable.writes.some((value) => typeof value === 'object' && mayMake(e, strip(value), asked));
}

function mayMake(e: Emitter, value: ts.Expression, asked: Set<Variable>): boolean {
  if (isFunction(value) || ts.isClassLike(value) || ts.isObjectLiteralExpression(value)) return false;
  if (ts.isIdentifier(value)) return isMaker(e, value, asked);
  return /\b(?:Function|constructor)\b/.test(value.getText(e.file));
}

/** What to put behind a statement of a list; nothing where it has no indirect `eval`. */
export function lookBehind(e: Emitter, statement: ts.Statement): string {
  // a script's value is that of its last statement
  if (e.goal === 'script' || !(ts.isExpressionStatement(statement) || ts.isVariableStatement(statement))) return '';
  return evaluates(e, statement) ? ';__hcRF(0);' : '';
}

/** What to put around a value that is returned; nothing where it has no indirect `eval`. */
export function lookAround(e: Emitter, value: ts.Expression): readonly [string, string] {
  return evaluates(e, value) ? ['__hcRF((', '))'] : ['', ''];
}

function evaluates(e: Emitter, place: ts.Node): boolean {
  if (!e.makesCode) return false;
  const visit = (node: ts.Node): boolean => {
    if (isFunction(node) || ts.isClassLike(node)) return false;
    if (ts.isCallExpression(node) && indirectEval(e, strip(node.expression)) !== undefined) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(place);
}

/** How to read the `eval` that is called indirectly; undefined where none is. */
function indirectEval(e: Emitter, called: ts.Expression): string | undefined {
  return ts.isIdentifier(called) && called.text === 'eval' ? undefined : evalOf(e, called, new Set());
}

function evalOf(e: Emitter, node: ts.Expression, asked: Set<Variable>): string | undefined {
  if (ts.isBinaryExpression(node)) {
    const isComma = node.operatorToken.kind === ts.SyntaxKind.CommaToken;
    return isComma ? evalOf(e, strip(node.right), asked) : undefined;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const variable = e.bindings.variableOf.get(node);
  if (variable === undefined) return node.text === 'eval' ? 'eval' : undefined;
  if (asked.has(variable)) return undefined;
  asked.add(variable);
  const holds = variable.writes.some((value) => typeof value === 'object' && evalOf(e, strip(value), asked));
  return holds ? node.text : undefined;
}
