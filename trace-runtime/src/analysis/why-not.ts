/** Why a statement did not run: the nearest decision that turned away from it. */
import type { AnyNode } from 'acorn';
import type { Activation, LoadedFile } from '../query/activation.ts';
import { Ending } from '../query/call-log.ts';
import type { Moment } from '../query/moments.ts';
import type { Position } from '../query/timeline.ts';
import { decisionsFor, exitsIn, made, reenacted, statementsOf, type Decision, type Ran } from './control.ts';
import { inputOf, nameOf, shortened } from './hops.ts';
import { testedBy } from './missing.ts';
import type { Reenactment } from './reenact.ts';
import { stepsOf } from './run.ts';
import { isFunction, keyText, plain, type FunctionNode, type Syntax } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';

/** An expression that could have called a function which nothing called. */
export interface PossibleCaller {
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** how often its statement ran */
  readonly count: number;
}

export interface WhyNot {
  /** the statement asked about */
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** how often it ran after all */
  readonly count: number;
  /** one plain sentence */
  readonly what: string;
  /** what turned away, the nearest first; then what led there */
  readonly decisions: readonly Decision[];
  readonly callers: readonly PossibleCaller[];
}

/** Why the statement at an offset of a file did not run. Undefined where no statement stands there. */
export function* whyNot(traced: Traced, file: LoadedFile, start: number, end: number): Work<WhyNot | undefined> {
  const syntax = syntaxOf(traced, file);
  const node = syntax && statementAt(file, syntax, start, end);
  if (!syntax || !node) return undefined;
  const asked = { file, start: node.start, end: node.end, text: shortened(syntax.text(node)) };
  const count = hitsOf(traced, file, syntax, node);
  if (count > 0) {
    const answer = { ...asked, count, callers: [] };
    const last = yield* lastTime(traced, file, stepsOf(file, syntax).get(node)!);
    const decisions = last ? yield* decisionsFor(traced, { ...last, file, node }) : [];
    return { ...answer, what: `It ran ${count} time${count === 1 ? '' : 's'}.`, decisions };
  }
  const turned = yield* turnedAway(traced, file, syntax, node);
  return { ...asked, count, ...turned };
}

/** Before the statement that begins in the range, or is around it, ran last. */
export function* lastMoment(traced: Traced, file: LoadedFile, start: number, end: number): Work<Moment | undefined> {
  const syntax = syntaxOf(traced, file);
  const node = syntax && statementAt(file, syntax, start, end);
  const op = node && stepsOf(file, syntax!).get(node);
  return op === undefined ? undefined : (yield* lastTime(traced, file, op))?.at.moment;
}

type Turned = Pick<WhyNot, 'what' | 'decisions' | 'callers'>;

/** The first step that begins in the range, else the innermost one around it. */
export function statementAt(
  file: LoadedFile,
  syntax: Syntax,
  start: number,
  end: number,
): (AnyNode & { start: number; end: number }) | undefined {
  const steps = stepsOf(file, syntax);
  for (const node of syntax.beginning(start, end)) if (steps.has(node)) return node;
  let best: AnyNode | undefined;
  for (const [node] of steps)
    if (node.start <= start && node.end >= end && (!best || node.end - node.start <= best.end - best.start))
      best = node;
  return best;
}

export function hitsOf({ timeline }: Traced, file: LoadedFile, syntax: Syntax, node: AnyNode): number {
  const op = stepsOf(file, syntax).get(node);
  return op === undefined ? 0 : timeline.overview.hitsOf(file.base + op);
}

/** Whether anything of a node ran. */
function ranIn(traced: Traced, file: LoadedFile, syntax: Syntax, node: AnyNode): boolean {
  for (const each of syntax.inside(node)) if (hitsOf(traced, file, syntax, each) > 0) return true;
  return false;
}

/** A time that a statement began. */
export interface Time {
  readonly call: number;
  /** where one stands before it */
  readonly at: Position;
  /** behind its beginning */
  readonly before: Position;
}

/** The last time that a statement began before a place, or the first time behind it. */
export function* nearestTime(
  { timeline }: Traced,
  file: LoadedFile,
  op: number,
  direction: 'before' | 'after',
  place: Position,
): Work<Time | undefined> {
  let call = 0;
  const finder = {
    sites: new Set([file.base + op]),
    statement: (act: Activation, each: number): boolean => {
      if (act.file.base !== file.base || each !== op) return false;
      call = act.serial;
      return true;
    },
  };
  if (direction === 'after') timeline.seek(place);
  if (!(yield* direction === 'before' ? timeline.backward(place, finder) : timeline.forward(finder))) return undefined;
  const { moment, statements } = timeline.position;
  return { call, at: { moment, statements }, before: { moment, statements: statements + 1 } };
}

function lastTime(traced: Traced, file: LoadedFile, op: number): Work<Time | undefined> {
  return nearestTime(traced, file, op, 'before', { moment: Infinity, statements: Infinity });
}

