/** Statements of functions that only compute: what they change is their own variables and the arrays that they make. */
import type { AnyNode, Statement, VariableDeclaration } from 'acorn';
import { uninitialised } from '../query/values.ts';
import { Locals } from './expression-names.ts';
import { isTrue, needsCode, type Computing, type Item } from './expression-values.ts';

/** How a statement ended; undefined: the next one is executed. */
type Completion = { readonly value: Item } | 'break' | 'continue' | undefined;

/** What a function's statements return. */
export function returnedBy(statements: readonly Statement[], inside: Computing, locals: Locals): Item {
  for (const name of statements.flatMap(varsIn)) if (!locals.has(name)) locals.declare(name, undefined);
  const ended = block(statements, inside);
  return typeof ended === 'object' ? ended.value : undefined;
}

function block(statements: readonly Statement[], around: Computing): Completion {
  const locals = new Locals(around.names);
  const inside = around.within(locals);
  for (const each of statements)
    if (each.type === 'VariableDeclaration' && each.kind !== 'var')
      for (const name of namesOf(each)) locals.declare(name, uninitialised);
  for (const each of statements) {
    const ended = statement(each, inside, locals);
    if (ended !== undefined) return ended;
  }
  return undefined;
}

function statement(node: Statement, inside: Computing, locals: Locals): Completion {
  inside.step();
  switch (node.type) {
    case 'ReturnStatement':
      return { value: node.argument ? inside.value(node.argument) : undefined };
    case 'IfStatement': {
      const taken = isTrue(inside.value(node.test)) ? node.consequent : node.alternate;
      return taken ? statement(taken, inside, locals) : undefined;
    }
    case 'BlockStatement':
      return block(node.body, inside);
    case 'VariableDeclaration':
      declare(node, inside, locals);
      return undefined;
    case 'ExpressionStatement':
      if (typeof node.directive !== 'string') inside.value(node.expression);
      return undefined;
    case 'BreakStatement':
      return 'break';
    case 'ContinueStatement':
      return 'continue';
    case 'ForStatement':
      return countingLoop(node, inside);
    case 'WhileStatement':
      return loop(node.test, undefined, node.body, inside);
    case 'DoWhileStatement': {
      const ended = body(node.body, inside);
      if (ended === 'break') return undefined;
      return typeof ended === 'object' ? ended : loop(node.test, undefined, node.body, inside);
    }
    case 'ForOfStatement':
      return forOf(node, inside);
    case 'SwitchStatement':
      return choice(node, inside);
    case 'EmptyStatement':
      return undefined;
    default:
      throw needsCode();
  }
}

function declare({ kind, declarations }: VariableDeclaration, inside: Computing, locals: Locals): void {
  for (const { id, init } of declarations) {
    if (kind === 'var') {
      if (init) inside.bind(id, inside.value(init), (name, value) => inside.names.set(name, value));
    } else
      inside.bind(id, init ? inside.value(init) : undefined, (name, value) =>
        locals.declare(name, value, kind === 'const'),
      );
  }
}

/** Its variables are the same in each round: nothing here keeps a closure over them. */
function countingLoop(node: Extract<Statement, { type: 'ForStatement' }>, around: Computing): Completion {
  const locals = new Locals(around.names);
  const inside = around.within(locals);
  if (node.init?.type === 'VariableDeclaration') {
    if (node.init.kind !== 'var') for (const name of namesOf(node.init)) locals.declare(name, uninitialised);
    declare(node.init, inside, locals);
  } else if (node.init) inside.value(node.init);
  return loop(node.test, node.update, node.body, inside);
}

function loop(
  test: AnyNode | null | undefined,
  update: AnyNode | null | undefined,
  node: Statement,
  inside: Computing,
): Completion {
  while (!test || isTrue(inside.value(test))) {
    inside.step();
    const ended = body(node, inside);
    if (ended === 'break') return undefined;
    if (typeof ended === 'object') return ended;
    if (update) inside.value(update);
  }
  return undefined;
}

function body(node: Statement, inside: Computing): Completion {
  return block(node.type === 'BlockStatement' ? node.body : [node], inside);
}

function forOf(
  { await: waits, left, right, body: node }: Extract<Statement, { type: 'ForOfStatement' }>,
  around: Computing,
): Completion {
  if (waits) throw needsCode();
  for (const each of around.iterate(around.value(right))) {
    around.step();
    const locals = new Locals(around.names);
    if (left.type !== 'VariableDeclaration' || left.kind === 'var') {
      const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]!.id : left;
      around.bind(pattern, each, (name, value) => around.names.set(name, value));
    } else
      around.bind(left.declarations[0]!.id, each, (name, value) => locals.declare(name, value, left.kind === 'const'));
    const ended = body(node, around.within(locals));
    if (ended === 'break') return undefined;
    if (typeof ended === 'object') return ended;
  }
  return undefined;
}

function choice(
  { discriminant, cases }: Extract<Statement, { type: 'SwitchStatement' }>,
  around: Computing,
): Completion {
  const wanted = around.value(discriminant);
  const locals = new Locals(around.names);
  const inside = around.within(locals);
  for (const each of cases.flatMap(({ consequent }) => consequent))
    if (each.type === 'VariableDeclaration' && each.kind !== 'var')
      for (const name of namesOf(each)) locals.declare(name, uninitialised);
  let from = cases.findIndex(({ test }) => test && inside.value(test) === wanted);
  if (from < 0) from = cases.findIndex(({ test }) => !test);
  if (from < 0) return undefined;
  for (const each of cases.slice(from).flatMap(({ consequent }) => consequent)) {
    const ended = statement(each, inside, locals);
    if (ended === 'break') return undefined;
    if (ended !== undefined) return ended;
  }
  return undefined;
}

export function namesOf({ declarations }: VariableDeclaration): string[] {
  return declarations.flatMap(({ id }) => namesIn(id));
}

function namesIn(pattern: AnyNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => (each.type === 'Property' ? namesIn(each.value) : []));
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? namesIn(each) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    default:
      return [];
  }
}

/** Names that `var` makes, wherever in the function. */
function varsIn(node: Statement): string[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.kind === 'var' ? namesOf(node) : [];
    case 'IfStatement':
      return [...varsIn(node.consequent), ...(node.alternate ? varsIn(node.alternate) : [])];
    case 'BlockStatement':
      return node.body.flatMap(varsIn);
    case 'ForStatement':
      return [...(node.init?.type === 'VariableDeclaration' ? varsIn(node.init) : []), ...varsIn(node.body)];
    case 'ForOfStatement':
      return [...(node.left.type === 'VariableDeclaration' ? varsIn(node.left) : []), ...varsIn(node.body)];
    case 'WhileStatement':
    case 'DoWhileStatement':
      return varsIn(node.body);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(varsIn));
    default:
      return [];
  }
}
