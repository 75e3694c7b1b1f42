import type { LoadedFile, ScopeInstance } from './activation.ts';
import { appended } from './derive.ts';
import { Activation, changeFile, valuesOf } from './activation.ts';
import { F, K } from './code.ts';
import { defineClosure } from './closures.ts';
import { answer, delegate, forgetHandover, leaveStack, readOn } from './delegation.ts';
import { findScope } from './derive.ts';
import { defineOwn, setProperty, tookWrite } from './heap-set.ts';
import { assignElement, assignParameters, mapArguments } from './mapped-arguments.ts';
import { EventCode } from './moments.ts';
import { beyondProxies } from './proxies.ts';
import { enterScope, newScope, thisScope, unwindScopes, withClass } from './scopes.ts';
import type { StreamState } from './stream-state.ts';
import { ObjectValue, opaque, toKey, uninitialised } from './values.ts';
import type { Value } from './values.ts';

/** The value of a slot: by its rule, or from the record. */
function slot(
  state: StreamState,
  act: Activation | undefined,
  code: LoadedFile['code'],
  op: number,
  index: number,
): Value {
  const rule = code.rules[op]?.[index];
  if (rule === undefined) return state.decoder.value();
  if (act === undefined) return opaque;
  return rule(act.scope, state.heap);
}

/** Executes a write or set that the program did not record. */
export function executeWalked(state: StreamState, act: Activation, op: number): void {
  const code = act.file.code;
  if (code.kind[op] === K.write) {
    const rule = code.rules[op]![0]!;
    const value = rule(act.scope, state.heap);
    state.count(EventCode.write, act, act.file, op).value = value;
    writePlace(state, act, code.a[op]!, code.b[op]!, value);
    return;
  }
  const object = slot(state, act, code, op, 0);
  const key = slot(state, act, code, op, 1);
  const { justLeft } = state;
  state.justLeft = undefined;
  applySet(state, act, act.file, op, object, key, slot(state, act, code, op, 2), justLeft);
}

function writePlace(state: StreamState, act: Activation, scope: number, at: number, value: Value): void {
  const instance = act.scope.scope === scope ? act.scope : findScope(act.scope, scope);
  // a record that the stream's end cuts changes nothing
  if (state.cursor.ended) return;
  if (instance !== undefined) {
    valuesOf(state.heap.journal, instance)[at] = value;
    if (instance.mapped !== undefined) assignElement(state.heap, instance.mapped, at, value);
  } else
    state.problem(`A variable of ${act.site.name || 'a function'} in ${act.file.path} was written outside its scope.`);
}

/** By an initialiser: its function's activation knows its surroundings, where it has one; else the variable is the file's. */
function writeOutside(state: StreamState, file: LoadedFile, scope: number, at: number, value: Value): void {
  const top = state.stack[state.stack.length - 1];
  const around = top?.early === true && top.file === file ? findScope(top.scope, scope) : undefined;
  const holder = around ?? (file.moduleScope?.scope === scope ? file.moduleScope : undefined);
  if (holder !== undefined && !state.cursor.ended) valuesOf(state.heap.journal, holder)[at] = value;
}

function readPlace(act: Activation, scope: number, at: number): Value | undefined {
  const instance = act.scope.scope === scope ? act.scope : findScope(act.scope, scope);
  return instance?.values[at];
}

function applySet(
  state: StreamState,
  act: Activation | undefined,
  file: LoadedFile,
  op: number,
  object: Value,
  key: Value,
  old: Value,
  justLeft?: Activation,
): void {
  const delta = file.code.b[op]!;
  const value =
    delta === 0 ? old : typeof old === 'bigint' ? old + BigInt(delta) : typeof old === 'number' ? old + delta : opaque;
  const event = state.count(EventCode.set, act, file, op);
  event.object = object;
  event.key = key;
  event.value = value;
  if (key === 'exitCode') state.failures.exitCodeGiven(state, value);
  if (state.cursor.ended) return;
  state.heap.writtenTo(object);
  if (typeof key === 'string' && file.code.privateAccessors.has(key) && !ownsKey(state, object, key)) return;
  if ((file.code.flags[op]! & F.define) !== 0) defineOwn(state.heap, object, key, value);
  else if (justLeft === undefined || !tookWrite(state.heap, justLeft, object, key))
    setProperty(state.heap, object, key, value);
  followArguments(state, object);
}