function* turnedAway(traced: Traced, file: LoadedFile, syntax: Syntax, node: AnyNode): Work<Turned> {
  let inner: AnyNode = node;
  for (const at of syntax.around(node)) {
    const statements = statementsOf(at);
    const own = statements.indexOf(inner);
    for (let i = own - 1; i >= 0; i--)
      if (ranIn(traced, file, syntax, statements[i]!)) return yield* leftBy(traced, file, syntax, statements[i]!);
    const turned = yield* byParent(traced, file, syntax, at, inner);
    if (turned) return turned;
    if (isFunction(at)) return yield* notCalled(traced, file, syntax, at);
    inner = at;
  }
  return { what: 'The file was not run up to there.', decisions: [], callers: [] };
}

/** A condition, loop, switch or try around a statement that ran, but did not come to the part that has the statement. */
function* byParent(
  traced: Traced,
  file: LoadedFile,
  syntax: Syntax,
  at: AnyNode,
  inner: AnyNode,
): Work<Turned | undefined> {
  const step = stepOf(at, inner);
  const op = step && stepsOf(file, syntax).get(step);
  if (!step || op === undefined || traced.timeline.overview.hitsOf(file.base + op) === 0) return undefined;
  const last = yield* lastTime(traced, file, op);
  const ran = last && { call: last.call, file, node: at, before: { moment: Infinity, statements: Infinity } };
  const re = ran && (yield* reenacted(traced, ran, syntax, step));
  const count = traced.timeline.overview.hitsOf(file.base + op);
  const decided = re && turnOf(re, at, inner, count);
  if (!decided) return undefined;
  const led = yield* decisionsFor(traced, { ...ran, before: re.run.from! });
  return { what: decided.what, decisions: [decided, ...led], callers: [] };
}

function stepOf(at: AnyNode, inner: AnyNode): AnyNode | undefined {
  switch (at.type) {
    case 'IfStatement':
      return inner === at.test ? undefined : at;
    case 'WhileStatement':
      return at.test;
    case 'ForStatement':
      return at.test && inner !== at.init ? at.test : undefined;
    case 'ForOfStatement':
    case 'ForInStatement':
      return at;
    case 'SwitchStatement':
      return at;
    case 'TryStatement':
      return inner === at.handler ? at : undefined;
    default:
      return undefined;
  }
}

function turnOf(re: Reenactment, at: AnyNode, inner: AnyNode, count: number): Decision | undefined {
  const times = count === 1 ? '' : ` all ${count} times`;
  const condition = (test: AnyNode, outcome: boolean, kind: Decision['kind']): Decision =>
    made(re, test, { kind, outcome, tests: testedBy(re, test), what: `${nameOf(re, test)} was ${outcome}${times}.` });
  switch (at.type) {
    case 'IfStatement':
      return condition(at.test, inner !== at.consequent, 'condition');
    case 'WhileStatement':
    case 'ForStatement':
      return at.test ? condition(at.test, false, 'loop') : undefined;
    case 'ForOfStatement':
    case 'ForInStatement':
      return made(re, at.right, {
        kind: 'loop',
        outcome: undefined,
        tests: [inputOf(re, at.right)],
        what: `${nameOf(re, at.right)} gave no elements.`,
      });
    case 'SwitchStatement': {
      const test = inner.type === 'SwitchCase' ? inner.test : undefined;
      const what = test
        ? `${nameOf(re, at.discriminant)} was not ${nameOf(re, test)}.`
        : `${nameOf(re, at.discriminant)} was another case.`;
      return made(re, at.discriminant, {
        kind: 'case',
        outcome: undefined,
        tests: testedBy(re, at.discriminant),
        what,
      });
    }
    case 'TryStatement':
      return made(re, at, {
        kind: 'catch',
        outcome: undefined,
        tests: [],
        what: 'Nothing in the try block threw an error.',
      });
    default:
      return undefined;
  }
}

/** A statement before it in the same list ran, and control left the list in it. */
function* leftBy(traced: Traced, file: LoadedFile, syntax: Syntax, statement: AnyNode): Work<Turned> {
  let latest: { readonly ran: Ran; readonly at: Moment } | undefined;
  for (const exit of exitsIn(syntax, statement)) {
    const op = stepsOf(file, syntax).get(exit);
    const last =
      op === undefined || hitsOf(traced, file, syntax, exit) === 0 ? undefined : yield* lastTime(traced, file, op);
    if (last && (!latest || last.before.moment >= latest.at))
      latest = { ran: { ...last, file, node: exit }, at: last.before.moment };
  }
  if (latest) {
    const decisions = yield* decisionsFor(traced, latest.ran);
    const { start, end } = latest.ran.node as unknown as { start: number; end: number };
    const [first] = decisions;
    const because = first && first.kind !== 'call' ? ` because ${first.what.replace(/\.$/, '')}` : '';
    return {
      what: `${shortened(syntax.text({ start, end })).replace(/;$/, '')} left before it${because}.`,
      decisions,
      callers: [],
    };
  }
  return yield* interrupted(traced, file, syntax, statement);
}

