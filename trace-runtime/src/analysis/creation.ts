/** The expression that made an object. */
import type { AnyNode } from 'acorn';
import { ObjectKind } from '../wire/words.ts';
import type { LoadedFile } from '../query/activation.ts';
import { truthy } from '../query/derive.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import { elementsOf, literalIn, propertiesOf, samePart } from './shapes.ts';
import { indexOfKey, ObjectValue, opaque, type Value } from '../query/values.ts';
import { callSiteOf, givenTo, leadOf, type ArgumentLead } from './arguments.ts';
import { receiverOf } from './callbacks.ts';
import type { Caller } from './evaluated.ts';
import { arrivedFrom } from './promises.ts';
import { AWAITED, Entry, expression, Pair, type ExpressionLead, type Path } from './hops.ts';
import { callAt } from './mutations.ts';
import { bindingOf, functionAt } from './patterns.ts';
import { Reenactment } from './reenact.ts';
import { currentRun, quietRun } from './run.ts';
import { isClass, isFunction, keyText, type FunctionNode } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { reenactAt, walkPattern } from './variables.ts';

export interface Creation {
  /** with the path from what the expression gave to the object, where native code made more than one */
  readonly lead: ExpressionLead;
}

/** Where the object was first seen: the expression that made it. Undefined where it cannot be told. */
export function* creationOf(traced: Traced, object: ObjectValue): Work<Creation | undefined> {
  const { timeline } = traced;
  if (!(yield* timeline.toDefinition(object.id))) return undefined;
  const { moment } = timeline.position;
  // its definition is part of the event before, or stands before the one here
  for (const at of [moment - 1, moment]) {
    if (at < 0) continue;
    const shown = yield* shownBy(traced, object, at);
    const made = shown && (shown.collects ? shown.lead : descend(shown.lead));
    if (made) return { lead: made };
  }
  return undefined;
}

interface Shown {
  readonly lead: ExpressionLead;
  /** the name of what collects the rest of arguments or of a pattern: that made the object */
  readonly collects?: boolean;
}

/** The expression whose value the event at the moment shows, and the path from it to the object. */
function* shownBy(traced: Traced, object: ObjectValue, moment: Moment): Work<Shown | undefined> {
  const { timeline } = traced;
  timeline.seekMoment(moment);
  const { replay } = timeline;
  if (!replay.step()) return undefined;
  const { code, value, object: target, activation, file, op: index } = replay.event;
  if (!activation || !file) return undefined;
  const { serial } = activation;
  const op = file.table.ops[index];
  const syntax = syntaxOf(traced, file);
  if (!syntax || !op || !('start' in op)) return undefined;
  const entered = function* (at: number): Work<Shown | undefined> {
    const lead = yield* shownByEntry(traced, object, serial, file, at);
    return lead && { lead };
  };
  if (code === EventCode.enter) return yield* entered(index);
  if (code === EventCode.mutation) {
    const path = target instanceof ObjectValue ? pathTo(traced, target, object) : undefined;
    const lead = yield* callAt(traced, { call: serial, file, moment }, object, path);
    return lead && { lead };
  }
  const path = pathTo(traced, value, object);
  const node = syntax.within(op.start, op.end);
  if (!path || !node) return undefined;
  if (code === EventCode.this) {
    const lead = path.length === 0 ? yield* newOf(traced, serial) : undefined;
    return lead && { lead };
  }
  const re = yield* reenactAt(traced, serial, file, syntax, node, moment);
  if (code !== EventCode.write && code !== EventCode.closure) {
    const lead = ofNode(re, node, path);
    return lead && { lead };
  }
  const variable = op.k === 'write' || op.k === 'closure' ? op.variable : -1;
  const binding = variable < 0 ? undefined : bindingOf(syntax, file, op, variable);
  if (binding && 'rest' in binding && binding.rest && path.length === 0) {
    const { start, name } = file.table.variables[variable]!;
    const own = syntax.typed(start, start + name.length, 'Identifier');
    if (!own) return undefined;
    const quiet = new Reenactment(traced, quietRun({ call: serial, file, syntax }, own, moment + 1));
    return { lead: expression(quiet, own), collects: true };
  }
  if (binding?.kind === 'parameter') return yield* entered(file.table.functions[activation.functionIndex]!.firstOp);
  if (binding?.kind === 'loop') {
    const { right } = binding.node;
    return { lead: expression(yield* reenactAt(traced, serial, file, syntax, right, moment), right) };
  }
  if (binding?.kind !== 'source') return binding ? undefined : { lead: expression(re, node, path) };
  const own = yield* reenactAt(traced, serial, file, syntax, binding.node, moment);
  const taken = walkPattern(own, binding.from, binding.steps);
  return taken && { lead: expression(own, taken.node, [...taken.path, ...path]) };
}

