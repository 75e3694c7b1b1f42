/** Why a statement ran: the branches that decided it, with the values that they tested, and the call. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import type { Moment } from '../query/moments.ts';
import type { Position } from '../query/timeline.ts';
import { callSiteOf } from './arguments.ts';
import { Reenactment } from './reenact.ts';
import { decidingText, inputOf, nameOf, shortened, type Input } from './hops.ts';
import { testedBy } from './missing.ts';
import { lastRun, stepsOf } from './run.ts';
import { isFunction, type Of, type Syntax } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';

/**
 * `condition`: the statement stands in an arm that it chose. `guard`: it would have left before the statement. `loop`: a
 * round of a loop. `case`: of a switch. `catch`: an error was caught. `call`: what called the function.
 */
export type DecisionKind = 'condition' | 'guard' | 'loop' | 'case' | 'catch' | 'call';

export interface Decision {
  readonly kind: DecisionKind;
  /** the state is as when it had been decided */
  readonly moment: Moment;
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** what the condition was; undefined where it is none */
  readonly outcome: boolean | undefined;
  /** the values that it tested */
  readonly tests: readonly Input[];
  /** one plain sentence */
  readonly what: string;
}

/** A node of a call's function, and a place before which what decided about it lies. */
export interface Ran {
  readonly call: number;
  readonly file: LoadedFile;
  readonly node: AnyNode;
  readonly before: Position;
}

/** The decisions that led to what a call does at the moment where the timeline stands, the latest first. */
export function* decision(traced: Traced, call: number): Work<readonly Decision[]> {
  const { timeline } = traced;
  const act = timeline.replay.stack.find(({ serial }) => serial === call);
  const syntax = act && syntaxOf(traced, act.file);
  const op = act?.file.table.ops[act.position];
  const node = op && 'start' in op ? syntax?.within(op.start, op.end) : undefined;
  if (!act || !node) return [];
  return yield* decisionsFor(traced, { call, file: act.file, node, before: timeline.position });
}

/** The decisions that led to a node, the latest first; what made the call is the last. */
export function* decisionsFor(traced: Traced, ran: Ran): Work<readonly Decision[]> {
  const { file, node, call } = ran;
  const syntax = syntaxOf(traced, file)!;
  const found: Decision[] = [];
  let inner: AnyNode = node;
  for (const at of syntax.around(node)) {
    for (const guard of guardsBefore(syntax, at, inner)) {
      const made = yield* ofCondition(traced, ran, syntax, guard.if, guard.if.test, !guard.leavesIfTrue, 'guard');
      if (made) found.push(made);
    }
    const made = yield* ofParent(traced, ran, syntax, at, inner);
    if (made) found.push(made);
    if (isFunction(at)) break;
    inner = at;
  }
  const site = yield* callSiteOf(traced, call);
  if (site) found.push(ofCall(site.re, site.caller.node));
  return found;
}

/** What had decided that a statement ran, where it stands in an arm of an `if` or in a case; of the innermost one. */
export function* armDecision(traced: Traced, ran: Ran): Work<Decision | undefined> {
  const syntax = syntaxOf(traced, ran.file)!;
  let inner: AnyNode = ran.node;
  for (const at of syntax.around(ran.node)) {
    if (isFunction(at)) return undefined;
    if (at.type === 'IfStatement' || at.type === 'SwitchCase') return yield* ofParent(traced, ran, syntax, at, inner);
    inner = at;
  }
  return undefined;
}

/** The decision that a node's parent made for it. */
function* ofParent(traced: Traced, ran: Ran, syntax: Syntax, at: AnyNode, inner: AnyNode): Work<Decision | undefined> {
  switch (at.type) {
    case 'IfStatement':
      if (inner === at.test) return undefined;
      return yield* ofCondition(traced, ran, syntax, at, at.test, inner === at.consequent, 'condition');
    case 'WhileStatement':
    case 'ForStatement':
      if (inner !== at.body || !at.test) return undefined;
      return yield* ofCondition(traced, ran, syntax, at.test, at.test, true, 'loop');
    case 'ForOfStatement':
    case 'ForInStatement': {
      const re = inner === at.body ? yield* reenacted(traced, ran, syntax, at) : undefined;
      return (
        re &&
        made(re, at.right, {
          kind: 'loop',
          outcome: undefined,
          tests: [inputOf(re, at.right)],
          what: `${nameOf(re, at.right)} gave one more element.`,
        })
      );
    }
    case 'SwitchCase': {
      const statement = syntax.parentOf(at);
      if (inner === at.test || statement?.type !== 'SwitchStatement') return undefined;
      const re = yield* reenacted(traced, ran, syntax, statement);
      if (!re) return undefined;
      const what = at.test
        ? `${nameOf(re, statement.discriminant)} was ${nameOf(re, at.test)}.`
        : `${nameOf(re, statement.discriminant)} was no other case.`;
      return made(re, statement.discriminant, {
        kind: 'case',
        outcome: undefined,
        tests: testedBy(re, statement.discriminant),
        what,
      });
    }
    case 'ConditionalExpression':
    case 'LogicalExpression': {
      const test = at.type === 'LogicalExpression' ? at.left : at.test;
      if (inner === test) return undefined;
      const re = yield* reenacted(traced, ran, syntax, at);
      const outcome = at.type === 'ConditionalExpression' ? inner === at.consequent : at.operator === '&&';
      return (
        re &&
        made(re, test, {
          kind: 'condition',
          outcome,
          tests: testedBy(re, test),
          what: sentence(re, test, outcome, at.type === 'LogicalExpression' ? at.operator : undefined),
        })
      );
    }
    default:
      return undefined;
  }
}