/** No statement left the list: an error did, or what runs there has not ended. */
function* interrupted(traced: Traced, file: LoadedFile, syntax: Syntax, statement: AnyNode): Work<Turned> {
  const { calls } = traced.timeline.overview;
  let latest: { readonly call: number; readonly before: Position; readonly node: AnyNode } | undefined;
  for (const each of syntax.inside(statement)) {
    const op = stepsOf(file, syntax).get(each);
    const last =
      op === undefined || hitsOf(traced, file, syntax, each) === 0 ? undefined : yield* lastTime(traced, file, op);
    if (last && (!latest || last.before.moment > latest.before.moment)) latest = { ...last, node: each };
  }
  if (!latest) return { what: 'The statement before it did not end.', decisions: [], callers: [] };
  const re = yield* reenacted(
    traced,
    { call: latest.call, file, node: latest.node, before: { moment: Infinity, statements: Infinity } },
    syntax,
    latest.node,
  );
  const span = calls.spansOf(latest.call).at(-1);
  const ending = span === undefined ? Ending.running : calls.endingOf(span);
  const text = re?.stopped
    ? nameOf(re, re.stopped)
    : shortened(syntax.text(latest.node as { start: number; end: number }));
  const what =
    ending === Ending.threw || ending === Ending.lost
      ? `An error left ${text} before it.`
      : ending === Ending.waits
        ? `${text} still waits: it was never resumed.`
        : ending === Ending.running
          ? `The recording ends while ${text} runs.`
          : `Control left ${text} before it.`;
  const decided = re && made(re, re.stopped ?? re.run.node, { kind: 'guard', outcome: undefined, tests: [], what });
  const led = yield* decisionsFor(traced, { ...latest, file });
  return { what, decisions: decided ? [decided, ...led] : led, callers: [] };
}

/** The function that has the statement never ran. */
function* notCalled(traced: Traced, file: LoadedFile, syntax: Syntax, node: FunctionNode): Work<Turned> {
  const name = nameOfFunction(syntax, node);
  const { calls } = traced.timeline.overview;
  const own = file.table.functions.find(({ end, start }) => end === node.end && start <= node.start);
  const site = own ? file.base + own.firstOp : -1;
  for (let span = 0; span < calls.count; span++) {
    if (calls.site[span] === site)
      return { what: `${name || 'The function'} was called, but did not come to it.`, decisions: [], callers: [] };
    if (span % 100_000 === 0) yield span;
  }
  const callers = name === '' ? [] : callersOf(traced, name);
  const ran = callers.filter(({ count }) => count > 0).length;
  const who =
    callers.length === 0
      ? 'nothing in the recorded files calls it by that name'
      : ran === 0
        ? `none of the ${callers.length} place${callers.length === 1 ? '' : 's'} that could have called it ran`
        : `${ran} of the ${callers.length} places that name it ran, and called something else`;
  return {
    what: `${name || 'The function around it'} was never called: ${name === '' ? 'it has no name to look for' : who}.`,
    decisions: [],
    callers,
  };
}

function nameOfFunction(syntax: Syntax, node: FunctionNode): string {
  if (node.id) return node.id.name;
  const parent = syntax.parentOf(node);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : '';
    case 'MethodDefinition':
    case 'Property':
    case 'PropertyDefinition':
      return keyText(parent.key, parent.computed) ?? '';
    case 'AssignmentExpression':
      if (parent.left.type === 'MemberExpression') return keyText(parent.left.property, parent.left.computed) ?? '';
      return parent.left.type === 'Identifier' ? parent.left.name : '';
    default:
      return '';
  }
}

const MOST = 50;

/** Calls of anything of that name. */
function callersOf(traced: Traced, name: string): PossibleCaller[] {
  const found: PossibleCaller[] = [];
  for (const file of traced.files) {
    const syntax = syntaxOf(traced, file);
    if (!syntax || file.table.level !== 'steps') continue;
    for (const node of syntax.beginning(0, syntax.source.text.length)) {
      if ((node.type !== 'CallExpression' && node.type !== 'NewExpression') || found.length >= MOST) continue;
      const callee = plain(node.callee);
      const called =
        callee.type === 'Identifier'
          ? callee.name
          : callee.type === 'MemberExpression'
            ? keyText(callee.property, callee.computed)
            : undefined;
      if (called !== name && !(name === 'constructor' && node.type === 'NewExpression')) continue;
      const count = countOf(traced, file, syntax, node);
      found.push({ file, start: node.start, end: node.end, text: shortened(syntax.text(node)), count });
    }
  }
  return found;
}

function countOf(traced: Traced, file: LoadedFile, syntax: Syntax, node: AnyNode): number {
  for (const at of [node, ...syntax.around(node)]) {
    if (stepsOf(file, syntax).has(at)) return hitsOf(traced, file, syntax, at);
    if (isFunction(at)) return 0;
  }
  return 0;
}
