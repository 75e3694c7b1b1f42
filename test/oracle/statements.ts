import ts from 'typescript';

/** A statement at which both halves can stop before anything of it has run. Positions of lines and columns are from 0. */
export interface StopPoint {
  readonly start: number;
  /** where V8 stops: the statement's start, or its first initialiser's */
  readonly line: number;
  readonly column: number;
  /** V8 may stop later, where what precedes needs no code of its own, but before this offset */
  readonly until: number;
}

export interface SourceMap {
  readonly stops: readonly StopPoint[];
  readonly placeOf: (offset: number) => { readonly line: number; readonly column: number };
  readonly offsetOf: (line: number, column: number) => number;
  /** offsets of classes without a constructor of their own */
  readonly implicitConstructors: ReadonlySet<number>;
  /** offsets of arrow functions that use `this`: V8 shows what others were called on */
  readonly arrowsWithThis: ReadonlySet<number>;
  /** the program has private names, which only the inspector's internal view shows */
  readonly privates: boolean;
}

/** Statements whose executions V8's break locations count one to one. */
export function findStatements(source: string, fileName: string): SourceMap {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const stops: StopPoint[] = [];
  const implicitConstructors = new Set<number>();
  const arrowsWithThis = new Set<number>();
  // Classes of other modules may have some too.
  let privates = /\b(import|require)\b.*['"]\.{1,2}\//.test(source);
  const stop = (node: ts.Node, at: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    stops.push({ start: node.getStart(file), line, column: character, until: straightUntil(node, node.end, file) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPrivateIdentifier(node)) privates = true;
    if (ts.isArrowFunction(node) && usesThis(node)) arrowsWithThis.add(node.getStart(file));
    if (ts.isClassLike(node) && !node.members.some(ts.isConstructorDeclaration))
      implicitConstructors.add(node.getStart(file));
    const at = breakOffset(node, file);
    if (at !== undefined) stop(node, at);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const placeOf = (offset: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line, column: character };
  };
  return {
    placeOf,
    stops,
    privates,
    implicitConstructors,
    arrowsWithThis,
    offsetOf: (line, column) => file.getPositionOfLineAndCharacter(line, column),
  };
}

function breakOffset(node: ts.Node, file: ts.SourceFile): number | undefined {
  if (ts.isVariableStatement(node)) {
    const first = node.declarationList.declarations[0];
    const declares = node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword);
    return declares ? undefined : first?.initializer?.getStart(file);
  }
  if (ts.isExpressionStatement(node)) return isDirective(node) ? undefined : node.getStart(file);
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isIfStatement(node) || ts.isSwitchStatement(node)) {
    return node.getStart(file);
  }
  return undefined;
}

function isDirective(node: ts.ExpressionStatement): boolean {
  return ts.isStringLiteral(node.expression);
}

const BRANCHES = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.QuestionToken,
  ts.SyntaxKind.QuestionDotToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Up to where a statement's code runs whenever the statement does: its first function, branch or inner statement. */
function straightUntil(statement: ts.Node, end: number, file: ts.SourceFile): number {
  let until = end;
  const visit = (node: ts.Node): void => {
    if (
      ts.isFunctionLike(node) ||
      ts.isClassLike(node) ||
      BRANCHES.has(node.kind) ||
      ts.isBlock(node) ||
      ts.isCaseBlock(node)
    ) {
      until = Math.min(until, node.getStart(file));
    } else {
      node.getChildren(file).forEach(visit);
    }
  };
  statement.getChildren(file).forEach(visit);
  return until;
}

/** Of its own: a function within has another. */
function usesThis(node: ts.Node): boolean {
  return (
    ts.forEachChild(node, (child) => {
      if (child.kind === ts.SyntaxKind.ThisKeyword || child.kind === ts.SyntaxKind.SuperKeyword) return true;
      return (ts.isFunctionLike(child) && !ts.isArrowFunction(child)) || ts.isClassLike(child)
        ? undefined
        : usesThis(child) || undefined;
    }) ?? false
  );
}
