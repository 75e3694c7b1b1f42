/**
 * The expression to blame at a failure: what was undefined where a property of it was read, what was no function, the
 * value that an assertion looked at, or what the condition around a `throw` tested.
 */
import type { AnyNode } from 'acorn';
import type { Activation } from '../query/activation.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { isPrimitive, ObjectValue, opaque, type Value } from '../query/values.ts';
import { byAbort } from './aborts.ts';
import { argumentsOf } from './arguments.ts';
import { blame, byAssertion, type Blamed } from './assertions.ts';
import { decisionsFor, type Decision } from './control.ts';
import { AWAITED, expression, nameOf, type ExpressionLead, type Input, type Lead } from './hops.ts';
import { endlessOf, OVERFLOW, type Endless } from './recursion.ts';
import { asked, origin } from './provenance.ts';
import { Reenactment } from './reenact.ts';
import { functionAt } from './patterns.ts';
import { currentRun, quietRun, type Run } from './run.ts';
import { keyText, plain } from './syntax.ts';
import { callOf, syntaxOf, type Traced, type Work } from './traced.ts';

export interface Failed {
  /** of the throw: the state is as just before it */
  readonly moment: Moment;
  readonly message: string;
  /** the error; undefined where it is not known */
  readonly value: Value;
  /** of what a person marked: the expression that is wrong then; the message says how */
  readonly marked?: string | undefined;
}

export interface Culprit {
  /** the statement that failed, evaluated again */
  readonly re: Reenactment;
  readonly call: number;
  /** the expression to blame; the statement where none can be told */
  readonly node: AnyNode;
  /** undefined where there is nothing to follow */
  readonly lead: Lead | undefined;
  /** what is wrong with it, in a sentence without its end: `order.customer was undefined` */
  readonly what: string;
  /** other expressions that had a part in it */
  readonly others: readonly Input[];
  readonly decisions: readonly Decision[];
}

/** Undefined where no recorded code ran at the failure. */
export function* culpritOf(traced: Traced, failed: Failed): Work<Culprit | undefined> {
  const { timeline } = traced;
  timeline.seekMoment(failed.moment);
  const stack = [...timeline.replay.stack];
  const act = userCall(stack);
  if (!act) return undefined;
  const before = timeline.position;
  // the throw itself is part of the statement's run
  const run =
    (yield* currentRun(traced, act.serial, before, failed.moment + 1)) ?? functionOf(traced, act, failed.moment);
  if (!run) return undefined;
  const re = new Reenactment(traced, run);
  const thrown = run.happenings.find((each) => each.kind === 'own' && each.code === EventCode.throw);
  const decisions = yield* decisionsFor(traced, {
    call: act.serial,
    file: run.file,
    node: re.stopped ?? run.node,
    before,
  });
  const facts = { re, call: act.serial, decisions };
  if (failed.marked !== undefined) return { ...facts, ...byMark(traced, re, failed, failed.marked) };
  if (thrown || run.node.type === 'ThrowStatement') {
    const argument = run.node.type === 'ThrowStatement' ? run.node.argument : run.node;
    return { ...facts, ...byDecision(re, decisions, argument, `${nameOf(re, argument)} was thrown`) };
  }
  if (failed.value === undefined && run.syntax.text(run.node as never).startsWith('process.exit'))
    return { ...facts, ...byDecision(re, decisions, run.node, `The program gave itself exit code ${failed.message}`) };
  const unknown = failed.value === undefined && failed.message === '' ? byNothing(re) : undefined;
  const blamed =
    unknown ??
    (yield* byAbort(re, failed.value, (lead) => origin(traced, lead))) ??
    byMessage(re, failed.message) ??
    byAssertion(re, failed, traced) ??
    (yield* byStop(re, failed.message));
  const given = givenAway(re, failed.value);
  if (given) return { ...facts, ...byDecision(re, decisions, given.error, given.what) };
  const endless = failed.message === OVERFLOW ? endlessOf(stack, act) : undefined;
  if (endless) return { ...facts, ...byRecursion(re, blamed, endless) };
  return { ...facts, ...blamed };
}

/** Nothing failed: what is wrong is the value of an expression. */
function byMark(traced: Traced, re: Reenactment, { moment, message }: Failed, wrong: string): Blamed {
  traced.timeline.seekMoment(moment);
  const call = callOf(traced, re.run.call);
  return { node: re.run.node, lead: call && asked(traced, call, wrong), what: message, others: [] };
}

