/** Values that never came: properties that nothing set, variables that no path gave a value. */
import type { AnyNode } from 'acorn';
import { truthy } from '../query/derive.ts';
import type { Position } from '../query/timeline.ts';
import type { Key, ObjectValue } from '../query/values.ts';
import { creationOf } from './creation.ts';
import { inputOf, nameOf, stepText, type Answer, type ExpressionLead, type Input } from './hops.ts';
import { propertyAnswer } from './objects.ts';
import { Reenactment } from './reenact.ts';
import { lastRun, stepsOf } from './run.ts';
import { plain, variableAt, type Of, type Syntax } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import type { FoundVariable } from './names.ts';

export interface Absent {
  readonly object: ObjectValue;
  readonly key: Key;
  readonly before: Position;
  readonly reader: ExpressionLead;
}

/** Nothing of the object or what it inherits from has the property. */
export function* missingProperty(traced: Traced, { object, key, before, reader }: Absent): Work<Answer> {
  traced.timeline.seek(before);
  const state = traced.reader.object(object);
  const label = stepText(key);
  if (!state) return { kind: 'unknown', what: 'The recording does not hold the object.' };
  if (state.typeName === 'Promise') {
    const what = `The object is a promise, which was not awaited: it has no ${label}.`;
    return { kind: 'missing', what, ...(yield* madeBy(traced, object)) };
  }
  if (state.elements !== undefined && typeof key === 'string' && NO_NAME.test(key)) {
    const { length } = state.elements;
    const what = `The array has ${length} element${length === 1 ? '' : 's'}: there is none at ${key}.`;
    const made = yield* madeBy(traced, object);
    // the elements of a literal are plain to see: the index is what is wrong
    const isLiteral = made.next?.kind === 'expression' && made.next.node.type === 'ArrayExpression';
    return { kind: 'missing', what, inputs: arrayInputs(reader), ...(!isLiteral && made) };
  }
  const names = state.properties.flatMap((each) =>
    typeof each.key === 'string' && !each.key.startsWith('#') ? [each.key] : [],
  );
  const like = typeof key === 'string' ? resembling(key, names) : undefined;
  if (like !== undefined) {
    const { next } = yield* propertyAnswer(traced, { kind: 'property', object, path: [like], before, reader });
    return { kind: 'missing', what: `Nothing set ${label} on the object; it has ${stepText(like)} instead.`, next };
  }
  const has =
    names.length === 0
      ? 'it has no properties'
      : `it has ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
  const what = `Nothing set ${label} on the object: ${has}.`;
  return { kind: 'missing', what, ...(yield* madeBy(traced, object)) };
}

/** What an array is read under by mistake, besides indices. */
const NO_NAME = /^(?:-?\d+(?:\.\d+)?|NaN|undefined|null|-?Infinity)$/;

/** It goes on where the object was made. */
function* madeBy(traced: Traced, object: ObjectValue): Work<Pick<Answer, 'next'>> {
  const made = yield* creationOf(traced, object);
  const { path } = made?.lead ?? {};
  return made ? { next: path?.length === 0 ? { ...made.lead, value: object } : made.lead } : {};
}

function arrayInputs({ re, node }: ExpressionLead): Input[] {
  if (node.type !== 'MemberExpression') return [];
  return [node.object, node.property].flatMap((each) => (re.has(each) ? [inputOf(re, each)] : []));
}

/** The name that was probably meant; undefined where none is near. */
export function resembling(name: string, names: readonly string[]): string | undefined {
  const most = name.length <= 3 ? 1 : name.length <= 7 ? 2 : 3;
  let best: string | undefined;
  let least = most + 1;
  for (const each of names) {
    if (each === name) continue;
    const edits = each.toLowerCase() === name.toLowerCase() ? 0 : distance(name, each, least);
    if (edits < least && edits < Math.max(each.length, name.length)) [best, least] = [each, edits];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), as far as they stay below a limit. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, older[j - 2]! + 1);
      row.push(least);
    }
    [older, last] = [last, row];
  }
  return last[b.length]!;
}

/** A variable that holds what its declaration gave it: which assignment was left out. */
export function* unassigned(
  traced: Traced,
  { scope, variable }: FoundVariable,
  before: Position,
  name: string,
): Work<Answer> {
  const { file } = scope;
  const syntax = syntaxOf(traced, file);
  const site = file.table.variables[variable]!;
  const declaration = syntax && declarationOf(syntax, site.start, name);
  if (!syntax || !declaration) return { kind: 'missing', what: `${name} was never given a value.` };
  const call = callIn(traced, scope);
  const at = {
    re: new Reenactment(traced, {
      call: call ?? 0,
      file,
      syntax,
      node: declaration,
      from: undefined,
      until: before.moment,
      happenings: [],
      asked: false,
    }),
    node: declaration,
  };
  for (const assignment of assignmentsOf(syntax, file.table, declaration, variable, name)) {
    if (call === undefined) break;
    const skipped = yield* leftOut(traced, syntax, { call, file: scope.file }, assignment, before);
    if (!skipped) continue;
    const { re, test, outcome } = skipped;
    return {
      kind: 'missing',
      what: `${name} was declared without a value, and ${nameOf(re, assignment)} was left out: ${nameOf(re, test)} was ${outcome}.`,
      inputs: testedBy(re, test),
      at,
    };
  }
  return { kind: 'missing', what: `${name} was declared without a value, and nothing had given it one.`, at };
}

function declarationOf(syntax: Syntax, start: number, name: string): AnyNode | undefined {
  for (const node of syntax.beginning(start, start + 1)) {
    if (node.type === 'VariableDeclarator') return node;
    if (node.type === 'Identifier' && node.name === name) {
      const parent = syntax.parentOf(node);
      return parent?.type === 'VariableDeclarator' ? parent : node;
    }
  }
  return undefined;
}

/** The call that has the scope. */
function callIn({ timeline: { replay } }: Traced, { scope, file }: FoundVariable['scope']): number | undefined {
  const owner = file.table.scopes[scope]!.function;
  return replay.stack.findLast((act) => act.file === file && act.functionIndex === owner)?.serial;
}

/** The nearest first, as the text has them backward. */
function assignmentsOf(
  syntax: Syntax,
  table: FoundVariable['scope']['file']['table'],
  declaration: AnyNode,
  variable: number,
  name: string,
): Of<'AssignmentExpression'>[] {
  const around = syntax.functionAround(declaration) ?? syntax.source.program;
  return [...syntax.inside(around)]
    .filter((node) => node.type === 'AssignmentExpression')
    .filter(
      ({ left }) =>
        left.type === 'Identifier' && left.name === name && variableAt(table, name, left.start) === variable,
    )
    .reverse();
}

export interface Skipped {
  readonly re: Reenactment;
  readonly test: AnyNode;
  readonly outcome: boolean;
}

/** The condition around a node that was evaluated in the call and went the other way. */
export function* leftOut(
  traced: Traced,
  syntax: Syntax,
  { call, file }: { readonly call: number; readonly file: FoundVariable['scope']['file'] },
  node: AnyNode,
  before: Position,
): Work<Skipped | undefined> {
  let inner = node;
  for (const at of syntax.around(node)) {
    if (at.type === 'IfStatement' && inner !== at.test) {
      const op = stepsOf(file, syntax).get(at);
      const run = op === undefined ? undefined : yield* lastRun(traced, { call, file, op }, before);
      if (run) {
        const re = new Reenactment(traced, run);
        const truth = truthy(re.valueOf(at.test));
        const taken = truth ?? (re.has(at.test) ? inner !== at.consequent : undefined);
        if (taken === undefined || taken === (inner === at.consequent)) return undefined;
        return { re, test: at.test, outcome: taken };
      }
    }
    inner = at;
  }
  return undefined;
}

/** The operands of a condition that were evaluated: variables, properties, results of calls. */
export function testedBy(re: Reenactment, test: AnyNode): Input[] {
  const found: Input[] = [];
  const look = (node: AnyNode): void => {
    const inner = plain(node);
    switch (inner.type) {
      case 'LogicalExpression':
      case 'BinaryExpression':
        look(inner.left);
        return look(inner.right);
      case 'UnaryExpression':
        return look(inner.argument);
      case 'ConditionalExpression':
        look(inner.test);
        look(inner.consequent);
        return look(inner.alternate);
      case 'AssignmentExpression':
        return look(inner.right);
      case 'Literal':
        return;
      default:
        if (re.has(inner) && !(inner.type === 'Identifier' && inner.name === 'undefined'))
          found.push(inputOf(re, inner));
    }
  };
  look(test);
  return found;
}