/** What an arguments object's change means for parameters. */
export function followArguments({ heap }: StreamState, object: Value): void {
  const contents = object instanceof ObjectValue ? heap.get(object) : undefined;
  if (contents?.mapped !== undefined) assignParameters(heap, contents, contents.mapped);
}

/** Applies the site record whose header was read; the walk has come to its op. */
export function applySite(state: StreamState): void {
  const file = state.recordFile!;
  const op = state.recordOp;
  const act = state.recordActivation;
  const { code } = file;
  const { decoder, justLeft } = state;
  state.justLeft = undefined;
  const returning = act?.returnedAt === op;
  if (act !== undefined && code.kind[op] !== K.enter && code.kind[op] !== K.early) {
    const around = code.around[op]!;
    // a jump or a throw may have left scopes
    if (around >= 0 && act.scope.scope !== around && act.scope !== act.functionScope) unwindScopes(act, around);
    act.pc = op + 1;
    act.returnedAt = -1;
    act.threwAt = -1;
  }
  if (code.kind[op] === K.enter || code.kind[op] === K.early) {
    enter(state, file, op);
    forgetHandover(state);
    return;
  }
  forgetHandover(state);
  switch (code.kind[op]) {
    case K.block: {
      const flags = code.flags[op]!;
      const id = (flags & F.environment) !== 0 ? decoder.int() : 0;
      state.count(EventCode.branch, act, file, op);
      if (act === undefined) return;
      if ((flags & F.loop) !== 0) act.at = -1;
      if ((flags & F.enters) !== 0) enterScope(state.heap.journal, act, code.a[op]!);
      if (id !== 0) identify(state, findScope(act.scope, code.a[op]!), id);
      return;
    }
    case K.write: {
      const guarded = (code.flags[op]! & F.guarded) !== 0;
      const recorded = guarded ? decoder.value() : slot(state, act, code, op, 0);
      const appends = (code.flags[op]! & F.appends) !== 0;
      const value = appends ? appended(act && readPlace(act, code.a[op]!, code.b[op]!), recorded) : recorded;
      state.count(EventCode.write, act, file, op).value = value;
      if (act !== undefined) writePlace(state, act, code.a[op]!, code.b[op]!, value);
      else writeOutside(state, file, code.a[op]!, code.b[op]!, value);
      return;
    }
    case K.set: {
      const object = slot(state, act, code, op, 0);
      const key = slot(state, act, code, op, 1);
      decoder.given = key === 'prototype' ? object : undefined;
      const value = slot(state, act, code, op, 2);
      decoder.given = undefined;
      applySet(state, act, file, op, object, key, value, justLeft);
      return;
    }
    case K.delete: {
      const object = slot(state, act, code, op, 0);
      const key = slot(state, act, code, op, 1);
      const event = state.count(EventCode.delete, act, file, op);
      event.object = object;
      event.key = key;
      const name = toKey(key);
      state.heap.writtenTo(object);
      const target = object instanceof ObjectValue ? beyondProxies(state.heap, object, ['deleteProperty']) : undefined;
      if (target !== undefined && name !== undefined) state.heap.delete(target, name);
      followArguments(state, object);
      return;
    }
    case K.closure: {
      const value = decoder.value();
      state.count(EventCode.closure, act, file, op).value = value;
      if (value instanceof ObjectValue && !state.cursor.ended)
        defineClosure(state, file, code.partner[op]!, value, act?.scope);
      if (act !== undefined && code.a[op]! >= 0) writePlace(state, act, code.a[op]!, code.b[op]!, value);
      return;
    }
    case K.this:
    case K.fields:
      becomeThis(state, act, file, op);
      return;
    case K.return: {
      const value = slot(state, act, code, op, 0);
      const event = state.count((code.flags[op]! & F.pending) !== 0 ? EventCode.return : EventCode.exit, act, file, op);
      event.value = value;
      if (act === undefined) return;
      act.position = op;
      if ((code.flags[op]! & F.pending) !== 0) {
        act.returnValue = value;
        act.returnedAt = act.pc;
        return;
      }
      event.value = resultOf(act, value);
      end(state, value);
      return;
    }
    case K.exit: {
      const event = state.count(EventCode.exit, act, file, op);
      if (act === undefined) return;
      act.position = op;
      event.value = resultOf(act, undefined);
      end(state, undefined);
      return;
    }
    case K.throw: {
      const value = decoder.value();
      state.count(EventCode.throw, act, file, op).value = value;
      if (act !== undefined) {
        act.position = op;
        act.threwAt = act.pc;
      }
      state.failures.thrown(state, value, act);
      state.overview?.note(state);
      return;
    }
    case K.catch: {
      const value = decoder.value();
      state.count(EventCode.catch, act, file, op).value = value;
      state.failures.caught(state, value, act);
      state.overview?.note(state);
      if (act === undefined) return;
      const scope = code.partner[op]!;
      if (scope >= 0) enterScope(state.heap.journal, act, scope);
      if (code.a[op]! >= 0) writePlace(state, act, code.a[op]!, code.b[op]!, value);
      return;
    }
    case K.finally:
      state.count(EventCode.finally, act, file, op);
      if (act === undefined) return;
      // in the round before it said that it came to its end
      if (code.kind[act.at] === K.endFinally && code.partner[act.at] === op) act.at = -1;
      state.failures.finally(state, act, op);
      return;
    case K.suspend: {
      const value = decoder.value();
      const asks = (code.flags[op]! & (F.delegates | F.round | F.closes)) !== 0;
      const result = asks && value === false ? decoder.value() : undefined;
      const event = state.count(EventCode.suspend, act, file, op);
      event.value = value;
      if (act === undefined) return;
      act.position = op;
      act.suspended = true;
      if (returning) act.returnedAt = act.pc;
      if (act.id !== 0) state.suspend(act);
      leaveStack(state);
      if (asks) delegate(state, act, op, value, result);
      return;
    }
    case K.numeric:
      if (act !== undefined) act.numericEnd = 0;
      return;
    case K.value: {
      const value = decoder.value();
      state.count(EventCode.value, act, file, op).value = value;
      return;
    }
    default:
      state.problem(`A record of op ${op} in ${file.path} came, which never emits one.`);
  }
}

