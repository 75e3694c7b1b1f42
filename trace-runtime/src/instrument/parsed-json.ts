/** `JSON.parse(text)` in user code: its result is recorded by the text. */
import { ts } from 'ts-morph';
import type { Emitter, FunctionContext } from './emitter.ts';
import { emitExpression } from './expressions.ts';

interface ParseCall extends ts.CallExpression {
  readonly expression: ts.PropertyAccessExpression & { readonly expression: ts.Identifier };
}

/** Not with a reviver, and only where no error would name the call. */
export function isParseCall(e: Emitter, node: ts.CallExpression): node is ParseCall {
  const { expression: callee, arguments: given } = node;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'parse' || ts.isOptionalChain(node)) return false;
  const object = callee.expression;
  if (!ts.isIdentifier(object) || object.text !== 'JSON' || e.bindings.variableOf.get(object)) return false;
  const [text] = given;
  return given.length === 1 && text !== undefined && !ts.isSpreadElement(text) && isNameless(node);
}

/** Whether the value goes where it is only passed on. */
function isNameless(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) return ts.isIdentifier(parent.name);
  if (ts.isBinaryExpression(parent)) {
    const isPlain = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === node;
    return isPlain && !ts.isArrayLiteralExpression(parent.left) && !ts.isObjectLiteralExpression(parent.left);
  }
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  return ts.isReturnStatement(parent) || ts.isPropertyAssignment(parent);
}

export function emitParse(e: Emitter, c: FunctionContext, node: ParseCall): void {
  const temps = c.temps;
  const text = c.takeTemp();
  const [argument] = node.arguments;
  if (argument === undefined) return;
  e.edits.insert(e.start(node), '__hcJP(');
  e.edits.insert(e.start(argument), `${text}=(`);
  emitExpression(e, c, argument);
  e.edits.insert(argument.getEnd(), ')');
  e.edits.insert(node.getEnd(), `,${text},JSON)`);
  c.releaseTemps(temps);
}
