/** Where variables got their values: the last write, and the expression that it took. */
import type { AnyNode } from 'acorn';
import type { Activation, LoadedFile, ScopeInstance } from '../query/activation.ts';
import { findScope } from '../query/derive.ts';
import { EventCode, type Moment } from '../query/moments.ts';
import type { Finder, Position } from '../query/timeline.ts';
import { isPrimitive, opaque, uninitialised, type Value } from '../query/values.ts';
import { findWrites, watchVariable, type Watched } from '../query/watched.ts';
import { argumentOf, isSomething, partOfArgument, type ArgumentLead } from './arguments.ts';
import { throwOf } from './errors.ts';
import { expression, nameOf, type Answer, type ExpressionLead, type Path } from './hops.ts';
import { roundOf } from './loops.ts';
import { unassigned } from './missing.ts';
import { findVariable, type FoundVariable } from './names.ts';
import { bindingOf, type Binding } from './patterns.ts';
import { Reenactment } from './reenact.ts';
import { quietRun, runWith } from './run.ts';
import { isFunction, plain, type Of, type Syntax } from './syntax.ts';
import { callOf, syntaxOf, type Traced, type Work } from './traced.ts';

/** An event that wrote a variable. */
export interface VariableWrite {
  readonly moment: Moment;
  readonly call: number;
  readonly file: LoadedFile;
  readonly op: number;
  readonly code: EventCode;
  readonly value: Value;
  readonly variable: number;
}

/** How a name got what it holds. */
export function* variableAnswer(traced: Traced, { re, node, path }: ExpressionLead, name: string): Work<Answer> {
  const before = re.standAt(node);
  const own = findVariable(re, node as Of<'Identifier'>);
  if (own === 'undeclared') return globalAnswer(re, name);
  if (!own) return { kind: 'unknown', what: `The recording does not tell which ${name} it was.` };
  if (re.valueOf(node) === uninitialised)
    return { kind: 'missing', what: `${name} had no value yet: its declaration runs later.` };
  const found = followed(traced, own);
  const write = yield* lastWrite(traced, found.scope, found.variable, before, re.run.call);
  if (!write) {
    const kind = found.scope.file.table.variables[found.variable]!.kind;
    if (kind === 'parameter' && re.valueOf(node) === undefined)
      return { kind: 'missing', what: `${name} had no value yet: its call had just begun.` };
    if (kind === 'function' || kind === 'class') return declared(traced, re, found, name);
    if (kind === 'var' || kind === 'let') return yield* unassigned(traced, found, before, name);
    return { kind: 'unknown', what: `The recording does not show what gave ${name} its value.` };
  }
  return (
    (yield* countedBy(traced, re, node, write, { name, found, before })) ??
    (yield* writtenBy(traced, write, path, { name, found, before }))
  );
}

/**
 * What a step such as `i++` read, where the same step of the same call had written it: all rounds of it are one, and what
 * the first of them began with is next.
 */
function* countedBy(
  traced: Traced,
  re: Reenactment,
  node: AnyNode,
  { op, call, file }: VariableWrite,
  { name, found, before }: Asked,
): Work<Answer | undefined> {
  const step = re.run.syntax.parentOf(node);
  const at = file.table.ops[op];
  if (!step || !isCount(step, node) || call !== re.run.call || file !== re.run.file) return undefined;
  if (at?.k !== 'write' || re.run.syntax.within(at.start, at.end) !== step) return undefined;
  const first = yield* lastWrite(traced, found.scope, found.variable, before, call, op);
  if (!first) return undefined;
  const told = yield* writtenBy(traced, first, [], { name, found, before });
  if (!told.next) return undefined;
  const from = isPrimitive(first.value) ? `, from ${String(first.value)} on` : '';
  return {
    kind: 'operation',
    what: `${name} was changed by ${nameOf(re, step)} in each round before${from}.`,
    next: told.next,
    differs: true,
  };
}