function sentence(re: Reenactment, test: AnyNode, outcome: boolean, operator?: string): string {
  const value = re.valueOf(test);
  const isNullish = value === undefined || value === null;
  const was = operator === '??' ? (isNullish ? String(value) : 'undefined or null') : decidingText(value, outcome);
  return `${nameOf(re, test)} was ${was}.`;
}

/** The run of a node's step before the place. */
export function* reenacted(
  traced: Traced,
  { call, file, before }: Ran,
  syntax: Syntax,
  node: AnyNode,
): Work<Reenactment | undefined> {
  let op = stepsOf(file, syntax).get(node);
  for (const at of syntax.around(node)) {
    if (op !== undefined || isFunction(at)) break;
    op = stepsOf(file, syntax).get(at);
  }
  const run = op === undefined ? undefined : yield* lastRun(traced, { call, file, op }, before);
  return run && new Reenactment(traced, run);
}

export function* ofCondition(
  traced: Traced,
  ran: Ran,
  syntax: Syntax,
  step: AnyNode,
  test: AnyNode,
  outcome: boolean,
  kind: DecisionKind,
): Work<Decision | undefined> {
  const re = yield* reenacted(traced, ran, syntax, step);
  return re && made(re, test, { kind, outcome, tests: testedBy(re, test), what: sentence(re, test, outcome) });
}

export function made(
  re: Reenactment,
  node: AnyNode,
  facts: Pick<Decision, 'kind' | 'outcome' | 'tests' | 'what'>,
): Decision {
  const { start, end } = node as unknown as { start: number; end: number };
  const { file, syntax } = re.run;
  return {
    ...facts,
    moment: re.standAt(node).moment,
    file,
    start,
    end,
    text: shortened(syntax.written({ start, end })),
  };
}

export function ofCall(re: Reenactment, node: AnyNode): Decision {
  return made(re, node, { kind: 'call', outcome: undefined, tests: [], what: `It was called by ${nameOf(re, node)}.` });
}

interface Guard {
  readonly if: Of<'IfStatement'>;
  readonly leavesIfTrue: boolean;
}

/** Conditions before a statement in its list that leave the list in one of their arms; the nearest first. */
function guardsBefore(syntax: Syntax, list: AnyNode, statement: AnyNode): Guard[] {
  const statements = statementsOf(list);
  const at = statements.indexOf(statement);
  return statements
    .slice(0, Math.max(0, at))
    .reverse()
    .flatMap((each): Guard[] => {
      if (each.type !== 'IfStatement') return [];
      if (leaves(syntax, each.consequent)) return [{ if: each, leavesIfTrue: true }];
      return each.alternate && leaves(syntax, each.alternate) ? [{ if: each, leavesIfTrue: false }] : [];
    });
}

export function statementsOf(list: AnyNode): readonly AnyNode[] {
  if (list.type === 'BlockStatement' || list.type === 'Program' || list.type === 'StaticBlock') return list.body;
  return list.type === 'SwitchCase' ? list.consequent : [];
}

/** Whether an arm has a statement that leaves what is around it. */
function leaves(syntax: Syntax, arm: AnyNode): boolean {
  return exitsIn(syntax, arm).length > 0;
}

export type Exit = Of<'ReturnStatement' | 'ThrowStatement' | 'BreakStatement' | 'ContinueStatement'>;

/** Statements in a node that leave it: those of loops in it that stay in the loop are left out. */
export function exitsIn(syntax: Syntax, node: AnyNode): Exit[] {
  const found: Exit[] = [];
  for (const each of syntax.inside(node)) {
    if (each.type === 'ReturnStatement' || each.type === 'ThrowStatement') found.push(each);
    else if ((each.type === 'BreakStatement' || each.type === 'ContinueStatement') && !staysIn(syntax, node, each))
      found.push(each);
  }
  return found;
}

function staysIn(syntax: Syntax, node: AnyNode, exit: Of<'BreakStatement' | 'ContinueStatement'>): boolean {
  for (const at of syntax.around(exit)) {
    if (at.start < node.start || at.end > node.end) return false;
    const isLoop =
      /^(While|DoWhile|For|ForOf|ForIn)Statement$/.test(at.type) ||
      (exit.type === 'BreakStatement' && at.type === 'SwitchStatement');
    if (exit.label ? at.type === 'LabeledStatement' && at.label.name === exit.label.name : isLoop) return true;
  }
  return false;
}