/** The `new` that a constructor's call came from, through `super` calls. */
function* newOf(traced: Traced, serial: number): Work<ExpressionLead | undefined> {
  for (let at = serial, hops = 0; hops < 100; hops++) {
    const site = yield* callSiteOf(traced, at);
    if (!site) return undefined;
    const { re, caller } = site;
    if (caller.node.type === 'NewExpression') return expression(re, caller.node);
    if (caller.callee.name !== 'super') return undefined;
    at = re.run.call;
  }
  return undefined;
}

/** The part of a node whose value its event has. */
function ofNode(re: Reenactment, node: AnyNode, path: Path): ExpressionLead | undefined {
  switch (node.type) {
    case 'AssignmentExpression':
      return expression(re, node.right, path);
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'AwaitExpression':
    case 'YieldExpression':
      return node.argument ? expression(re, node.argument, path) : undefined;
    default:
      return expression(re, node, path);
  }
}

/** Among what a call was entered with. */
function* shownByEntry(
  traced: Traced,
  object: ObjectValue,
  serial: number,
  file: LoadedFile,
  op: number,
): Work<ExpressionLead | undefined> {
  const { timeline } = traced;
  const { calls } = timeline.overview;
  const span = calls.firstSpan(serial);
  if (span === undefined) return undefined;
  timeline.seekMoment(calls.enter[span]!);
  timeline.replay.step();
  const act = timeline.replay.stack.at(-1);
  const enter = file.table.ops[op];
  if (!act || enter?.k !== 'enter') return undefined;
  const isThis = act.functionScope.thisValue === object;
  const site = act.site;
  const syntax = syntaxOf(traced, file);
  const node = syntax && functionAt(syntax, site);
  const { variables } = file.table.scopes[site.scope]!;
  const shown = node?.params.flatMap((parameter, index) => {
    if (parameter.type !== 'Identifier') return [];
    const slot = variables.findIndex((variable) => file.table.variables[variable]!.name === parameter.name);
    const path = slot < 0 ? undefined : pathTo(traced, act.functionScope.values[slot], object);
    return path ? [{ index, path }] : [];
  });
  const found = yield* callSiteOf(traced, serial);
  if (!found && calls.parentOf(span) < 0) return node && (yield* arrivedIn(traced, serial, node, shown ?? []));
  if (!found) return yield* inStatement(traced, calls.enter[span]!, object);
  const { re, caller } = found;
  if (isThis) return yield* newOf(traced, serial);
  const patterns = node?.params.flatMap((parameter, index) => (parameter.type === 'Identifier' ? [] : [index])) ?? [];
  for (const { index, path } of [...(shown ?? []), ...patterns.map((each) => ({ index: each, path: undefined }))]) {
    const given = givenTo(re, caller, index) ?? comparedTo(re, caller, object);
    if (given === undefined || given === 'missing') continue;
    if (path) return expression(re, given.node, [...given.path, ...path]);
    const own = pathTo(traced, re.valueOf(given.node), object);
    if (own) return expression(re, given.node, own);
  }
  return literalIn(re, caller.node, object);
}

/** One of the elements that `sort` compares: they come in no order. */
function comparedTo(re: Reenactment, { node, callee }: Caller, object: ObjectValue): ArgumentLead | undefined {
  const on = /^(?:sort|toSorted)$/.test(callee.name) ? receiverOf(node) : undefined;
  const part = on && samePart(re, elementsOf(re, on), object);
  return part && leadOf(part);
}

interface ShownIn {
  /** of the parameter */
  readonly index: number;
  readonly path: Path;
}

/** What a timer, a promise or another thread gave a call that no recorded code made. */
function* arrivedIn(
  traced: Traced,
  serial: number,
  node: FunctionNode,
  shown: readonly ShownIn[],
): Work<ExpressionLead | undefined> {
  for (const { index, path } of shown) {
    const binding = { kind: 'parameter', node, index, steps: [], rest: undefined } as const;
    const { differs, next } = yield* arrivedFrom(traced, serial, binding, path, '');
    // a message's receiver has a copy
    if (differs !== true && next?.kind === 'expression') return next;
  }
  return undefined;
}

/** Where code that is not recorded made the call, of its own accord: in the statement that called that code. */
function* inStatement(traced: Traced, enter: Moment, object: ObjectValue): Work<ExpressionLead | undefined> {
  const { timeline } = traced;
  const { calls } = timeline.overview;
  timeline.seekMoment(enter);
  const parent = calls.parentOf(calls.spanFrom(enter));
  const run = yield* currentRun(traced, calls.serial[parent]!, timeline.position, enter + 1);
  return run && literalIn(new Reenactment(traced, run), run.node, object);
}

const FURTHEST = 20_000;