/** The variable whose value came again, where the statement names it, or else what is passed on. */
function byRecursion(re: Reenactment, blamed: Blamed, { what, again }: Endless): Blamed {
  const named = [...re.run.syntax.inside(re.run.node)].find(
    (each) => each.type === 'Identifier' && each.name === again && re.has(each),
  );
  return { ...(named ? blame(re, named, what) : blamed), what };
}

/** Where the recording does not tell the statement: the body of the function, of which nothing is evaluated. */
function functionOf(traced: Traced, { serial, file, site }: Activation, moment: Moment): Run | undefined {
  const syntax = syntaxOf(traced, file);
  const node = syntax && (functionAt(syntax, site)?.body ?? syntax.source.program);
  return syntax && node && quietRun({ call: serial, file, syntax }, node, moment);
}

/** The innermost call of code that is not a dependency's; the innermost where there is no such. */
function userCall(stack: readonly Activation[]): Activation | undefined {
  return (
    stack.findLast(
      ({ file, early }) => !early && file.table.level === 'steps' && !/[\\/]node_modules[\\/]/.test(file.path),
    ) ?? stack.at(-1)
  );
}

/** The program did it itself, by throwing the argument, say: what the conditions before it tested explains it. */
function byDecision(re: Reenactment, decisions: readonly Decision[], argument: AnyNode, did: string): Blamed {
  const { node } = re.run;
  const [nearest] = decisions.filter(({ kind }) => kind !== 'call' && kind !== 'loop');
  const tests = nearest?.tests ?? [];
  const first =
    tests.find(
      ({ value }) => value === undefined || value === null || (typeof value === 'number' && Number.isNaN(value)),
    ) ?? tests[0];
  if (!nearest || !first) return { node, lead: expression(re, argument), what: did, others: [] };
  const what = `${did} because ${nearest.what.replace(/\.$/, '')}`;
  return { node, lead: first.lead, what, others: tests.filter((each) => each !== first) };
}

const READ = /^Cannot (?:read|set) properties of (undefined|null) \((?:reading|setting) '([^]*)'\)$/;
const DESTRUCTURE = /^Cannot destructure (?:property '([^']*)' of )?'([^]*)' as it is (undefined|null)\.$/;
const NO_FUNCTION = /^([^]+) is not a (function|constructor)(?: or its return value is not (?:async )?iterable)?$/;
const NO_ITERABLE = /^([^]+) is not (?:async )?iterable(?: \(cannot read property Symbol\(Symbol\.\w+\)\))?$/;
const NO_VARIABLE = /^([\p{ID_Continue}$]+) is not defined$/u;
const NO_JSON = /(?:JSON input|is not valid JSON|in JSON at position \d+(?: \(line \d+ column \d+\))?)$/;
const TOO_EARLY = /^Cannot access '([^']+)' before initialization$/;

