/** What an ES module imports and exports, as the reader needs it to follow bindings from one module into another. */
import { ts } from 'ts-morph';
import type { ModuleExport, ModuleImport } from '../model/sites.ts';
import type { Bindings, Variable } from './bindings.ts';

/** Whether it ties modules together before any of them runs. */
export function isLink(statement: ts.Statement): boolean {
  return ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
}

/** The imported names that exist when the program runs. */
export function importsOf(file: ts.SourceFile, bindings: Bindings): (ModuleImport & { readonly bound: Variable })[] {
  const typescript = /\.[cm]?tsx?$/.test(file.fileName);
  const found: (ModuleImport & { readonly bound: Variable })[] = [];
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const specifier = textOf(statement.moduleSpecifier);
    const add = (name: ts.Identifier, imported: string): void => {
      const bound = bindings.variableOf.get(name);
      // a compiler behind the instrumenter drops what only types need: naming it would keep it
      if (bound && (bound.referenced || !typescript)) found.push({ variable: bound.index, specifier, imported, bound });
    };
    const clause = statement.importClause;
    if (clause === undefined || clause.isTypeOnly) continue;
    if (clause.name) add(clause.name, 'default');
    const named = clause.namedBindings;
    if (named === undefined) continue;
    if (ts.isNamespaceImport(named)) add(named.name, '*');
    else for (const element of named.elements) add(element.name, (element.propertyName ?? element.name).text);
  }
  return found;
}

export function exportsOf(file: ts.SourceFile, bindings: Bindings): ModuleExport[] {
  const names = bindings.scopes[0]?.names;
  const found: ModuleExport[] = [];
  const local = (name: string, variable: string): void => {
    found.push({ name, variable: names?.get(variable)?.index ?? -1 });
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) {
      if (!statement.isTypeOnly) exportDeclaration(statement, found, local);
    } else if (ts.isExportAssignment(statement)) {
      if (!statement.isExportEquals) local('default', '');
    } else if (has(statement, ts.SyntaxKind.ExportKeyword)) {
      const isDefault = has(statement, ts.SyntaxKind.DefaultKeyword);
      for (const name of declaredNames(statement)) local(isDefault ? 'default' : name, name);
      if (isDefault && declaredNames(statement).length === 0) local('default', '');
    }
  }
  return found;
}

function exportDeclaration(
  statement: ts.ExportDeclaration,
  found: ModuleExport[],
  local: (name: string, variable: string) => void,
): void {
  const specifier = statement.moduleSpecifier && textOf(statement.moduleSpecifier);
  const clause = statement.exportClause;
  if (clause === undefined) {
    if (specifier !== undefined) found.push({ name: '*', variable: -1, specifier, imported: '*' });
  } else if (ts.isNamespaceExport(clause)) {
    if (specifier !== undefined) found.push({ name: clause.name.text, variable: -1, specifier, imported: '*' });
  } else {
    for (const element of clause.elements) {
      if (element.isTypeOnly) continue;
      const imported = (element.propertyName ?? element.name).text;
      if (specifier === undefined) local(element.name.text, imported);
      else found.push({ name: element.name.text, variable: -1, specifier, imported });
    }
  }
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.flatMap((d) => bound(d.name));
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement))
    return statement.name ? [statement.name.text] : [];
  return [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? bound(element.name) : []));
}

function has(node: ts.Statement, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

function textOf(node: ts.Expression): string {
  return ts.isStringLiteralLike(node) ? node.text : '';
}
