/** Functions that are there before the statements of their list run. */
import { ts } from 'ts-morph';
import { isErased } from './bindings.ts';
import type { Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';
import { isDerivedClosure, pushClosure } from './expressions.ts';
import { logged, unlabelled } from './statements.ts';

/** The hook call, if any, for a function that is there before its list of statements runs. */
export function hoisting(e: Emitter, c: FunctionContext, statement: ts.Statement): Piece[][] {
  const inner = unlabelled(statement);
  if (!ts.isFunctionDeclaration(inner) || !inner.name || isErased(inner)) return [];
  // that of an `if` without braces is no variable of a block
  const variable = e.bindings.variableOf.get(inner.name) ?? e.bindings.hoistedTo.get(inner);
  if (variable === undefined) return [];
  if (!isDerivedClosure(inner)) return [logged(c, variable, e.at(inner))];
  const ref = pushClosure(e, c, variable.index, inner);
  return [['__hcL(', { word: ref }, `,${variable.name})`]];
}

/** Hook calls that are made before the expression is evaluated. */
export function insertBefore(e: Emitter, node: ts.Expression, hooks: readonly Piece[][]): void {
  if (hooks.length === 0) return;
  e.edits.insert(e.start(node), '(', ...hooks.flatMap((h) => [...h, ',']));
  e.edits.insert(node.getEnd(), ')');
}