/** The shortest path from a value to the object; undefined where there is none. */
export function pathTo({ timeline: { replay } }: Traced, from: Value, object: ObjectValue): Path | undefined {
  if (from === object) return [];
  const seen = new Set<Value>([from]);
  const queue: { readonly value: ObjectValue; readonly path: Path }[] =
    from instanceof ObjectValue ? [{ value: from, path: [] }] : [];
  for (let next = queue.shift(); next && seen.size < FURTHEST; next = queue.shift()) {
    const contents = replay.heap.get(next.value);
    if (!contents) continue;
    const { path } = next;
    const look = (step: string | Entry, value: unknown): boolean => {
      if (!(value instanceof ObjectValue) || seen.has(value)) return false;
      seen.add(value);
      queue.push({ value, path: [...path, step] });
      return value === object;
    };
    for (const [key, value] of contents.properties)
      if (typeof key === 'string' && look(key, value)) return [...path, key];
    for (const [index, value] of (contents.elements ?? []).entries())
      if (look(String(index), value)) return [...path, String(index)];
    for (const [key, value] of contents.entries ?? []) {
      const isSet = contents.kind === ObjectKind.set;
      const entry = new Entry(key, isSet);
      if (look(entry, isSet ? key : value)) return [...path, entry];
    }
  }
  return undefined;
}

const SAME_OBJECT: ReadonlySet<string> = new Set(
  'freeze seal preventExtensions defineProperty defineProperties setPrototypeOf'.split(' '),
);

/** From an expression along the path down to the one that made the object. */
export function descend({ re, node, path }: ExpressionLead): ExpressionLead | undefined {
  switch (node.type) {
    case 'ObjectExpression':
    case 'ArrayExpression': {
      if (path.length === 0) return expression(re, node);
      const part = partOf(re, node, path);
      return part && part !== 'absent' ? descend(part) : undefined;
    }
    case 'ConditionalExpression': {
      const truth = truthy(re.valueOf(node.test));
      const arm = truth === undefined ? undefined : truth ? node.consequent : node.alternate;
      return arm && descend(expression(re, arm, path));
    }
    case 'LogicalExpression':
      return descend(expression(re, re.has(node.right) ? node.right : node.left, path));
    case 'SequenceExpression':
      return descend(expression(re, node.expressions.at(-1)!, path));
    case 'AssignmentExpression':
      return descend(expression(re, node.right, path));
    case 'CallExpression': {
      const { callee } = re.values.get(node) ?? {};
      const [first] = node.arguments;
      if (callee?.holder === 'Object' && SAME_OBJECT.has(callee.name) && first)
        return descend(expression(re, first, path));
      // what it was given may be seen first where it ends
      return expression(re, node, path);
    }
    case 'AwaitExpression':
      return expression(re, node.argument, [AWAITED, ...path]);
    case 'MemberExpression': {
      const key = keyText(node.property, node.computed) ?? re.valueOf(node.property);
      if (typeof key !== 'string' && typeof key !== 'number') return undefined;
      return re.valueOf(node.object) === opaque
        ? descend(expression(re, node.object, [String(key), ...path]))
        : undefined;
    }
    case 'NewExpression':
    case 'TaggedTemplateExpression':
    case 'Literal':
    case 'TemplateLiteral':
      return expression(re, node, path);
    default:
      // iterating a Map makes its entries
      if (isFunction(node) || isClass(node) || path[0] instanceof Pair) return expression(re, node, path);
      return undefined;
  }
}

/** The part of a literal that the path's first step leads to. Undefined where the text does not tell. */
export function partOf(re: Reenactment, node: AnyNode, [step, ...rest]: Path): ExpressionLead | 'absent' | undefined {
  if (typeof step !== 'string') return undefined;
  if (node.type === 'ArrayExpression') {
    const parts = elementsOf(re, node);
    const part = indexOfKey(step) < 0 ? undefined : parts?.[indexOfKey(step)];
    if (part) return { ...part.lead, path: [...part.lead.path, ...rest] };
    if (parts) return 'absent';
    const [only] = node.elements;
    // all of it is spread: the elements are those of the one, whatever that is
    return node.elements.length === 1 && only?.type === 'SpreadElement' && re.valueOf(only.argument) === opaque
      ? expression(re, only.argument, [step, ...rest])
      : undefined;
  }
  if (node.type !== 'ObjectExpression') return undefined;
  for (const each of node.properties.toReversed()) {
    if (each.type === 'SpreadElement') {
      const has = propertiesOf(re, each.argument)?.has(step);
      if (has === undefined) return undefined;
      if (has) return expression(re, each.argument, [step, ...rest]);
      continue;
    }
    const key = each.computed && each.key.type !== 'Literal' ? re.valueOf(each.key) : keyText(each.key, each.computed);
    if (typeof key !== 'string' && typeof key !== 'number') return undefined;
    if (String(key) === step) return expression(re, each.value, rest);
  }
  return 'absent';
}
