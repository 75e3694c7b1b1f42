import { ts } from 'ts-morph';
import { assignCaught } from './caught-names.ts';
import type { ScopeSite, VariableSite } from '../model/sites.ts';
import type { Goal } from '../model/instrument-cache.ts';
import { isAssignment, isLogicalAssignment, isUpdate } from './operators.ts';
import { shadowingNames } from './shadowed-parameters.ts';
import { blockFunctions, isStrict } from './strictness.ts';

/** What is known of a variable before ops are made. */
export interface Variable {
  readonly index: number;
  readonly name: string;
  readonly kind: VariableSite['kind'];
  readonly scope: Scope;
  readonly start: number;
  /** end of the declaration: reads before it may meet the temporal dead zone */
  readonly end: number;
  /** values assigned: expressions, or what is known of them */
  readonly writes: (ts.Expression | 'primitive' | 'unknown')[];
  writtenInClosure: boolean;
  referenced: boolean;
  /** its value cannot be followed: eval, with, a global, an import */
  untracked: boolean;
  primitive: boolean;
}

export interface Scope {
  readonly index: number;
  readonly kind: ScopeSite['kind'];
  readonly node: ts.Node;
  readonly parent: Scope | undefined;
  /** nearest function-like node, or the source file */
  readonly owner: ts.Node;
  readonly names: Map<string, Variable>;
  captured: boolean;
  /** direct eval or `with` may reach its variables */
  dynamic: boolean;
}

export interface Bindings {
  readonly scopes: readonly Scope[];
  readonly variables: readonly Variable[];
  readonly scopeOf: ReadonlyMap<ts.Node, Scope>;
  readonly variableOf: ReadonlyMap<ts.Identifier, Variable>;
  /** of functions declared in blocks of sloppy code: the function's variable that each is assigned to */
  readonly hoistedTo: ReadonlyMap<ts.Node, Variable>;
  /** functions that mention `this`, `arguments`, `new.target`, a direct eval, themselves or in arrows within */
  readonly usesThis: ReadonlySet<ts.Node>;
  readonly usesArguments: ReadonlySet<ts.Node>;
  readonly usesEval: ReadonlySet<ts.Node>;
}

interface Reference {
  readonly node: ts.Identifier;
  readonly scope: Scope;
  readonly write: boolean;
}

const K = ts.SyntaxKind;

export function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  switch (node.kind) {
    case K.FunctionDeclaration:
    case K.FunctionExpression:
    case K.ArrowFunction:
    case K.MethodDeclaration:
    case K.Constructor:
    case K.GetAccessor:
    case K.SetAccessor:
      return true;
    default:
      return false;
  }
}

/** What runs while the class is made, after its name is there. */
export function isStaticElement(member: ts.ClassElement): boolean {
  if (ts.isClassStaticBlockDeclaration(member)) return true;
  return ts.isPropertyDeclaration(member) && (member.modifiers?.some((m) => m.kind === K.StaticKeyword) ?? false);
}

/** Type-only syntax: no code comes of it. */
export function isErased(node: ts.Node): boolean {
  const { kind } = node;
  if (kind === K.Identifier) return false;
  if (kind >= K.FirstTypeNode && kind <= K.LastTypeNode) return true;
  switch (kind) {
    case K.InterfaceDeclaration:
    case K.TypeAliasDeclaration:
    case K.TypeParameter:
      return true;
    case K.FunctionDeclaration:
    case K.MethodDeclaration:
    case K.Constructor:
    case K.GetAccessor:
    case K.SetAccessor:
      return (node as ts.FunctionLikeDeclaration).body === undefined || isDeclared(node);
    case K.VariableStatement:
    case K.ClassDeclaration:
    case K.EnumDeclaration:
    case K.ModuleDeclaration:
    case K.PropertyDeclaration:
      return isDeclared(node);
    default:
      return kind >= K.AnyKeyword && kind <= K.UnknownKeyword && ts.isTypeNode(node);
  }
}

