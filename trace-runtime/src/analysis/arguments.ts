/** Where parameters and `this` got their values: in the expression that made the call. */
import type { AnyNode } from 'acorn';
import { indexOfKey, ObjectValue, opaque, type Value } from '../query/values.ts';
import { callbackArgument, isOfEach, receiverOf } from './callbacks.ts';
import { expression, inputOf, leadName, nameOf, Round, type Answer, type Path } from './hops.ts';
import type { Binding } from './patterns.ts';
import { arrivedFrom } from './promises.ts';
import { elementsOf, partUnder, propertiesOf, samePart, type Part } from './shapes.ts';
import { Reenactment } from './reenact.ts';
import { type Caller } from './evaluated.ts';
import { currentRun, quietRun } from './run.ts';
import { isClass, isFunction } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { restLead, type VariableWrite } from './variables.ts';

export interface CallSite {
  readonly re: Reenactment;
  readonly caller: Caller;
}

/** The expression that made the call; undefined where no recorded code did, or the recording does not tell. */
export function* callSiteOf(traced: Traced, serial: number): Work<CallSite | undefined> {
  const { calls } = traced.timeline.overview;
  const span = calls.firstSpan(serial);
  if (span === undefined) return undefined;
  const parent = calls.parentOf(span);
  const enter = calls.enter[span]!;
  if (parent < 0) return undefined;
  traced.timeline.seekMoment(enter);
  const run = yield* currentRun(traced, calls.serial[parent]!, traced.timeline.position, enter + 1);
  if (!run) return undefined;
  const re = new Reenactment(traced, run);
  const caller = re.callers.get(serial) ?? generatorCaller(re, serial);
  return caller && { re, caller };
}