/** `i++`, `i += 2`: a change by what stands in the source. */
function isCount(step: AnyNode, read: AnyNode): boolean {
  if (step.type === 'UpdateExpression') return step.argument === read;
  return (
    step.type === 'AssignmentExpression' &&
    /^[-+*]=$/.test(step.operator) &&
    step.left === read &&
    step.right.type === 'Literal'
  );
}

/** A function's or class's own declaration. */
function declared(traced: Traced, re: Reenactment, { scope: { file }, variable }: FoundVariable, name: string): Answer {
  const syntax = syntaxOf(traced, file);
  const { start } = file.table.variables[variable]!;
  const own = syntax?.typed(start, start + name.length, 'Identifier');
  const what = `${name} is declared in the source.`;
  if (!syntax || !own) return { kind: 'literal', what };
  const quiet = new Reenactment(traced, quietRun({ call: re.run.call, file, syntax }, own, re.run.until));
  return { kind: 'literal', what, at: { re: quiet, node: own } };
}

/** Imports are followed to the exporting module's variable. */
function followed({ timeline }: Traced, own: FoundVariable): FoundVariable {
  const { table } = own.scope.file;
  const slot = table.scopes[own.scope.scope]!.variables.indexOf(own.variable);
  const exporter = timeline.replay.links.exporter(own.scope, slot);
  if (!exporter) return own;
  const { file, scope } = exporter.scope;
  return { scope: exporter.scope, variable: file.table.scopes[scope]!.variables[exporter.slot]! };
}

function globalAnswer(re: Reenactment, name: string): Answer {
  if (name === 'undefined' || name === 'NaN' || name === 'Infinity')
    return { kind: 'literal', what: `${name} stands in the source.` };
  if (name === 'arguments') return { kind: 'literal', what: 'The arguments of the call.' };
  if (re.run.asked) return { kind: 'unknown', what: `${name} is no variable that the recording knows here.` };
  return { kind: 'boundary', what: `${name} is a global of the language or of Node.` };
}

/** The last event before the place that wrote the variable of that scope; `other` than those of an op of its call. */
export function* lastWrite(
  traced: Traced,
  scope: ScopeInstance,
  variable: number,
  before: Position,
  reader: number,
  other?: number,
): Work<VariableWrite | undefined> {
  const { timeline } = traced;
  const act = callWith(traced, scope);
  const { name } = scope.file.table.variables[variable]!;
  const owner = act ?? callOf(traced, reader);
  const found = owner && watchVariable(owner, scope, name);
  if (found?.kind !== 'variable') return undefined;
  const watched = act && isOwn(scope, variable) ? { ...found, of: 'call' as const, id: act.serial } : found;
  if (other !== undefined && watched.of === 'environment') return undefined;
  const finder = without(findWrites(watched, traced.files), scope.file, other);
  const passesOver = watched.of === 'call' ? insideCallsOf(traced, watched.id) : undefined;
  if (yield* timeline.backward(before, passesOver ? { ...finder, passesOver } : finder))
    return describe(traced, variable);
  if (watched.of !== 'environment') return undefined;
  // bindings of a loop's round are a copy of the last round's, which had another number or none
  const maker = yield* environmentMaker(traced, watched.id, scope, before);
  if (!maker) return undefined;
  const own: Watched = { ...watched, of: 'call', id: maker.call };
  if (!(yield* timeline.backward(maker.before, findWrites(own, traced.files)))) return undefined;
  return describe(traced, variable);
}

function without(finder: Finder, file: LoadedFile, op: number | undefined): Finder {
  if (op === undefined) return finder;
  const sites = new Set(finder.sites);
  sites.delete(file.base + op);
  return { ...finder, sites, event: (event) => event.op !== op && finder.event?.(event) === true };
}

