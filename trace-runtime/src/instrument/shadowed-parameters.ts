/**
 * A `var` or a function of the body that is named as a parameter, which a function among the parameters may keep, is a
 * variable of its own: `(x, read = () => x) => { var x; x = 1; read(); }`.
 */
import { ts } from 'ts-morph';
import { isFunction } from './bindings.ts';

/** The names that declare such variables. */
export function shadowingNames(parameters: readonly ts.ParameterDeclaration[], body: ts.Block): ts.Identifier[] {
  const kept = namesKept(parameters);
  const found: ts.Identifier[] = [];
  const add = (name: ts.BindingName): void => {
    if (!ts.isIdentifier(name)) name.elements.forEach((element) => ts.isBindingElement(element) && add(element.name));
    else if (kept.has(name.text)) found.push(name);
  };
  const look = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.parent === body && node.name) add(node.name);
    if (isFunction(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0)
      node.declarations.forEach((declaration) => add(declaration.name));
    ts.forEachChild(node, look);
  };
  if (kept.size > 0) body.statements.forEach(look);
  return found;
}

/** Names of parameters that functions among the parameters mention. */
export function namesKept(parameters: readonly ts.ParameterDeclaration[]): ReadonlySet<string> {
  const declared = new Set<string>();
  const mentioned = new Set<string>();
  const declare = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) declared.add(name.text);
    else name.elements.forEach((element) => ts.isBindingElement(element) && declare(element.name));
  };
  const look = (node: ts.Node, isKept: boolean): void => {
    if (ts.isIdentifier(node) && isKept) mentioned.add(node.text);
    ts.forEachChild(node, (child) => look(child, isKept || isFunction(child) || ts.isClassLike(child)));
  };
  for (const parameter of parameters) {
    declare(parameter.name);
    look(parameter, false);
  }
  return new Set([...declared].filter((name) => mentioned.has(name)));
}