/** A generator's body begins where it is first asked for a value: the only call of its function in that statement made it. */
function generatorCaller(re: Reenactment, serial: number): Caller | undefined {
  const { timeline } = re.traced;
  const { calls } = timeline.overview;
  const site = calls.site[calls.firstSpan(serial) ?? 0]!;
  const found = [...re.values].flatMap(([node, { callee, before = 0 }]): Caller[] => {
    const code = callee?.code;
    const own = code?.file.table.functions[code.index];
    if (!code || !own?.generator || code.file.base + own.firstOp !== site) return [];
    return [{ node, callee, before, round: undefined }];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** Whether the call was made by the event loop or other code without a recorded call around it. */
function isOutermost({ timeline: { overview } }: Traced, serial: number): boolean {
  const span = overview.calls.firstSpan(serial);
  return span !== undefined && overview.calls.parentOf(span) < 0;
}

type Parameter = Extract<Binding, { kind: 'parameter' }>;

/** What a parameter was given. */
export function* argumentOf(traced: Traced, write: VariableWrite, binding: Parameter, path: Path): Work<Answer> {
  const { call, file } = write;
  const name = file.table.variables[write.variable]!.name;
  const site = yield* callSiteOf(traced, call);
  if (!site) {
    if (isOutermost(traced, call)) return yield* arrivedFrom(traced, call, binding, path, name);
    return { kind: 'unknown', what: `The recording does not tell which expression passed ${name}.` };
  }
  const { re, caller } = site;
  const given = givenTo(re, caller, binding.index);
  const [first] = binding.steps;
  if (given === 'missing') {
    if (first?.key === undefined && first?.fallback) {
      const what = `${name} is its default ${textOf(traced, write, first.fallback)}: the call passed nothing for it.`;
      return restOfDefault(traced, write, binding, 1, path, what);
    }
    if (binding.rest)
      return { kind: 'literal', what: `${name} collects the rest of the arguments; there were none.`, at: at(site) };
    return missing(site, binding.index, name);
  }
  if (given === undefined) return comparedBy(traced, site, write, binding, path, name) ?? unknown(site, name);
  if (binding.rest && binding.steps.length === 0) return restOf(site, binding, path, name);
  return throughPattern(traced, write, binding, { site, given, path, name });
}

interface Given {
  readonly site: CallSite;
  readonly given: ArgumentLead;
  readonly path: Path;
  readonly name: string;
}

function throughPattern(
  traced: Traced,
  write: VariableWrite,
  binding: Parameter,
  { site, given, path, name }: Given,
): Answer {
  let lead = given;
  const { re } = site;
  for (const step of binding.steps) {
    const { key, fallback } = step;
    const part = key === undefined ? lead : partOfArgument(re, lead, key);
    if (!part) return unknown(site, name);
    lead = part;
    if (!fallback || isSomething(lead)) continue;
    if (lead.value === opaque) return unknown(site, name);
    const what = `${name} is its default ${textOf(traced, write, fallback)}: it was given undefined.`;
    if (lead.value === undefined)
      return restOfDefault(traced, write, binding, binding.steps.indexOf(step) + 1, path, what);
  }
  if (binding.rest) {
    const what = `${name} collects the rest of ${nameOf(re, lead.node)}.`;
    return { kind: 'argument', what, next: restLead(re, lead, binding.rest, path), differs: path.length === 0 };
  }
  const next = expression(re, lead.node, [...lead.path, ...path]);
  return { kind: 'argument', what: passedAs(re, name, lead), next };
}

function passedAs(re: Reenactment, name: string, { node, path }: Pick<ArgumentLead, 'node' | 'path'>): string {
  const isRound = path.some((step) => step instanceof Round);
  return isRound
    ? `${name} was passed on by ${nameOf(re, node)} from the round before.`
    : `${name} was passed as ${leadName({ re, node, path })}.`;
}

/** What a function was given that native code calls with elements, where that is none of them, or not in their order. */
function comparedBy(
  traced: Traced,
  { re, caller }: CallSite,
  { call, file, variable, value: written }: VariableWrite,
  { index, steps, rest }: Parameter,
  path: Path,
  name: string,
): Answer | undefined {
  const on = receiverOf(caller.node);
  if (caller.round === undefined || rest || steps.some(({ fallback }) => fallback)) return undefined;
  const isNumber = caller.callee.name.startsWith('reduce')
    ? index === 2
    : index === 1 && (isOfEach(caller) || caller.callee.name === 'from');
  if (isNumber)
    return {
      kind: 'operation',
      what: `${name} is the number of the element, from 0.`,
      inputs: on ? [inputOf(re, on)] : [],
    };
  if (!on || !/^(?:sort|toSorted)$/.test(caller.callee.name)) return undefined;
  const { calls } = traced.timeline.overview;
  traced.timeline.seekMoment(calls.enter[calls.firstSpan(call) ?? 0]!);
  traced.timeline.replay.step();
  const act = traced.timeline.replay.stack.at(-1);
  const entered = act && traced.reader.variable(act, file.table.variables[variable]!.name)?.value;
  // a pattern writes its variables behind the entry
  const value = written === opaque ? entered : written;
  const taken = steps.flatMap(({ key }) => (key === undefined ? [] : [key]));
  const part = samePart(re, elementsOf(re, on), value as Value, taken);
  const lead = part && partUnder(re, part, taken)?.lead;
  if (!lead) return undefined;
  return {
    kind: 'argument',
    what: passedAs(re, name, lead),
    next: { ...lead, path: [...lead.path, ...path] },
  };
}

/**
 * The part of a value under a key: where it is in the text, and what it is as far as that is known. Undefined where its
 * elements are not those of an array.
 */
export function partOfArgument(re: Reenactment, lead: ArgumentLead, key: string): ArgumentLead | undefined {
  const { node, path, value } = lead;
  re.standAt(node);
  const contents = value instanceof ObjectValue ? re.traced.timeline.replay.heap.get(value) : undefined;
  const index = indexOfKey(key);
  const own = lead.parts?.[index];
  if (own) return leadOf(own);
  if (contents?.entries && path.length === 0 && index >= 0) return partAt(elementsOf(re, node), key, node);
  if (contents && !contents.elements && index >= 0 && !contents.properties.has(key)) return undefined;
  if (value !== opaque || path.length > 0) return { node, path: [...path, key], value: re.member(value, key) };
  const parts = index < 0 ? propertiesOf(re, node) : elementsOf(re, node);
  return partAt(parts, key, node);
}

function partAt(
  parts: readonly Part[] | ReadonlyMap<string, Part> | undefined,
  key: string,
  node: AnyNode,
): ArgumentLead {
  if (!parts) return { node, path: [key], value: opaque };
  const part =
    parts instanceof Map ? (parts.get(key) as Part | undefined) : (parts as readonly Part[])[indexOfKey(key)];
  return part ? leadOf(part) : { node, path: [key], value: undefined };
}

export function leadOf({ lead, value, parts }: Part): ArgumentLead {
  return { node: lead.node, path: lead.path, value, ...(parts && { parts }) };
}

function textOf(traced: Traced, { file }: VariableWrite, node: AnyNode): string {
  return syntaxOf(traced, file)?.text(node as { start: number; end: number }) ?? '';
}

/** The default behind which the steps from an index on follow. */
function restOfDefault(
  traced: Traced,
  write: VariableWrite,
  binding: Parameter,
  from: number,
  path: Path,
  what: string,
): Answer {
  const { fallback } = binding.steps[from - 1]!;
  const later = binding.steps.slice(from);
  if (binding.rest || later.some((each) => each.fallback))
    return { kind: 'unknown', what: 'The recording does not tell which part of a default it is.' };
  return defaultOf(
    traced,
    write,
    fallback!,
    [...later.flatMap(({ key }) => (key === undefined ? [] : [key])), ...path],
    what,
  );
}

/** A default runs before the function's body, and no step of it is recorded. */
function defaultOf(traced: Traced, write: VariableWrite, node: AnyNode, path: Path, what: string): Answer {
  const { call, file, moment } = write;
  const syntax = syntaxOf(traced, file)!;
  const re = new Reenactment(traced, quietRun({ call, file, syntax }, node, moment));
  return { kind: 'argument', what, next: expression(re, node, path) };
}

function restOf(site: CallSite, { index }: Parameter, path: Path, name: string): Answer {
  const [first, ...rest] = path;
  const { re, caller } = site;
  if (typeof first === 'string' && /^\d+$/.test(first)) {
    const given = givenTo(re, caller, index + Number(first));
    if (given !== undefined && given !== 'missing')
      return {
        kind: 'argument',
        what: passedAs(re, 'It', given),
        next: expression(re, given.node, [...given.path, ...rest]),
      };
    if (given === 'missing') return missing(site, index + Number(first), name);
  }
  const inputs = argumentsOf(caller.node)
    .slice(index)
    .map((each) => inputOf(re, each.type === 'SpreadElement' ? each.argument : each));
  return { kind: 'argument', what: `${name} collects the rest of the arguments.`, inputs, at: at(site) };
}

/** Where an argument is in the text, and what it is. */
export interface ArgumentLead {
  readonly node: AnyNode;
  readonly path: Path;
  readonly value: Value;
  /** of an array that native code made for it: what that holds */
  readonly parts?: readonly Part[];
}

/** What a call was given at an index. Undefined where the recording does not tell. */
export function givenTo(re: Reenactment, caller: Caller, index: number): ArgumentLead | 'missing' | undefined {
  if (caller.round !== undefined) return callbackArgument(re, caller, index);
  const { node } = caller;
  if (node.type === 'TaggedTemplateExpression' && index === 0) return { node: node.quasi, path: [], value: opaque };
  return spreadArgument(re, argumentsOf(node), node.type === 'TaggedTemplateExpression' ? index - 1 : index);
}

/** The argument at an index, among which some may be spread. */
export function spreadArgument(
  re: Reenactment,
  given: readonly AnyNode[],
  index: number,
): ArgumentLead | 'missing' | undefined {
  let left = index;
  for (const each of given) {
    if (each.type !== 'SpreadElement') {
      if (left === 0) return { node: each, path: [], value: re.valueOf(each) };
      left--;
      continue;
    }
    const parts = elementsOf(re, each.argument);
    if (!parts) return undefined;
    const part = parts[left];
    if (part) return leadOf(part);
    left -= parts.length;
  }
  return 'missing';
}

export function argumentsOf(node: AnyNode): readonly AnyNode[] {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') return node.arguments;
  if (node.type === 'TaggedTemplateExpression') return node.quasi.expressions;
  // a setter is given what is assigned
  return node.type === 'AssignmentExpression' ? [node.operator === '=' ? node.right : node] : [];
}

function missing(site: CallSite, index: number, name: string): Answer {
  const count = argumentsOf(site.caller.node).length;
  return {
    kind: 'missing',
    what: `${name} was not passed: the call has ${count === 0 ? 'no arguments' : `${count} argument${count === 1 ? '' : 's'}`}, and it is number ${index + 1}.`,
    at: at(site),
  };
}

function unknown(site: CallSite, name: string): Answer {
  const { re, caller } = site;
  const inputs = argumentsOf(caller.node).map((each) =>
    inputOf(re, each.type === 'SpreadElement' ? each.argument : each),
  );
  if (caller.round === undefined)
    return { kind: 'unknown', what: `The recording does not tell what ${name} was given.`, inputs, at: at(site) };
  const what = `${name} was passed by ${caller.callee.name || 'code'}, which is not recorded.`;
  return { kind: 'call', what, inputs, at: at(site) };
}

/** Whether what an expression gives is never undefined, whatever it is. */
export function isSomething({ node, path }: ArgumentLead): boolean {
  if (path.length > 0) return false;
  return isFunction(node) || isClass(node) || /^(Object|Array|New)Expression$|^TemplateLiteral$/.test(node.type);
}

function at({ re, caller }: CallSite): NonNullable<Answer['at']> {
  return { re, node: caller.node };
}

/** What `this` is in a call: what the method was called on, or what `new` made. */
export function* thisOf(traced: Traced, serial: number, path: Path): Work<Answer> {
  const site = yield* callSiteOf(traced, serial);
  if (!site) return { kind: 'unknown', what: 'this was given by code that is not recorded.' };
  const { re, caller } = site;
  const { node } = caller;
  if (node.type === 'NewExpression')
    return {
      kind: 'argument',
      what: `this is what ${nameOf(re, node)} makes.`,
      next: expression(re, node, path),
      at: at(site),
    };
  if (
    node.type === 'CallExpression' &&
    caller.round === undefined &&
    node.callee.type === 'MemberExpression' &&
    node.callee.object.type !== 'Super'
  ) {
    const { object } = node.callee;
    return {
      kind: 'argument',
      what: `this is ${nameOf(re, object)}, on which the method was called.`,
      next: expression(re, object, path),
    };
  }
  const accessed = node.type === 'AssignmentExpression' ? node.left : node;
  if (accessed.type === 'MemberExpression' && accessed.object.type !== 'Super')
    return {
      kind: 'argument',
      what: `this is ${nameOf(re, accessed.object)}.`,
      next: expression(re, accessed.object, path),
    };
  if (node.type === 'CallExpression' && node.callee.type === 'Super') return yield* thisOf(traced, re.run.call, path);
  if (
    node.type === 'CallExpression' &&
    (caller.callee.name === 'call' || caller.callee.name === 'apply') &&
    node.arguments[0]
  )
    return {
      kind: 'argument',
      what: `this was passed as ${nameOf(re, node.arguments[0])}.`,
      next: expression(re, node.arguments[0], path),
    };
  return { kind: 'unknown', what: 'The recording does not tell what this was taken from.', at: at(site) };
}

/** The serial of the call whose `this` an arrow function sees. */
export function ownerOfThis(traced: Traced, serial: number): number | undefined {
  const { replay } = traced.timeline;
  const act = [...replay.stack, ...replay.suspended.values()].find((each) => each.serial === serial);
  if (!act) return undefined;
  for (let scope: typeof act.scope | undefined = act.scope; scope; scope = scope.parent) {
    if (!scope.hasThis) continue;
    if (scope === act.functionScope) return serial;
    const holder = [...replay.stack, ...replay.suspended.values()].find((each) => each.functionScope === scope);
    return holder?.serial;
  }
  return undefined;
}