function isDeclared(node: ts.Node): boolean {
  return (node as ts.VariableStatement).modifiers?.some((m) => m.kind === K.DeclareKeyword) ?? false;
}

export function bind(file: ts.SourceFile, goal: Goal): Bindings {
  const globals = goal === 'script';
  const scopes: Scope[] = [];
  const variables: Variable[] = [];
  const scopeOf = new Map<ts.Node, Scope>();
  const variableOf = new Map<ts.Identifier, Variable>();
  const hoistedTo = new Map<ts.Node, Variable>();
  const references: Reference[] = [];
  const usesThis = new Set<ts.Node>();
  const usesArguments = new Set<ts.Node>();
  const usesEval = new Set<ts.Node>();

  function open(kind: Scope['kind'], node: ts.Node, parent: Scope | undefined, owner: ts.Node): Scope {
    const scope: Scope = {
      index: scopes.length,
      kind,
      node,
      parent,
      owner,
      names: new Map(),
      captured: false,
      dynamic: false,
    };
    scopes.push(scope);
    scopeOf.set(node, scope);
    return scope;
  }

  function declare(scope: Scope, id: ts.Identifier, kind: Variable['kind'], end = id.getEnd()): Variable {
    const known = scope.names.get(id.text);
    if (known !== undefined) {
      variableOf.set(id, known);
      if (kind !== 'var') known.writes.push('unknown');
      return known;
    }
    const variable: Variable = {
      index: variables.length,
      name: id.text,
      kind,
      scope,
      start: id.getStart(file),
      end,
      writes: [],
      writtenInClosure: false,
      referenced: false,
      untracked: kind === 'import' || (globals && scope.kind === 'module'),
      primitive: false,
    };
    if (kind !== 'var' && kind !== 'let' && kind !== 'const') variable.writes.push('unknown');
    variables.push(variable);
    scope.names.set(id.text, variable);
    variableOf.set(id, variable);
    return variable;
  }

  function declareName(
    scope: Scope,
    name: ts.BindingName,
    kind: Variable['kind'],
    value: ts.Expression | 'primitive' | 'unknown' | undefined,
    end: number,
  ): void {
    if (ts.isIdentifier(name)) {
      const variable = declare(scope, name, kind, end);
      if (value !== undefined) variable.writes.push(value);
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) declareName(scope, element.name, kind, 'unknown', end);
    }
  }

  /** `var`s and function declarations of a function's or the file's body, hoisted. */
  function hoist(node: ts.Node, scope: Scope): void {
    if (isErased(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const declaration of node.declarations)
        declareName(scope, declaration.name, 'var', undefined, declaration.getEnd());
    }
    if (isFunction(node) || ts.isClassLike(node) || ts.isPropertyDeclaration(node)) return;
    ts.forEachChild(node, (child) => hoist(child, scope));
  }

  /** After all else that the function's scope declares. */
  function hoistBlockFunctions(body: ts.Node, scope: Scope): void {
    if (isStrict(goal, body)) return;
    const taken = [...scope.names.values()].filter(({ kind }) => kind !== 'var' && kind !== 'function');
    for (const node of blockFunctions(body, new Set(taken.map(({ name }) => name)))) {
      const { name } = node;
      if (name === undefined) continue;
      const variable = scope.names.get(name.text) ?? declare(scope, name, 'var');
      variableOf.delete(name);
      variable.writes.push('unknown');
      hoistedTo.set(node, variable);
    }
  }

  /** let, const, class and function declarations directly in a statement list. */
  function declareLexical(statements: readonly ts.Statement[], scope: Scope): void {
    for (const outer of statements) {
      let statement: ts.Statement = outer;
      while (ts.isLabeledStatement(statement)) statement = statement.statement;
      if (isErased(statement)) continue;
      if (ts.isVariableStatement(statement)) declareList(statement.declarationList, scope);
      else if (ts.isFunctionDeclaration(statement) && statement.name) declare(scope, statement.name, 'function');
      else if (ts.isClassDeclaration(statement) && statement.name)
        declare(scope, statement.name, 'class', statement.getEnd());
      else if (ts.isEnumDeclaration(statement)) declare(scope, statement.name, 'class', statement.getEnd());
      else if (ts.isImportDeclaration(statement)) declareImports(statement, scope);
      else if (ts.isImportEqualsDeclaration(statement)) declare(scope, statement.name, 'import');
    }
  }

  function declareImports(statement: ts.ImportDeclaration, scope: Scope): void {
    const clause = statement.importClause;
    if (clause === undefined || clause.isTypeOnly) return;
    if (clause.name) declare(scope, clause.name, 'import');
    const named = clause.namedBindings;
    if (named === undefined) return;
    if (ts.isNamespaceImport(named)) declare(scope, named.name, 'import');
    else for (const element of named.elements) if (!element.isTypeOnly) declare(scope, element.name, 'import');
  }

  function declareList(list: ts.VariableDeclarationList, scope: Scope): void {
    if ((list.flags & ts.NodeFlags.BlockScoped) === 0) return;
    const kind = (list.flags & ts.NodeFlags.Const) !== 0 ? 'const' : 'let';
    for (const declaration of list.declarations)
      declareName(scope, declaration.name, kind, undefined, declaration.getEnd());
  }

  /** The function whose `this` and `arguments` an arrow function shares. */
  function thisOwner(scope: Scope): ts.Node[] {
    const owners: ts.Node[] = [];
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      if (owners.at(-1) !== s.owner) owners.push(s.owner);
      if (!ts.isArrowFunction(s.owner)) break;
    }
    return owners;
  }

  function assignTarget(target: ts.Node, scope: Scope, value: ts.Expression | 'primitive' | 'unknown'): void {
    if (ts.isParenthesizedExpression(target) || ts.isNonNullExpression(target) || ts.isAsExpression(target)) {
      assignTarget(target.expression, scope, value);
    } else if (ts.isIdentifier(target)) {
      references.push({ node: target, scope, write: true });
      pending.push({ target, value });
    } else if (ts.isArrayLiteralExpression(target)) {
      for (const element of target.elements)
        assignTarget(ts.isSpreadElement(element) ? element.expression : element, scope, 'unknown');
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isShorthandPropertyAssignment(property)) {
          assignTarget(property.name, scope, 'unknown');
          if (property.objectAssignmentInitializer) visit(property.objectAssignmentInitializer, scope);
        } else if (ts.isPropertyAssignment(property)) {
          if (ts.isComputedPropertyName(property.name)) visit(property.name, scope);
          assignTarget(property.initializer, scope, 'unknown');
        } else if (ts.isSpreadAssignment(property)) assignTarget(property.expression, scope, 'unknown');
      }
    } else if (ts.isBinaryExpression(target) && target.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      assignTarget(target.left, scope, 'unknown');
      visit(target.right, scope);
    } else if (ts.isOmittedExpression(target)) return;
    else visit(target, scope);
  }
  const pending: { target: ts.Identifier; value: ts.Expression | 'primitive' | 'unknown' }[] = [];

  function visitFunction(node: ts.FunctionLikeDeclaration, scope: Scope): void {
    let outer = scope;
    if (ts.isFunctionExpression(node) && node.name) {
      outer = open('block', node.name, scope, scope.owner);
      const self = declare(outer, node.name, 'function');
      self.untracked = true;
    }
    if (ts.canHaveDecorators(node)) ts.getDecorators(node)?.forEach((d) => visit(d, scope));
    if (node.name && ts.isComputedPropertyName(node.name)) visit(node.name, scope);
    const own = open('function', node, outer, node);
    for (const parameter of node.parameters) {
      const simple = ts.isIdentifier(parameter.name);
      if (simple && parameter.name.text === 'this') continue;
      declareName(own, parameter.name, 'parameter', 'unknown', parameter.getEnd());
    }
    if (node.body) hoist(node.body, own);
    if (node.body && ts.isBlock(node.body)) {
      declareLexical(node.body.statements, own);
      hoistBlockFunctions(node.body, own);
    }
    for (const parameter of node.parameters) {
      visitPattern(parameter.name, own);
      if (parameter.initializer) visit(parameter.initializer, own);
    }
    if (node.body === undefined) return;
    if (!ts.isBlock(node.body)) return visit(node.body, own);
    const names = shadowingNames(node.parameters, node.body);
    const inner = names.length > 0 ? open('block', node.body, own, node) : own;
    for (const name of names) declare(inner, name, 'var').writes.push('unknown');
    node.body.statements.forEach((s) => visit(s, inner));
  }

  function visitPattern(name: ts.BindingName, scope: Scope): void {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (!ts.isBindingElement(element)) continue;
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) visit(element.propertyName, scope);
      visitPattern(element.name, scope);
      if (element.initializer) visit(element.initializer, scope);
    }
  }

  function visitClass(node: ts.ClassLikeDeclaration, scope: Scope): void {
    let inner = scope;
    if (node.name) {
      inner = open('class', node, scope, scope.owner);
      const outside = variableOf.get(node.name);
      if (ts.isClassExpression(node) || node.members.some(isStaticElement))
        declare(inner, node.name, 'class').untracked = true;
      if (outside) variableOf.set(node.name, outside);
    }
    node.heritageClauses?.forEach((clause) => {
      if (clause.token === ts.SyntaxKind.ExtendsKeyword) clause.types.forEach((t) => visit(t.expression, inner));
    });
    if (ts.canHaveDecorators(node)) ts.getDecorators(node)?.forEach((d) => visit(d, scope));
    for (const member of node.members) {
      if (isErased(member)) continue;
      if (isFunction(member)) visitFunction(member, inner);
      else if (ts.isPropertyDeclaration(member)) {
        if (ts.isComputedPropertyName(member.name)) visit(member.name, inner);
        if (ts.canHaveDecorators(member)) ts.getDecorators(member)?.forEach((d) => visit(d, scope));
        if (member.initializer) visit(member.initializer, open('block', member, inner, member));
      } else if (ts.isClassStaticBlockDeclaration(member)) {
        const own = open('block', member, inner, member);
        hoist(member.body, own);
        declareLexical(member.body.statements, own);
        member.body.statements.forEach((s) => visit(s, own));
      }
    }
  }

  function visitFor(node: ts.ForStatement | ts.ForInStatement | ts.ForOfStatement, scope: Scope): void {
    const list = node.initializer && ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined;
    let inner = scope;
    if (list && (list.flags & ts.NodeFlags.BlockScoped) !== 0) {
      inner = open('loop', node, scope, scope.owner);
      declareList(list, inner);
    }
    if (list) {
      for (const declaration of list.declarations) {
        const value = ts.isForStatement(node) ? undefined : ts.isForInStatement(node) ? 'primitive' : 'unknown';
        visitDeclaration(declaration, inner, value);
      }
    } else if (node.initializer) {
      if (ts.isForStatement(node)) visit(node.initializer, inner);
      else assignTarget(node.initializer, inner, 'unknown');
    }
    if (ts.isForStatement(node)) {
      if (node.condition) visit(node.condition, inner);
      if (node.incrementor) visit(node.incrementor, inner);
    } else visit(node.expression, inner);
    visit(node.statement, inner);
  }

  function visitDeclaration(declaration: ts.VariableDeclaration, scope: Scope, value?: 'primitive' | 'unknown'): void {
    assignCaught(declaration, scope, variableOf);
    visitPattern(declaration.name, scope);
    if (ts.isIdentifier(declaration.name)) {
      for (const written of [value, declaration.initializer])
        if (written !== undefined) pending.push({ target: declaration.name, value: written });
    }
    if (declaration.initializer) visit(declaration.initializer, scope);
    if (ts.isIdentifier(declaration.name))
      references.push({ node: declaration.name, scope, write: declaration.initializer !== undefined });
  }

  function markEval(scope: Scope): void {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      s.dynamic = true;
      usesEval.add(s.owner);
    }
    for (const owner of thisOwner(scope)) usesThis.add(owner);
  }

  function visit(node: ts.Node, scope: Scope): void {
    if (isErased(node)) return;
    if (isFunction(node)) return visitFunction(node, scope);
    if (ts.isClassLike(node)) return visitClass(node, scope);
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
        if ((node as ts.Identifier).text === 'arguments')
          for (const owner of thisOwner(scope)) usesArguments.add(owner);
        references.push({ node: node as ts.Identifier, scope, write: false });
        return;
      case ts.SyntaxKind.ThisKeyword:
      case ts.SyntaxKind.SuperKeyword:
        for (const owner of thisOwner(scope)) usesThis.add(owner);
        return;
    }
    if (ts.isPropertyAccessExpression(node)) return visit(node.expression, scope);
    if (ts.isPropertyAssignment(node)) {
      if (ts.isComputedPropertyName(node.name)) visit(node.name, scope);
      return visit(node.initializer, scope);
    }
    if (ts.isMetaProperty(node) || ts.isImportDeclaration(node) || ts.isBreakOrContinueStatement(node)) return;
    if (ts.isLabeledStatement(node)) return visit(node.statement, scope);
    if (ts.isExportDeclaration(node) || ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isJsxAttribute(node)) return void (node.initializer && visit(node.initializer, scope));
    if (ts.isVariableDeclaration(node)) return visitDeclaration(node, scope);
    if (ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)) return visitFor(node, scope);
    if (ts.isWithStatement(node)) {
      visit(node.expression, scope);
      markEval(scope);
      return visit(node.statement, scope);
    }
    if (ts.isBlock(node)) {
      const inner = open('block', node, scope, scope.owner);
      declareLexical(node.statements, inner);
      node.statements.forEach((s) => visit(s, inner));
      return;
    }
    if (ts.isCaseBlock(node)) {
      const inner = open('switch', node, scope, scope.owner);
      declareLexical(
        node.clauses.flatMap((c) => [...c.statements]),
        inner,
      );
      ts.forEachChild(node, (c) => visit(c, inner));
      return;
    }
    if (ts.isCatchClause(node)) {
      const inner = open('catch', node, scope, scope.owner);
      const name = node.variableDeclaration?.name;
      if (name) {
        declareName(inner, name, 'catch', 'unknown', node.getEnd());
        visitPattern(name, inner);
      }
      return visit(node.block, inner);
    }
    if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const plain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      assignTarget(
        node.left,
        scope,
        plain ? node.right : isLogicalAssignment(node.operatorToken.kind) ? 'unknown' : 'primitive',
      );
      if (!plain && ts.isIdentifier(node.left)) references.push({ node: node.left, scope, write: false });
      return visit(node.right, scope);
    }
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isUpdate(node.operator)) {
      return assignTarget(node.operand, scope, 'primitive');
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'eval')
      markEval(scope);
    ts.forEachChild(node, (child) => visit(child, scope));
  }

  const root = open('module', file, undefined, file);
  hoist(file, root);
  declareLexical(file.statements, root);
  hoistBlockFunctions(file, root);
  file.statements.forEach((s) => visit(s, root));
  resolve();
  return { scopes, variables, scopeOf, variableOf, hoistedTo, usesThis, usesArguments, usesEval };

  function resolve(): void {
    for (const { node, scope, write } of references) {
      let variable = variableOf.get(node);
      let viaDynamic = false;
      for (let s: Scope | undefined = scope; s && variable === undefined; s = s.parent) {
        if (s.dynamic) viaDynamic = true;
        variable = s.names.get(node.text);
      }
      if (variable === undefined) continue;
      variableOf.set(node, variable);
      variable.referenced = true;
      if (viaDynamic || variable.scope.dynamic) variable.untracked = true;
      if (scope.owner !== variable.scope.owner) {
        variable.scope.captured = true;
        if (write) variable.writtenInClosure = true;
      }
    }
    for (const { target, value } of pending) {
      const variable = variableOf.get(target);
      variable?.writes.push(value);
    }
    for (const variable of variables) if (variable.scope.dynamic) variable.untracked = true;
  }
}