function byMessage(re: Reenactment, message: string): Blamed | undefined {
  const read = READ.exec(message);
  if (read) {
    const object = nullishObject(re, read[1]!, read[2]!);
    return object && blame(re, object, `${nameOf(re, object)} was ${read[1]}`);
  }
  const taken = DESTRUCTURE.exec(message);
  if (taken) {
    const source = destructured(re, taken[2]!);
    return (
      source && blame(re, source, `${nameOf(re, source)} was ${taken[3]}, of which ${taken[1] ?? 'a part'} was taken`)
    );
  }
  const called = NO_FUNCTION.exec(message);
  if (called) {
    const callee = calledIn(re, called[1]!);
    if (!callee) return undefined;
    const value = re.valueOf(callee);
    const was = isPrimitive(value)
      ? `${nameOf(re, callee)} was ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
      : `${nameOf(re, callee)} was something else`;
    return blame(re, callee, `${was}, which is not a ${called[2]}`);
  }
  const iterated = NO_ITERABLE.exec(message);
  if (iterated) {
    const node = iteratedIn(re, iterated[1]!);
    return node && blame(re, node, `${nameOf(re, node)} is not iterable`);
  }
  const parsing = NO_JSON.test(message) ? parsingIn(re) : undefined;
  if (parsing) return parsing;
  const early = TOO_EARLY.exec(message);
  const name = early?.[1] ?? NO_VARIABLE.exec(message)?.[1];
  if (name !== undefined) {
    const node = [...re.run.syntax.inside(re.run.node)].find(
      (each) => each.type === 'Identifier' && each.name === name,
    );
    if (!node) return undefined;
    const what = early ? `${name} was read before its declaration had run` : `${name} is declared nowhere`;
    return { node, lead: undefined, what, others: [] };
  }
  return undefined;
}

/** Where the error is not known: what was nothing, and of which something was to be taken. */
function byNothing(re: Reenactment): Blamed | undefined {
  const { node, syntax } = re.run;
  for (const each of syntax.inside(node)) {
    const object =
      each.type === 'MemberExpression' && !each.optional
        ? each.object
        : each.type === 'VariableDeclarator' && each.id.type === 'ObjectPattern'
          ? each.init
          : undefined;
    if (!object || object.type === 'Super' || !re.has(object)) continue;
    const value = re.valueOf(object);
    if (isNullish(value)) return blame(re, object, `${nameOf(re, object)} was ${String(value)}`);
  }
  return undefined;
}

/** The object of which a property was to be read or set. */
function nullishObject(re: Reenactment, value: string, key: string): AnyNode | undefined {
  const { stopped } = re;
  const isIt = (node: AnyNode): boolean => {
    if (node.type !== 'MemberExpression') return false;
    const text = keyText(node.property, node.computed) ?? '';
    return text === key || (node.computed && String(re.valueOf(node.property)) === key);
  };
  if (stopped?.type === 'MemberExpression' && isIt(stopped)) return stopped.object;
  const found = [...re.run.syntax.inside(re.run.node)].filter((node) => isIt(node));
  const objects = found.flatMap((node) => (node.type === 'MemberExpression' ? [node.object as AnyNode] : []));
  const known = objects.filter((object) => String(re.valueOf(object)) === value && re.has(object));
  if (known.length > 0) return known[0];
  const unknown = objects.filter((object) => re.valueOf(object) === opaque);
  return unknown.length === 1 ? unknown[0] : undefined;
}

function destructured(re: Reenactment, text: string): AnyNode | undefined {
  const { node, syntax } = re.run;
  for (const each of syntax.inside(node)) {
    const source =
      each.type === 'VariableDeclarator' ? each.init : each.type === 'AssignmentExpression' ? each.right : undefined;
    const pattern =
      each.type === 'VariableDeclarator' ? each.id : each.type === 'AssignmentExpression' ? each.left : undefined;
    if (
      source &&
      (pattern?.type === 'ObjectPattern' || pattern?.type === 'ArrayPattern') &&
      (syntax.text(source as never) === text || isNullish(re.valueOf(source)))
    )
      return source;
  }
  return undefined;
}

function isNullish(value: Value): boolean {
  return value === undefined || value === null;
}

/** The one call in the statement that reads a JSON text. */
function parsingIn(re: Reenactment): Blamed | undefined {
  const { node, syntax } = re.run;
  const [call, ...others] = [...syntax.inside(node)].filter(
    (each) => each.type === 'CallExpression' && syntax.text(each.callee as never) === 'JSON.parse',
  );
  const [first] = call?.type === 'CallExpression' ? call.arguments : [];
  if (!call || !first || first.type === 'SpreadElement' || others.length > 0) return undefined;
  return { ...blame(re, first, `${nameOf(re, call)} failed`), node: call };
}

/** The callee that V8 names so. */
function calledIn(re: Reenactment, text: string): AnyNode | undefined {
  const { node, syntax } = re.run;
  const wanted = text.replaceAll(/\s|\(intermediate value\)|\(\.\.\.\)/g, '');
  const callees = [...syntax.inside(node)].flatMap((each) =>
    each.type === 'CallExpression' || each.type === 'NewExpression' ? [plain(each.callee)] : [],
  );
  const { stopped } = re;
  if (stopped?.type === 'CallExpression' || stopped?.type === 'NewExpression') {
    const callee = plain(stopped.callee);
    if (re.fault === 'no function') return callee;
  }
  const alike = callees.filter((callee) => simplified(syntax.text(callee as never)).endsWith(wanted));
  const noFunction = alike.filter(
    (callee) => re.has(callee) && (isPrimitive(re.valueOf(callee)) || isPlainObject(re, re.valueOf(callee))),
  );
  return noFunction[0] ?? (alike.length === 1 ? alike[0] : undefined);
}

function isPlainObject({ traced }: Reenactment, value: Value): boolean {
  return value instanceof ObjectValue && traced.reader.typeOf(value) === 'object';
}

/** As V8 shows it: without arguments and space. */
function simplified(text: string): string {
  return text.replaceAll(/\([^()]*\)|\s|\?(?=\.)/g, '');
}

function iteratedIn(re: Reenactment, text: string): AnyNode | undefined {
  const { node, syntax } = re.run;
  const candidates = [...syntax.inside(node)].flatMap((each): AnyNode[] => {
    switch (each.type) {
      case 'SpreadElement':
        return [each.argument];
      case 'ForOfStatement':
        return [each.right];
      case 'VariableDeclarator':
        return each.init && each.id.type === 'ArrayPattern' ? [each.init] : [];
      case 'AssignmentExpression':
        return each.left.type === 'ArrayPattern' ? [each.right] : [];
      case 'YieldExpression':
        return each.delegate && each.argument ? [each.argument] : [];
      case 'NewExpression':
      case 'CallExpression':
        return each.arguments.slice(0, 1).filter(({ type }) => type !== 'SpreadElement');
      default:
        return [];
    }
  });
  const named = candidates.filter((each) => simplified(syntax.text(each as never)) === simplified(text));
  if (named.length > 0) return named[0];
  return candidates.find(
    (each) => re.has(each) && String(isPrimitive(re.valueOf(each)) ? re.valueOf(each) : 'object') === text,
  );
}

/** The error, where the statement ran to its end and a call in it was given the error: what rejects a promise. */
function givenAway(re: Reenactment, error: Value): { readonly error: AnyNode; readonly what: string } | undefined {
  if (re.stopped || !(error instanceof ObjectValue)) return undefined;
  for (const each of re.run.syntax.inside(re.run.node)) {
    if (each.type !== 'CallExpression' || each.arguments.length !== 1) continue;
    const given = plain(each.arguments[0]!);
    const value = re.valueOf(given);
    const isIt = value instanceof ObjectValue && value.id === error.id;
    if (isIt || (value === opaque && given.type === 'NewExpression'))
      return { error: given, what: `${nameOf(re, given)} was given to ${nameOf(re, each.callee)}` };
  }
  return undefined;
}

/** The expression that did not end: native code threw in it. */
function* byStop(re: Reenactment, message: string): Work<Blamed> {
  const { run } = re;
  const stopped = re.stopped ?? rejectedWait(re, message);
  const calls = [...run.syntax.inside(run.node)].filter(
    (each) => each.type === 'CallExpression' || each.type === 'NewExpression',
  );
  const failed = stopped?.type === 'AwaitExpression' ? plain(stopped.argument) : stopped;
  const node = failed ?? (calls.length === 1 ? calls[0]! : undefined);
  if (!node) return { node: run.node, lead: undefined, what: `${nameOf(re, run.node)} failed`, others: [] };
  const asked = yield* rejecting(re, node);
  return asked ? failing(asked.re, asked.node) : failing(re, node);
}

/** Events between a wait's beginning and its end that are looked at. */
const WAITED = 200;

/** The wait that the statement came to last, where what came from outside then has the error's message: that rejected it. */
function rejectedWait({ run, traced: { timeline } }: Reenactment, message: string): AnyNode | undefined {
  const own = run.happenings.filter((each) => each.kind === 'own' && each.code !== EventCode.abrupt);
  const last = own.at(-1);
  if (message === '' || last?.kind !== 'own' || last.code !== EventCode.resume) return undefined;
  const op = run.file.table.ops[last.op];
  const wait = op && 'start' in op ? run.syntax.within(op.start, op.end) : undefined;
  if (wait?.type !== 'AwaitExpression') return undefined;
  const text = JSON.stringify(message).slice(1, -1);
  for (let at = last.moment - 1; at >= Math.max(0, last.moment - WAITED); at--) {
    timeline.seekMoment(at);
    timeline.replay.step();
    const { code, value, activation } = timeline.replay.event;
    if (code === EventCode.suspend && activation?.serial === run.call) return undefined;
    if (code === EventCode.boundary && typeof value === 'string' && value.includes(text)) return wait;
  }
  return undefined;
}

/** Of a promise that recorded code only handed on: the call of other code that gave it. */
function* rejecting(re: Reenactment, node: AnyNode): Work<ExpressionLead | undefined> {
  if (!re.values.get(node)?.call) return undefined;
  const { hops, end } = yield* origin(re.traced, expression(re, node, [AWAITED]));
  const { kind } = hops.at(-1) ?? {};
  const isForeign = (kind === 'call' || kind === 'boundary') && end?.node.type === 'CallExpression';
  return isForeign ? end : undefined;
}

function failing(re: Reenactment, node: AnyNode): Blamed {
  const [first, ...others] = [...argumentsOf(node)].map((each) =>
    each.type === 'SpreadElement' ? each.argument : each,
  );
  const what = `${nameOf(re, node)} failed`;
  if (!first) return { node, lead: undefined, what, others: [] };
  return { ...blame(re, first, what, others), node };
}
