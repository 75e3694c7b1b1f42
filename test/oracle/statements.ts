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
  /** offsets of arrow functions whose `this` V8 shows: that of others is what they were called on */
  readonly arrowsWithThis: ReadonlySet<number>;
  /** of loops over what they iterate: where their bodies begin, by their offsets */
  readonly loopBodies: ReadonlyMap<number, number>;
  /** of declarations: where they end, by the offsets of the names that they bind */
  readonly declarations: ReadonlyMap<number, number>;
  /** offsets of constructors whose arrow functions use `this`: V8 does not show that of a derived one */
  readonly heldConstructors: ReadonlySet<number>;
  /** the program has private names, which only the inspector's internal view shows */
  readonly privates: boolean;
}

function boundNames(name: ts.BindingName, found: (name: ts.Identifier) => void): void {
  if (ts.isIdentifier(name)) return found(name);
  for (const element of name.elements) if (ts.isBindingElement(element)) boundNames(element.name, found);
}

/** Statements whose executions V8's break locations count one to one. */
export function findStatements(source: string, fileName: string): SourceMap {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const stops: StopPoint[] = [];
  const implicitConstructors = new Set<number>();
  const arrowsWithThis = new Set<number>();
  const loopBodies = new Map<number, number>();
  const declarations = new Map<number, number>();
  const heldConstructors = new Set<number>();
  // V8 has one place for a `return`'s end and what begins there
  const returnEnds = new Set<number>();
  // Classes of other modules may have some too.
  let privates = /\b(import|require)\b.*['"]\.{1,2}\/|['"]data:/.test(source);
  const stop = (node: ts.Node, at: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    stops.push({
      start: node.getStart(file),
      line,
      column: character,
      until: straightUntil(node, endOfStart(node), file),
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPrivateIdentifier(node)) privates = true;
    if (ts.isVariableDeclaration(node))
      boundNames(node.name, (name) => declarations.set(name.getStart(file), node.end));
    if (ts.isReturnStatement(node)) returnEnds.add(node.end);
    if (ts.isArrowFunction(node) && usesThis(node) && !isAsync(node)) arrowsWithThis.add(node.getStart(file));
    if (ts.isForOfStatement(node)) loopBodies.set(node.getStart(file), node.statement.getStart(file));
    if (ts.isConstructorDeclaration(node) && holdsThis(node)) heldConstructors.add(node.getStart(file));
    if (ts.isClassLike(node) && !node.members.some(ts.isConstructorDeclaration))
      implicitConstructors.add(node.getStart(file));
    const at = breakOffset(node, file);
    if (at !== undefined && !losesThis(node) && !losesScope(node) && !isInsideOwnScope(node)) stop(node, at);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const lines = file.getLineStarts().length;
  const placeOf = (offset: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line, column: character };
  };
  return {
    placeOf,
    stops: stops.filter(({ start }) => !returnEnds.has(start)),
    privates,
    implicitConstructors,
    arrowsWithThis,
    heldConstructors,
    loopBodies,
    declarations,
    // Node adds a line of its own to types that it strips, other loaders a comment
    offsetOf: (line, column) =>
      Math.min(line < lines ? file.getPositionOfLineAndCharacter(line, 0) + column : file.getEnd(), file.getEnd()),
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

/** A first pattern reads its source: what follows it comes after that. */
function endOfStart(node: ts.Node): number {
  const first = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : undefined;
  return first && !ts.isIdentifier(first.name) ? first.end : node.end;
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

/**
 * V8 evaluates the condition of a breakpoint before `super()` with a `this` of its own where an arrow function holds the
 * constructor's, and then has it that `super()` was called.
 */
function losesThis(node: ts.Node): boolean {
  let inside = ts.findAncestor(node, ts.isFunctionLike);
  while (inside && ts.isArrowFunction(inside) && lastSuperCall(inside) > 0)
    inside = ts.findAncestor(inside.parent, ts.isFunctionLike);
  if (!inside || !ts.isConstructorDeclaration(inside) || !inside.body) return false;
  return node.pos < lastSuperCall(inside.body) && holdsThis(inside);
}

/**
 * V8 evaluates such a condition in a static block in the wrong scope, and may throw there, where the class stands in a
 * function or has a scope of its own.
 */
function losesScope(node: ts.Node): boolean {
  const block = ts.findAncestor(node, ts.isClassStaticBlockDeclaration);
  if (!block) return false;
  return block.parent.members.some(hasPrivates) || ts.findAncestor(block.parent, ts.isFunctionLike) !== undefined;
}

/**
 * V8 stands in the block of a `switch` already when it stops there, and has it that it does not: where functions hold what
 * the block declares it reads the variables around it from the block's.
 */
function isInsideOwnScope(node: ts.Node): boolean {
  if (!ts.isSwitchStatement(node)) return false;
  const declared = new Set(node.caseBlock.clauses.flatMap(({ statements }) => statements).flatMap(declaredNames));
  const held = (inner: ts.Node, inFunction: boolean): boolean =>
    (inFunction && ts.isIdentifier(inner) && declared.has(inner.text)) ||
    (ts.forEachChild(inner, (child) => held(child, inFunction || ts.isFunctionLike(inner)) || undefined) ?? false);
  return declared.size > 0 && held(node.caseBlock, false);
}

/** What a statement of a block declares in it. */
function declaredNames(statement: ts.Statement): readonly string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name ? [statement.name.text] : [];
  if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.BlockScoped)) return [];
  const names = (name: ts.BindingName): string[] =>
    ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((e) => (ts.isBindingElement(e) ? names(e.name) : []));
  return statement.declarationList.declarations.flatMap(({ name }) => names(name));
}

function hasPrivates(node: ts.Node): boolean {
  return ts.isPrivateIdentifier(node) || (ts.forEachChild(node, (child) => hasPrivates(child) || undefined) ?? false);
}

/** Where the last one ends; an arrow function's may come whenever that is called. */
function lastSuperCall(node: ts.Node): number {
  const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
  let last = isCall ? node.end : -1;
  ts.forEachChild(node, (child) => {
    last = Math.max(last, lastSuperCall(child));
  });
  return last > 0 && ts.isArrowFunction(node) ? Number.POSITIVE_INFINITY : last;
}

function holdsThis(node: ts.Node): boolean {
  const holds = (child: ts.Node): true | undefined =>
    (ts.isArrowFunction(child) ? usesThis(child) : !hasOwnThis(child) && holdsThis(child)) || undefined;
  return ts.forEachChild(node, holds) ?? false;
}

function hasOwnThis(node: ts.Node): boolean {
  return (ts.isFunctionLike(node) && !ts.isArrowFunction(node)) || ts.isClassLike(node);
}

/** V8 shows what such an arrow function was called on. */
function isAsync(node: ts.ArrowFunction): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

/** Of its own: a function within has another. */
function usesThis(node: ts.Node): boolean {
  return (
    ts.forEachChild(node, (child) => {
      if (child.kind === ts.SyntaxKind.ThisKeyword || child.kind === ts.SyntaxKind.SuperKeyword) return true;
      return hasOwnThis(child) ? undefined : usesThis(child) || undefined;
    }) ?? false
  );
}