/** Whether a variable of a function's scope is written by that function alone, and by none in it. */
function isOwn({ file: { table, code }, scope }: ScopeInstance, variable: number): boolean {
  const { kind, function: owner } = table.scopes[scope]!;
  if (kind !== 'function') return false;
  return table.ops.every((op, index) => {
    const writes = (op.k === 'write' || op.k === 'closure' || op.k === 'catch') && op.variable === variable;
    return !writes || code.owner[index] === owner;
  });
}

/** Stretches that lie inside a call which the call made: its own variables are not written there. */
function insideCallsOf({ timeline }: Traced, serial: number): (from: Moment, to: Moment) => boolean {
  const { calls } = timeline.overview;
  return (from, to) => {
    for (let span = calls.spanAt(from) ?? -1, parent = -1; span >= 0; span = parent) {
      parent = calls.parentOf(span);
      if (parent >= 0 && calls.serial[parent] === serial) return calls.exit[span]! >= to;
    }
    return false;
  };
}

/** The call that has the scope as one of its own. */
function callWith({ timeline: { replay } }: Traced, scope: ScopeInstance): Activation | undefined {
  for (const act of [...replay.stack, ...replay.suspended.values()]) {
    for (let at: ScopeInstance | undefined = act.scope; at; at = at.parent) {
      if (at === scope) return act;
      if (at === act.functionScope) break;
    }
  }
  return undefined;
}

/** Who gave the environment its number, and when. */
function* environmentMaker(
  { timeline }: Traced,
  id: number,
  { file, scope }: ScopeInstance,
  before: Position,
): Work<{ readonly call: number; readonly before: Position } | undefined> {
  const { replay } = timeline;
  const sites = file.table.ops.flatMap((op, index) =>
    op.k === 'block' && op.environment && op.scope === scope ? [file.base + index] : [],
  );
  let call = 0;
  const found = yield* timeline.backward(before, {
    sites: new Set(sites),
    event: ({ code, activation, file: own }) => {
      if (code !== EventCode.branch || own !== file || replay.environment(id) === undefined) return false;
      const isIt = activation !== undefined && findScope(activation.scope, scope)?.environment === id;
      if (isIt) call = activation.serial;
      return isIt;
    },
  });
  return found ? { call, before: timeline.position } : undefined;
}

/** The event that the timeline stands before. */
function describe({ timeline }: Traced, variable: number): VariableWrite | undefined {
  const from = timeline.position;
  const { replay } = timeline;
  replay.step();
  const { moment, activation, file, op, code, value } = replay.event;
  timeline.seek(from);
  if (!file || !activation) return undefined;
  return {
    moment,
    call: activation.serial,
    file,
    op,
    code,
    value: code === EventCode.enter ? opaque : value,
    variable,
  };
}

interface Asked {
  readonly name: string;
  readonly found: FoundVariable;
  readonly before: Position;
}

/** The expression that a write took its value from. */
export function* writtenBy(traced: Traced, write: VariableWrite, path: Path, asked: Asked): Work<Answer> {
  const { file, call, moment } = write;
  const { name } = asked;
  const syntax = syntaxOf(traced, file);
  const op = file.table.ops[write.op];
  if (!syntax || !op || !('start' in op))
    return { kind: 'unknown', what: `The recording lacks the source that gave ${name} its value.` };
  if (write.code === EventCode.catch) return yield* throwOf(traced, write, path, name);
  const binding = bindingOf(syntax, file, op, write.variable);
  if (!binding)
    return {
      kind: 'literal',
      what: `${name} is what is declared at its definition.`,
      ...(yield* at(traced, write, syntax.within(op.start, op.end))),
    };
  if (binding.kind === 'parameter') return yield* argumentOf(traced, write, binding, path);
  if (binding.kind === 'catch') {
    const taken: Path = [...binding.steps.flatMap(({ key }) => (key === undefined ? [] : [key])), ...path];
    return yield* throwOf(traced, write, taken, name);
  }
  if (binding.kind === 'loop') return yield* roundOf(traced, write, binding, path);
  const re = yield* reenactAt(traced, call, file, syntax, binding.node, moment);
  if (binding.kind === 'none') return yield* unassigned(traced, asked.found, asked.before, name);
  return sourceOf(re, binding, path, name);
}

