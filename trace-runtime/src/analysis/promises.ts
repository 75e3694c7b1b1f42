/** What promises resolved to, and what their reactions were given. */
import type { AnyNode } from 'acorn';
import type { Moment } from '../query/moments.ts';
import type { Activation } from '../query/activation.ts';
import { ObjectValue, opaque, type Value } from '../query/values.ts';
import { argumentsOf, spreadArgument } from './arguments.ts';
import { codeAt, codeOf, type FunctionCode } from './calls.ts';
import { receiverOf } from './callbacks.ts';
import { AWAITED, expression, nameOf, type Answer, type Path } from './hops.ts';
import { sentAs } from './messages.ts';
import type { Binding } from './patterns.ts';
import { Reenactment } from './reenact.ts';
import { type Evaluated } from './evaluated.ts';
import { returnAnswer } from './returns.ts';
import { lastRun, stepAround } from './run.ts';
import { isFunction, keyText, plain, type FunctionNode, type Of } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';

/** What the promise that native code gave resolved to. Undefined where it is none that the language fixes. */
export function* promiseAnswer(re: Reenactment, node: AnyNode, facts: Evaluated, path: Path): Work<Answer | undefined> {
  const { callee, inner = [] } = facts;
  const given = argumentsOf(node);
  const [first] = given;
  const name = callee?.name ?? '';
  if (callee?.holder === 'Promise' && first) {
    if (node.type === 'NewExpression') return yield* resolvedBy(re, first, inner[0]?.serial, path);
    if (name === 'resolve')
      return {
        kind: 'copy',
        what: `Promise.resolve was given ${nameOf(re, first)}.`,
        next: expression(re, first, [AWAITED, ...path]),
      };
    const [index, ...rest] = path;
    if (name === 'all' && typeof index === 'string')
      return {
        kind: 'element',
        what: `Promise.all waited for ${nameOf(re, first)}.`,
        next: expression(re, first, [index, AWAITED, ...rest]),
      };
    const [outcome, ...others] = rest;
    if (name === 'allSettled' && typeof index === 'string' && outcome === 'value')
      return {
        kind: 'element',
        what: `Promise.allSettled waited for ${nameOf(re, first)}.`,
        next: expression(re, first, [index, AWAITED, ...others]),
      };
    return undefined;
  }
  const on = receiverOf(node);
  if (!on || !first) return undefined;
  if (name === 'finally')
    return {
      kind: 'copy',
      what: `finally gives what ${nameOf(re, on)} gave.`,
      next: expression(re, on, [AWAITED, ...path]),
    };
  if (name !== 'then' && name !== 'catch') return undefined;
  const reaction = reactionOf(re, node, first);
  if (reaction !== undefined) return yield* returnAnswer(re, reaction, [AWAITED, ...path], Infinity, node);
  if (name === 'catch')
    return { kind: 'copy', what: `${nameOf(re, on)} did not fail.`, next: expression(re, on, [AWAITED, ...path]) };
  return undefined;
}

/** The call of the function that was passed to `then`: the only one since, or none. */
function reactionOf(re: Reenactment, node: AnyNode, given: AnyNode): number | undefined {
  const { traced, run } = re;
  const inner = plain(given);
  const code: FunctionCode | undefined = isFunction(inner)
    ? codeAt(run.file, inner)
    : codeOf(traced, re.valueOf(inner));
  if (!code) return undefined;
  const { calls } = traced.timeline.overview;
  const site = code.file.base + code.file.table.functions[code.index]!.firstOp;
  let found: number | undefined;
  for (let span = calls.spanFrom(re.standAt(node).moment); span < calls.count; span++) {
    if (calls.site[span] !== site || calls.isResumed(span) || calls.isEarly(span)) continue;
    if (found !== undefined) return undefined;
    found = calls.serial[span]!;
  }
  return found;
}

/** What `resolve` was called with, where the executor's own text calls it. */
function* resolvedBy(
  re: Reenactment,
  given: AnyNode,
  executor: number | undefined,
  path: Path,
): Work<Answer | undefined> {
  const node = plain(given);
  if (executor === undefined || !isFunction(node)) return undefined;
  const [parameter] = node.params;
  if (parameter?.type !== 'Identifier') return undefined;
  const { traced, run } = re;
  const { timeline } = traced;
  const { calls } = timeline.overview;
  const span = calls.firstSpan(executor)!;
  timeline.seekMoment(calls.enter[span]!);
  timeline.replay.step();
  const act = timeline.replay.stack.at(-1);
  const resolve = act && traced.reader.variable(act, parameter.name)?.value;
  if (!(resolve instanceof ObjectValue)) return undefined;
  const before = { moment: run.until, statements: Infinity };
  const found: {
    readonly call: Of<'CallExpression'>;
    readonly serial: number;
    readonly op: number;
    readonly at: Moment;
  }[] = [];
  for (const call of callsOf(run.syntax, node, parameter.name)) {
    const op = stepAround(run.file, run.syntax, call);
    if (op < 0) continue;
    let serial = 0;
    const isFound = yield* timeline.backward(
      { ...before, moment: Infinity },
      {
        sites: new Set([run.file.base + op]),
        since: executor,
        statement: (own, at) => {
          if (own.file !== run.file || at !== op || traced.reader.variable(own, parameter.name)?.value !== resolve)
            return false;
          serial = own.serial;
          return true;
        },
      },
    );
    if (isFound) found.push({ call, serial, op, at: timeline.position.moment });
  }
  const [only] = found;
  if (!only || found.length > 1) return undefined;
  const own = yield* lastRun(
    traced,
    { call: only.serial, file: run.file, op: only.op },
    { moment: Infinity, statements: Infinity },
    Infinity,
  );
  const [argument] = only.call.arguments;
  if (!own || !argument) return undefined;
  const inside = new Reenactment(traced, own);
  if (!inside.has(argument)) return undefined;
  return {
    kind: 'argument',
    what: `The promise was resolved with ${nameOf(inside, argument)}.`,
    next: expression(inside, argument, [AWAITED, ...path]),
  };
}

