/** Which names of a file make tests: those it imports, makes of others, or gets from its runner as globals. */
import { ts } from 'ts-morph';
import type { RunnerName } from '../test-model.ts';

/** `module`: has both as properties, and makes a test when it is called */
export type Role = 'suite' | 'test' | 'module';

export interface TestFunctions {
  readonly framework: RunnerName | undefined;
  /** by local name */
  readonly roles: ReadonlyMap<string, Role>;
  /** constants of the file that hold a text */
  readonly texts: ReadonlyMap<string, string>;
  /** classes and functions, by which suites may be named */
  readonly declared: ReadonlySet<string>;
}

const SUITES = ['describe', 'suite', 'context', 'xdescribe', 'fdescribe', 'xcontext', 'fcontext'];
const TESTS = ['it', 'test', 'specify', 'xit', 'fit', 'xtest', 'xspecify'];
const GLOBALS = new Map<string, Role>([
  ...SUITES.map((name) => [name, 'suite'] as const),
  ...TESTS.map((name) => [name, 'test'] as const),
]);

const RUNNERS: Readonly<Record<string, RunnerName>> = {
  'node:test': 'node',
  vitest: 'vitest',
  '@jest/globals': 'jest',
  mocha: 'mocha',
};
/** Others that have functions of the same names: their tests are not ours. */
const FOREIGN =
  /^(?:@playwright\/test|playwright\/test|ava|tape|tap|@?tapjs(?:\/.*)?|uvu|bun:test|qunit|zora|cypress)$/;

/** What a property of a test function is: another one, a variant of the same, or nothing of ours. */
export function roleOfProperty(role: Role, name: string): Role | undefined {
  const found = GLOBALS.get(name);
  if (role === 'module' && found) return found;
  return VARIANTS.has(name) ? (role === 'module' ? 'test' : role) : undefined;
}

const VARIANTS = new Set([
  'only',
  'skip',
  'todo',
  'concurrent',
  'sequential',
  'failing',
  'fails',
  'shuffle',
  'expectFailure',
]);

export function testFunctions(file: ts.SourceFile): TestFunctions {
  const finder = new Finder();
  for (const statement of file.statements) finder.statement(statement);
  return finder;
}

class Finder implements TestFunctions {
  framework: RunnerName | undefined;
  readonly roles = new Map<string, Role>(GLOBALS);
  readonly texts = new Map<string, string>();
  readonly declared = new Set<string>();

  statement(statement: ts.Statement): void {
    if (ts.isImportDeclaration(statement)) this.#import(statement);
    else if (ts.isVariableStatement(statement))
      for (const each of statement.declarationList.declarations) this.#variable(each);
    else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      this.roles.delete(statement.name.text);
      this.declared.add(statement.name.text);
    }
  }

  #import({ moduleSpecifier, importClause }: ts.ImportDeclaration): void {
    if (!ts.isStringLiteral(moduleSpecifier) || !importClause || importClause.isTypeOnly) return;
    const from = moduleSpecifier.text;
    this.#noteModule(from);
    if (importClause.name) this.#bind(importClause.name.text, from, 'default');
    const { namedBindings } = importClause;
    if (!namedBindings) return;
    if (ts.isNamespaceImport(namedBindings)) this.#bind(namedBindings.name.text, from, '*');
    else
      for (const { name, propertyName, isTypeOnly } of namedBindings.elements)
        if (!isTypeOnly) this.#bind(name.text, from, (propertyName ?? name).text);
  }

  #variable({ name, initializer }: ts.VariableDeclaration): void {
    if (!initializer) return;
    const value = ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
    const from = requiredModule(value);
    if (ts.isObjectBindingPattern(name)) this.#destructure(name, value, from);
    else if (!ts.isIdentifier(name)) return;
    else if (from !== undefined) this.#bind(name.text, from, 'default');
    else this.#assign(name.text, value);
  }

  #destructure(pattern: ts.ObjectBindingPattern, value: ts.Expression, from: string | undefined): void {
    const role = from === undefined ? this.roleOf(value) : undefined;
    if (from !== undefined) this.#noteModule(from);
    for (const { name, propertyName } of pattern.elements) {
      if (!ts.isIdentifier(name)) continue;
      const key = propertyName && ts.isIdentifier(propertyName) ? propertyName.text : name.text;
      if (from !== undefined) this.#bind(name.text, from, key);
      else if (role) this.#set(name.text, roleOfProperty(role, key));
    }
  }

  #assign(name: string, value: ts.Expression): void {
    if (ts.isStringLiteralLike(value)) this.texts.set(name, value.text);
    if (ts.isClassExpression(value) || ts.isArrowFunction(value) || ts.isFunctionExpression(value))
      this.declared.add(name);
    this.#set(name, this.roleOf(value));
  }

  /** Of an expression that is a test function: `it`, `it.skip`, `it.extend({…})`, `ci ? it : it.skip`. */
  roleOf(value: ts.Expression): Role | undefined {
    if (ts.isIdentifier(value)) return this.roles.get(value.text);
    if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value)) return this.roleOf(value.expression);
    if (ts.isConditionalExpression(value)) return this.roleOf(value.whenTrue) ?? this.roleOf(value.whenFalse);
    if (ts.isPropertyAccessExpression(value)) {
      const from = requiredModule(value.expression);
      const role = from === undefined ? this.roleOf(value.expression) : roleOfModule(from);
      return role && roleOfProperty(role, value.name.text);
    }
    if (!ts.isCallExpression(value) || !ts.isPropertyAccessExpression(value.expression)) return undefined;
    const { name, expression } = value.expression;
    return MAKERS.has(name.text) ? this.roleOf(expression) : undefined;
  }

  #bind(local: string, from: string, imported: string): void {
    this.#noteModule(from);
    this.declared.add(local);
    const whole = imported === 'default' || imported === '*';
    if (from in RUNNERS) this.#set(local, whole ? 'module' : GLOBALS.get(imported));
    else if (FOREIGN.test(from)) this.#set(local, undefined);
    // From a module of the project: a test function with fixtures has the name of what it was made of.
    else this.#set(local, whole ? this.roles.get(local) : GLOBALS.get(imported));
  }

  #noteModule(from: string): void {
    this.framework ??= RUNNERS[from];
  }

  #set(local: string, role: Role | undefined): void {
    if (role) this.roles.set(local, role);
    else this.roles.delete(local);
  }
}

const MAKERS = new Set(['extend', 'skipIf', 'runIf']);

function roleOfModule(from: string): Role | undefined {
  return from in RUNNERS ? 'module' : undefined;
}

/** X of `require('X')` and `import('X')` */
function requiredModule(value: ts.Expression): string | undefined {
  if (!ts.isCallExpression(value)) return undefined;
  const { expression, arguments: args } = value;
  const requires = ts.isIdentifier(expression)
    ? expression.text === 'require'
    : expression.kind === ts.SyntaxKind.ImportKeyword;
  const [first] = args;
  return requires && first && ts.isStringLiteralLike(first) ? first.text : undefined;
}