function* at(traced: Traced, write: VariableWrite, node: AnyNode | undefined): Work<Pick<Answer, 'at'>> {
  const syntax = node && syntaxOf(traced, write.file);
  if (!syntax) return {};
  return { at: { re: yield* reenactAt(traced, write.call, write.file, syntax, node, write.moment), node } };
}

/** The statement around a node as it ran when the event happened. */
export function* reenactAt(
  traced: Traced,
  call: number,
  file: LoadedFile,
  syntax: Syntax,
  node: AnyNode,
  event: Moment,
): Work<Reenactment> {
  const run = (yield* runWith(traced, call, file, node, event)) ?? quietRun({ call, file, syntax }, node, event);
  return new Reenactment(traced, run);
}

type Source = Extract<Binding, { kind: 'source' }>;

/** A declaration's or assignment's value, or the part of it that a pattern takes. */
function sourceOf(re: Reenactment, { node, from, steps, rest }: Source, path: Path, name: string): Answer {
  if (node.type === 'AssignmentExpression' && node.operator !== '=' && steps.length === 0) {
    const next = expression(re, node, path);
    return { kind: 'copy', what: `${name} was changed by ${nameOf(re, node)}.`, next };
  }
  if (node.type === 'UpdateExpression')
    return { kind: 'copy', what: `${name} was changed by ${nameOf(re, node)}.`, next: expression(re, node, path) };
  if (isFunction(from))
    return { kind: 'copy', what: `${name} is the function that stands there.`, next: expression(re, from, path) };
  const taken = walkPattern(re, from, steps);
  if (taken === undefined)
    return {
      kind: 'unknown',
      what: `The recording does not tell which part ${name} is, or whether it is a default.`,
      at: { re, node: from },
    };
  if (rest)
    return {
      kind: 'copy',
      what: `${name} collects the rest of ${nameOf(re, taken.node)}.`,
      next: restLead(re, taken, rest, path),
      differs: path.length === 0,
    };
  const next = expression(re, taken.node, [...taken.path, ...path]);
  if (taken.isDefault)
    return { kind: 'copy', what: `${name} is the default ${nameOf(re, taken.node)}: there was no other value.`, next };
  if (steps.some(({ key }) => key !== undefined))
    return { kind: 'copy', what: `${name} was taken out of ${nameOf(re, from)}.`, next };
  return { kind: 'copy', what: `${name} was set to ${nameOf(re, from)}.`, next };
}

export function restLead(
  re: Reenactment,
  taken: { node: AnyNode; path: Path },
  rest: { readonly from: number } | 'object',
  path: Path,
) {
  const [first, ...others] = path;
  if (typeof first !== 'string') return expression(re, taken.node, taken.path);
  const step = rest === 'object' ? first : String(Number(first) + rest.from);
  return expression(re, taken.node, [...taken.path, step, ...others]);
}

/** The steps of a pattern from its value on; a default where the value was undefined. Undefined where that is not known. */
export function walkPattern(
  re: Reenactment,
  from: AnyNode,
  steps: Source['steps'],
): { readonly node: AnyNode; readonly path: Path; readonly isDefault: boolean } | undefined {
  let isDefault = false;
  let at: ArgumentLead = { node: plain(from), path: [], value: re.valueOf(from) };
  for (const { key, fallback } of steps) {
    const part = key === undefined ? at : partOfArgument(re, at, key);
    if (!part) return undefined;
    [at, isDefault] = [part, key === undefined && isDefault];
    if (!fallback) continue;
    if (re.has(fallback) || at.value === undefined)
      [at, isDefault] = [{ node: plain(fallback), path: [], value: re.valueOf(fallback) }, true];
    else if (at.value === opaque && !isSomething(at)) return undefined;
  }
  return { node: at.node, path: at.path, isDefault };
}