function ownsKey(state: StreamState, object: Value, key: string): boolean {
  return object instanceof ObjectValue && state.heap.get(object)?.properties.has(key) === true;
}

function enter(state: StreamState, file: LoadedFile, op: number): void {
  const { code, table } = file;
  const { decoder } = state;
  const flags = code.flags[op]!;
  const index = code.a[op]!;
  const site = table.functions[index]!;
  const { journal } = state.heap;
  const { era } = journal;
  let outer = file.lastClosure(index) ?? file.moduleScope;
  if ((flags & F.outerEnvironment) !== 0) {
    const around = decoder.int();
    outer = (around === 0 ? unboundScope(state, file, site.outer) : state.environment(around)) ?? outer;
  }
  const id = (flags & F.environment) !== 0 ? decoder.int() : 0;
  if (index !== 0 && outer === undefined)
    outer = changeFile(journal, file, index).moduleScope = newScope(file, table.functions[0]!.scope, undefined, era);
  if (outer !== undefined) outer = withClass(outer, code.classScope[index]!);
  const scope = newScope(file, site.scope, index === 0 ? undefined : outer, era);
  if (index === 0) changeFile(journal, file, index).moduleScope = scope;
  const act = new Activation(file, index, site, scope, scope, ++state.activations);
  act.era = era;
  if (id !== 0) {
    identify(state, scope, id);
    if (site.async || site.generator || index === 0) act.id = id;
    if (site.async) awaitedBy(state, act);
  }
  const event = state.count(EventCode.enter, act, file, op);
  if (site.kind !== 'arrow') {
    scope.hasThis = true;
    scope.thisValue = site.kind === 'derivedConstructor' ? uninitialised : opaque;
  }
  if ((flags & F.this) !== 0) {
    scope.hasThis = true;
    scope.thisValue = decoder.value();
  }
  if ((flags & F.newTarget) !== 0) act.newTarget = decoder.value();
  for (const place of code.parameters[op]!) {
    const value = decoder.value();
    if (place.scope === scope.scope) scope.values[place.slot] = value;
    else if (place.scope >= 0) around(scope, place.scope).values[place.slot] = value;
  }
  if ((flags & F.arguments) !== 0) {
    const value = decoder.value();
    if (value instanceof ObjectValue) {
      act.argumentsObject = value;
      const own = code.parameters[op]!.filter((place) => place.scope === scope.scope);
      const simple = own.length === site.parameters.length;
      if (!site.strict && simple) mapArguments(state.heap, value, scope, own);
    }
  }
  event.activation = act;
  if (code.kind[op] === K.early) beginEarly(act, (flags & F.fields) !== 0);
  else answer(state, act);
  state.stack.push(act);
  state.overview?.recorder?.follow(state);
}