/** Calls of a function that goes by the name, in the text of a function and of those in it. */
function callsOf(syntax: Reenactment['run']['syntax'], { body }: FunctionNode, name: string): Of<'CallExpression'>[] {
  const { start, end } = body as unknown as { start: number; end: number };
  return [...syntax.beginning(start, end)].flatMap((node) =>
    node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === name ? [node] : [],
  );
}

type Parameter = Extract<Binding, { kind: 'parameter' }>;

/** A parameter of a function that no recorded code called: a reaction of a promise, a timer's. */
export function* arrivedFrom(
  traced: Traced,
  serial: number,
  { node, index, steps, rest }: Parameter,
  path: Path,
  name: string,
): Work<Answer> {
  const unknown: Answer = { kind: 'boundary', what: `${name} was passed by Node: no recorded code made the call.` };
  const { calls } = traced.timeline.overview;
  const enter = calls.enter[calls.firstSpan(serial) ?? 0]!;
  traced.timeline.seekMoment(enter);
  traced.timeline.replay.step();
  const act = traced.timeline.replay.stack.at(-1);
  const syntax = act && syntaxOf(traced, act.file);
  const call = syntax?.parentOf(node);
  if (!act || rest || steps.some(({ fallback }) => fallback)) return unknown;
  if (index === 0) {
    const sent = yield* sentAs(traced, enter, passedFirst(act), [
      ...steps.flatMap(({ key }) => (key === undefined ? [] : [key])),
      ...path,
    ]);
    if (sent) return { ...sent, what: sent.what.replace(/^It/, name) };
    traced.timeline.seekMoment(enter);
    traced.timeline.replay.step();
  }
  if (!syntax || call?.type !== 'CallExpression') return unknown;
  const position = call.arguments.indexOf(node as never);
  if (position < 0) return unknown;
  const callee = plain(call.callee);
  const method = callee.type === 'MemberExpression' ? keyText(callee.property, callee.computed) : undefined;
  const isTimer = callee.type === 'Identifier' && /^set(Timeout|Interval|Immediate)$/.test(callee.name);
  if (!isTimer && !(method === 'then' && position === 0 && index === 0)) return unknown;
  const re = yield* definingRun(traced, act, call, enter);
  if (!re) return unknown;
  const taken: Path = [...steps.flatMap(({ key }) => (key === undefined ? [] : [key])), ...path];
  if (callee.type === 'MemberExpression' && method === 'then')
    return {
      kind: 'argument',
      what: `${name} is what ${nameOf(re, callee.object)} resolved to.`,
      next: expression(re, callee.object, [AWAITED, ...taken]),
    };
  const skipped = callee.type === 'Identifier' && callee.name === 'setImmediate' ? 1 : 2;
  const given = spreadArgument(re, call.arguments, index + skipped);
  if (given === undefined || given === 'missing') return unknown;
  return {
    kind: 'argument',
    what: `${name} was passed as ${nameOf(re, given.node)}.`,
    next: expression(re, given.node, [...given.path, ...taken]),
  };
}

/** What the call's first parameter holds. */
function passedFirst({ file, site, functionScope }: Activation): Value {
  const op = file.table.ops[site.firstOp];
  const [variable] = op?.k === 'enter' ? op.parameters : [];
  const place = variable === undefined ? undefined : file.code.places[variable];
  return place && place.scope === functionScope.scope ? (functionScope.values[place.slot] as Value) : opaque;
}

/** The run of the statement that handed the function on: the only one, or the one whose variables the function sees. */
export function* definingRun(
  traced: Traced,
  act: Activation,
  node: AnyNode,
  before: Moment,
): Work<Reenactment | undefined> {
  const { timeline } = traced;
  const { file } = act;
  const syntax = syntaxOf(traced, file);
  const op = syntax ? stepAround(file, syntax, node) : -1;
  if (op < 0) return undefined;
  const site = file.base + op;
  const isOnly = timeline.overview.hitsOf(site) === 1;
  const environment = outerEnvironment(act);
  if (!isOnly && environment === 0) return undefined;
  let serial = 0;
  timeline.seekMoment(before);
  const found = yield* timeline.backward(timeline.position, {
    sites: new Set([site]),
    statement: (own, at) => {
      if (own.file !== file || at !== op || !(isOnly || sees(own, environment))) return false;
      serial = own.serial;
      return true;
    },
  });
  if (!found) return undefined;
  timeline.seekMoment(before);
  const run = yield* lastRun(traced, { call: serial, file, op }, timeline.position, before);
  return run && new Reenactment(traced, run);
}

/** Of the innermost scope around the function that closures see; 0 where there is none but the file's. */
function outerEnvironment({ functionScope }: Activation): number {
  const { parent } = functionScope;
  return parent?.parent === undefined ? 0 : parent.environment;
}

function sees({ scope }: Activation, environment: number): boolean {
  for (let at: typeof scope | undefined = scope; at; at = at.parent) if (at.environment === environment) return true;
  return false;
}
