/** `switch`. */
import { ts } from 'ts-morph';
import { type Emitter, type FunctionContext, environmentName, label } from './emitter.ts';
import { emitExpression } from './expressions.ts';
import { rollArm } from './flow-text.ts';
import { hoisting, insertBefore } from './hoisting.ts';
import { emitInOrder, emitStatements, enterScope } from './statements.ts';

export function emitSwitch(e: Emitter, c: FunctionContext, s: ts.SwitchStatement, names: readonly string[]): void {
  const scope = e.bindings.scopeOf.get(s.caseBlock);
  const end = label();
  emitExpression(e, c, s.expression);
  const entered = scope !== undefined && c.openScopes.at(-1) === scope.index;
  const leave = entered ? () => undefined : enterScope(c, scope);
  c.jumps.push({
    names,
    breakTo: end,
    continueTo: undefined,
    scopes: c.openScopes.length,
    finallies: c.finallies,
    beforeContinue: [],
    plain: false,
  });
  if (scope?.captured) e.edits.insert(e.start(s), `;let ${environmentName(scope)}=__hcI();`);
  const clauses = s.caseBlock.clauses;
  const [first] = clauses.filter(ts.isCaseClause);
  // wherever it stands, `default` is taken when all cases were tested
  const otherwise = clauses.every(ts.isCaseClause) ? end : label();
  let next = label();
  if (first !== clauses[0] && first !== undefined) c.jump(next);
  const last = clauses.findLast(ts.isCaseClause);
  for (const clause of clauses) {
    const isCase = ts.isCaseClause(clause);
    c.place(isCase ? next : otherwise);
    if (isCase) next = clause === last ? otherwise : label();
    // functions of all cases are there before the first case is tested
    if (clause === first)
      insertBefore(
        e,
        first.expression,
        clauses.flatMap((any) => any.statements.flatMap((own) => hoisting(e, c, own))),
      );
    if (isCase) emitExpression(e, c, clause.expression);
    const environment = scope?.captured === true;
    const ref = c.push(
      {
        k: 'block',
        arm: 'case',
        else: 0,
        environment,
        scope: environment ? (scope?.index ?? -1) : -1,
        enters: false,
        ...e.at(clause),
      },
      true,
    );
    c.fixups.push({ ref, field: 'else', label: isCase ? next : end });
    const colon = afterColon(e, clause);
    e.edits.insert(
      colon,
      environment && scope ? '__hcBE(' : '__hcB(',
      { word: ref },
      environment && scope ? `,${environmentName(scope)});` : ');',
    );
    rollArm(e, c, colon, ref);
    if (first) emitInOrder(e, c, clause.statements, colon);
    else emitStatements(e, c, clause.statements, colon);
  }
  c.jumps.pop();
  c.place(end);
  leave();
}

function afterColon(e: Emitter, clause: ts.CaseOrDefaultClause): number {
  const colon = clause.getChildren(e.file).find((n) => n.kind === ts.SyntaxKind.ColonToken);
  return colon?.getEnd() ?? clause.getEnd();
}