/** The scope of a function whose parameters are being bound: functions among them run that have no environment yet. */
function unboundScope({ stack }: StreamState, file: LoadedFile, scope: number): ScopeInstance | undefined {
  const binding = stack.findLast((act) => act.early && act.file === file && findScope(act.scope, scope) !== undefined);
  return binding && findScope(binding.scope, scope);
}

function awaitedBy({ stack }: StreamState, act: Activation): void {
  for (let at = stack.length - 1; at >= 0; at--) {
    const { id, serial } = stack[at]!;
    if (id === 0) continue;
    act.awaitedBy = id;
    act.awaitedBySerial = serial;
    return;
  }
}

/** What is not initialised yet, and what a constructor's arguments are, is not known. */
function beginEarly(act: Activation, fields: boolean): void {
  act.early = true;
  const { file, scope } = act;
  const { scopes, variables } = file.table;
  scopes[scope.scope]!.variables.forEach((variable, slot) => {
    if (variables[variable]!.kind !== 'parameter') return;
    if (fields) scope.values[slot] = opaque;
    else if (scope.values[slot] === undefined) scope.values[slot] = uninitialised;
  });
}

/** The scope that holds a function expression's own name, between the function and its surroundings. */
function around(scope: ScopeInstance, index: number): ScopeInstance {
  if (scope.parent?.scope === index) return scope.parent;
  return (scope.parent = newScope(scope.file, index, scope.parent, scope.era));
}

function identify(state: StreamState, scope: ScopeInstance | undefined, id: number): void {
  if (scope === undefined) {
    state.problem(`Environment ${id} belongs to a scope that is not entered.`);
    return;
  }
  state.heap.journal.touch(scope);
  scope.environment = id;
  state.heap.journal.numbered(state.environments, id);
  state.environments.set(id, scope);
  if (id > state.highestEnvironment) state.highestEnvironment = id;
}

function becomeThis(state: StreamState, act: Activation | undefined, file: LoadedFile, op: number): void {
  const value = state.decoder.value();
  const count = state.decoder.int();
  const event = state.count(EventCode.this, act, file, op);
  event.value = value;
  for (let i = 0; i < count && !state.cursor.ended && !state.decoder.failed; i++) {
    const key = state.decoder.value();
    const contents = state.decoder.value();
    if (!state.cursor.ended) defineOwn(state.heap, value, key, contents);
  }
  if (act === undefined || file.code.kind[op] === K.fields) return;
  const scope = thisScope(act.scope);
  state.heap.journal.touch(scope);
  scope.hasThis = true;
  scope.thisValue = value;
}

/** What the call's expression got: a constructor's is `this` unless it returned an object. */
export function resultOf(act: Activation, value: Value): Value {
  const constructs = act.site.kind === 'constructor' || act.site.kind === 'derivedConstructor';
  if ((!constructs && !(act.newTarget instanceof ObjectValue)) || value instanceof ObjectValue) return value;
  return act.functionScope.thisValue;
}

/** The innermost activation ends; with a value, or by a throw (`opaque`). */
export function end(state: StreamState, value: Value): void {
  const act = leaveStack(state);
  if (act === undefined) return;
  state.justLeft = act;
  if (act.id !== 0) state.forget(act.id);
  if (act.reads !== 0) readOn(state, act.reads, value);
}
