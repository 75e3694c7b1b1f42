/**
 * The tests of a file, from its syntax alone: nothing is run, and half-typed code gives what can be seen in it. A table of
 * tests (`it.each`) is one test.
 */
import { ts } from 'ts-morph';
import { nameOf } from './test-names.ts';
import { roleOfProperty, testFunctions, type Role, type TestFunctions } from './test-functions.ts';
import type { ParsedFile, ParsedTest, SourceRange } from '../test-model.ts';

export function parseTests(fileName: string, text: string): ParsedFile {
  const file = parseSource(fileName, text);
  const functions = testFunctions(file);
  return { framework: functions.framework, tests: new Collector(file, functions).collect() };
}

/** Its nodes know their parents. */
export function parseSource(fileName: string, text: string): ts.SourceFile {
  return ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, true, scriptKind(fileName));
}

function scriptKind(fileName: string): ts.ScriptKind {
  if (/\.tsx$/i.test(fileName)) return ts.ScriptKind.TSX;
  return /\.[cm]?ts$/i.test(fileName) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
}

/** What a callee says about the call of it. */
interface Callee {
  readonly kind: 'suite' | 'test';
  /** what is called takes a table first, and gives the function that takes a name */
  readonly taking: boolean;
  readonly table: boolean;
  /** neither imported nor made in the file */
  readonly global: boolean;
}

interface Found extends Omit<ParsedTest, 'children' | 'id'> {
  readonly children: Found[];
}

/** Where a test that is met belongs. */
interface Place {
  readonly list: Found[];
  /** name of the context whose `test` makes subtests */
  readonly context: string | undefined;
  /** in a test only subtests are tests */
  readonly inTest: boolean;
}

class Collector {
  constructor(
    private readonly file: ts.SourceFile,
    private readonly functions: TestFunctions,
  ) {}

  collect(): readonly ParsedTest[] {
    const list: Found[] = [];
    this.visit(this.file, { list, context: undefined, inTest: false });
    return withIds(list);
  }

  private visit(node: ts.Node, place: Place): void {
    const found = ts.isCallExpression(node) ? this.testOf(node, place) : undefined;
    if (!found) {
      ts.forEachChild(node, (child) => this.visit(child, place));
      return;
    }
    place.list.push(found);
    const inTest = found.kind === 'test';
    for (const argument of (node as ts.CallExpression).arguments) {
      const context = inTest && isFunction(argument) ? firstParameter(argument) : undefined;
      ts.forEachChild(argument, (child) => this.visit(child, { list: found.children, context, inTest }));
    }
  }

  private testOf(call: ts.CallExpression, place: Place): Found | undefined {
    const callee = this.calleeOf(call.expression, place);
    if (!callee || callee.taking) return undefined;
    const [first, ...rest] = call.arguments;
    if (!first) return undefined;
    const runs = rest.some(isFunction);
    if (callee.global && !runs && !(ts.isStringLiteralLike(first) && isStatement(call))) return undefined;
    const name = nameOf(first, this.functions, callee.table);
    if (!name) return undefined;
    return { kind: callee.kind, label: name.label, name: name.parts, range: this.rangeOf(call), children: [] };
  }

  private calleeOf(callee: ts.Expression, place: Place): Callee | undefined {
    if (ts.isIdentifier(callee))
      return place.inTest ? undefined : this.ofRole(this.functions.roles.get(callee.text), callee);
    if (ts.isPropertyAccessExpression(callee)) return this.propertyOf(callee, place);
    if (ts.isTaggedTemplateExpression(callee)) return taken(this.calleeOf(callee.tag, place));
    return ts.isCallExpression(callee) ? taken(this.calleeOf(callee.expression, place)) : undefined;
  }

  private propertyOf({ expression, name }: ts.PropertyAccessExpression, place: Place): Callee | undefined {
    if (ts.isIdentifier(expression) && place.context === expression.text) {
      return name.text === 'test' ? { kind: 'test', taking: false, table: false, global: false } : undefined;
    }
    const before = this.calleeOf(expression, place);
    if (!before || before.taking) return undefined;
    if (name.text === 'each' || name.text === 'for') return { ...before, taking: true, table: true };
    if (name.text === 'skipIf' || name.text === 'runIf') return { ...before, taking: true };
    const role = ts.isIdentifier(expression) ? this.functions.roles.get(expression.text) : before.kind;
    const found = role && roleOfProperty(role, name.text);
    return found && { ...before, kind: found === 'suite' ? 'suite' : 'test' };
  }

  private ofRole(role: Role | undefined, { text }: ts.Identifier): Callee | undefined {
    if (!role) return undefined;
    const global = this.functions.framework === undefined && !this.functions.declared.has(text);
    return { kind: role === 'suite' ? 'suite' : 'test', taking: false, table: false, global };
  }

  private rangeOf(node: ts.Node): SourceRange {
    return { start: this.positionOf(node.getStart(this.file)), end: this.positionOf(node.end) };
  }

  private positionOf(offset: number): SourceRange['start'] {
    const { line, character } = this.file.getLineAndCharacterOfPosition(offset);
    return { line, column: character };
  }
}

function taken(callee: Callee | undefined): Callee | undefined {
  return callee?.taking ? { ...callee, taking: false } : undefined;
}

function isFunction(node: ts.Expression): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function isStatement({ parent }: ts.CallExpression): boolean {
  return ts.isExpressionStatement(parent);
}

function firstParameter({ parameters }: ts.ArrowFunction | ts.FunctionExpression): string | undefined {
  const [first] = parameters;
  return first && ts.isIdentifier(first.name) ? first.name.text : undefined;
}

/** Ids are labels; siblings of one label are counted. */
function withIds(list: readonly Found[]): readonly ParsedTest[] {
  const counts = new Map<string, number>();
  return list.map(({ children, ...test }) => {
    const count = (counts.get(test.label) ?? 0) + 1;
    counts.set(test.label, count);
    const id = count === 1 ? test.label : `${test.label}\u0000${count}`;
    return { ...test, id, children: withIds(children) };
  });
}
