/** Strict and sloppy code, and what sloppy code makes of functions that are declared in blocks. */
import { ts } from 'ts-morph';
import type { Goal } from '../model/instrument-cache.ts';

export function isStrict(goal: Goal, node: ts.Node): boolean {
  if (goal === 'module') return true;
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isClassLike(at)) return true;
    for (const statement of bodyOf(at) ?? []) {
      if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
      if (statement.expression.text === 'use strict') return true;
    }
  }
  return false;
}

function bodyOf(node: ts.Node): readonly ts.Statement[] | undefined {
  if (ts.isSourceFile(node)) return node.statements;
  if (!ts.isFunctionLike(node)) return undefined;
  const { body } = node as ts.FunctionLikeDeclaration;
  return body && ts.isBlock(body) ? body.statements : undefined;
}

/**
 * Functions declared in blocks of a sloppy function's (or file's) body whose names are variables of the function too,
 * which get the function as their value where its declaration is passed (ECMAScript, annex B.3.2). `taken`: names that
 * the function itself declares by `let`, `const`, `class`, or as parameters.
 */
export function blockFunctions(body: ts.Node, taken: ReadonlySet<string>): ts.FunctionDeclaration[] {
  const found: ts.FunctionDeclaration[] = [];
  const look = (node: ts.Node, around: ReadonlySet<string>): void => {
    if (node !== body && (ts.isFunctionLike(node) || ts.isClassLike(node))) return;
    const statements = node === body ? undefined : listOf(node);
    for (const declared of statements?.map(withoutLabels) ?? []) {
      if (ts.isFunctionDeclaration(declared) && isHoisted(declared, around)) found.push(declared);
    }
    const names =
      statements && !ts.isIfStatement(node) ? statements.flatMap(lexicalNames) : node === body ? [] : headNames(node);
    const inside = names.length === 0 ? around : new Set([...around, ...names]);
    ts.forEachChild(node, (child) => look(child, inside));
  };
  look(body, taken);
  return found;
}

function isHoisted(node: ts.FunctionDeclaration, around: ReadonlySet<string>): boolean {
  const plain = node.asteriskToken === undefined && node.modifiers === undefined && node.body !== undefined;
  return plain && node.name !== undefined && !around.has(node.name.text);
}

function listOf(node: ts.Node): readonly ts.Statement[] | undefined {
  if (ts.isBlock(node)) return node.statements;
  // of an `if`, it is as in braces
  if (ts.isIfStatement(node))
    return [node.thenStatement, node.elseStatement].filter((arm) => arm !== undefined).filter(ts.isFunctionDeclaration);
  return ts.isCaseBlock(node) ? node.clauses.flatMap((clause) => [...clause.statements]) : undefined;
}

function withoutLabels(statement: ts.Statement): ts.Statement {
  return ts.isLabeledStatement(statement) ? withoutLabels(statement.statement) : statement;
}

function lexicalNames(outer: ts.Statement): string[] {
  const statement = withoutLabels(outer);
  if (ts.isVariableStatement(statement)) return listNames(statement.declarationList);
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
  return named && statement.name ? [statement.name.text] : [];
}

/** What the head of a loop or of a `catch` declares; a `catch` with a simple name is no obstacle. */
function headNames(node: ts.Node): string[] {
  if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node))
    return node.initializer && ts.isVariableDeclarationList(node.initializer) ? listNames(node.initializer) : [];
  if (!ts.isCatchClause(node) || !node.variableDeclaration || ts.isIdentifier(node.variableDeclaration.name)) return [];
  return namesOf(node.variableDeclaration.name);
}

function listNames(list: ts.VariableDeclarationList): string[] {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0 ? [] : list.declarations.flatMap(({ name }) => namesOf(name));
}

function namesOf(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
}
