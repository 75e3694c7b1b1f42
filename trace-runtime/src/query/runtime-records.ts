import { Clock, Runtime } from '../wire/words.ts';
import { forgetHandover, goOn } from './delegation.ts';
import { defineOwn, setProperty } from './heap-set.ts';
import { EventCode } from './moments.ts';
import { end, followArguments } from './site-records.ts';
import type { StreamState } from './stream-state.ts';
import { ObjectValue, opaque, toKey } from './values.ts';
import type { Value } from './values.ts';

/**
 * Begins a RUNTIME record. Returns the progress that it carries, 0 where it carries none; undefined where the record
 * is no event, and was applied at once.
 */
export function runtimeHeader(state: StreamState, id: number): number | undefined {
  const { decoder } = state;
  switch (id) {
    case Runtime.file:
      loadFile(state);
      return undefined;
    case Runtime.tick:
      beginTick(state);
      return undefined;
    case Runtime.caseStart:
      beginCase(state);
      return undefined;
    case Runtime.caseEnd:
      endCase(state);
      return undefined;
    case Runtime.ledger:
      decoder.int();
      state.declareLine(decoder.text());
      return undefined;
    case Runtime.hashes:
    case Runtime.loopHashes:
      for (let i = 0; i < 4; i++) decoder.int();
      return undefined;
    case Runtime.check: {
      const check = (decoder.int() << 16) | decoder.int();
      state.overview?.checks.push({ tick: state.tick?.number ?? 0, check });
      return undefined;
    }
    case Runtime.activations: {
      const kind = decoder.int();
      const count = (decoder.int() << 16) | decoder.int();
      state.overview?.activations.push({ tick: state.tick?.number ?? 0, kind, count });
      return undefined;
    }
    case Runtime.end:
      state.exitCode = decoder.int();
      state.failures.exited(state, state.exitCode);
      return undefined;
    case Runtime.uncaught:
      return 0;
    case Runtime.resume:
      state.resumed = decoder.int();
      return decoder.int();
    case Runtime.abrupt:
    case Runtime.leave:
    case Runtime.output:
    case Runtime.boundary:
    case Runtime.clock:
    case Runtime.random:
    case Runtime.set:
    case Runtime.delete:
    case Runtime.define:
    case Runtime.push:
    case Runtime.splice:
    case Runtime.elements:
    case Runtime.mapSet:
    case Runtime.mapDelete:
    case Runtime.mapClear:
    case Runtime.setPrototype:
    case Runtime.freeze:
    case Runtime.dateSet:
    case Runtime.bytes:
      return decoder.int();
    default:
      state.problem(`The stream holds a record of unknown kind ${id}.`);
      return undefined;
  }
}

/** Clocks that give two numbers. */
const PAIRS: ReadonlySet<number> = new Set([Clock.hrtime, Clock.hrtimeBigint, Clock.mark]);

/** Applies the record whose header was read; the innermost activation has been walked to its progress. */
export function applyRuntime(state: StreamState): void {
  const { decoder } = state;
  const id = state.recordId;
  state.justLeft = undefined;
  const top = state.stack[state.stack.length - 1];
  if (id === Runtime.resume) {
    resume(state);
    forgetHandover(state);
    return;
  }
  forgetHandover(state);
  switch (id) {
    case Runtime.abrupt: {
      const top = state.leaveBodies();
      if (top === undefined) {
        if (!state.leftEarly) state.problem('A call ended by a throw, but none was running.');
        return;
      }
      state.count(EventCode.abrupt, top, top.file, top.position);
      state.failures.abrupt(state, top);
      end(state, opaque);
      return;
    }
    case Runtime.leave: {
      if (top === undefined) {
        state.problem('A call ended, but none was running.');
        return;
      }
      state.count(EventCode.exit, top, top.file, top.position).value = top.returnValue;
      end(state, top.returnValue);
      return;
    }
    case Runtime.output: {
      const fd = decoder.int();
      const event = state.count(EventCode.output, top, top?.file, top?.position ?? 0);
      event.detail = fd;
      event.value = decoder.value();
      state.overview?.note(state);
      if (typeof event.value === 'string' && !state.settled) state.failures.printed.saw(state, fd, event.value);
      return;
    }
    case Runtime.boundary: {
      const kind = decoder.text();
      const value = decoder.value();
      const event = state.count(EventCode.boundary, top, top?.file, top?.position ?? 0);
      event.detail = kind;
      event.value = value;
      if (kind === 'environment') state.startedWith ??= String(value);
      state.requests.saw(state, kind, String(value));
      state.overview?.messages.see(kind, event.moment, () => String(value));
      if (kind === 'process.exit') state.failures.exitCodeGiven(state, Number(/\d+/.exec(String(value))));
      return;
    }
    case Runtime.clock: {
      const kind = decoder.int();
      const value = decoder.value();
      const event = state.count(EventCode.boundary, top, top?.file, top?.position ?? 0);
      event.detail = 'clock';
      event.index = kind;
      event.value = value;
      if (PAIRS.has(kind)) event.key = decoder.value();
      return;
    }
    case Runtime.random: {
      const value = decoder.value();
      const event = state.count(EventCode.boundary, top, top?.file, top?.position ?? 0);
      event.detail = 'random';
      event.value = value;
      return;
    }
    case Runtime.uncaught: {
      const kind = decoder.int();
      const value = decoder.value();
      const event = state.count(EventCode.uncaught, top, top?.file, top?.position ?? 0);
      event.detail = kind;
      event.value = value;
      state.failures.uncaught(state, kind, value);
      state.overview?.note(state);
      // it left everything that was running
      if (!state.cursor.ended) state.leaveSilently(0, 'as an error left the program');
      return;
    }
    default:
      mutate(state, id);
      followArguments(state, state.event.object);
  }
}

/** A change of an object by code that is not recorded step by step. */
function mutate(state: StreamState, id: number): void {
  const { decoder, heap, cursor } = state;
  const top = state.stack[state.stack.length - 1];
  const object = decoder.value();
  const event = state.count(EventCode.mutation, top, top?.file, top?.position ?? 0);
  event.object = object;
  event.key = undefined;
  event.value = undefined;
  event.items = undefined;
  event.detail = id;
  event.index = 0;
  const target = object instanceof ObjectValue ? object : undefined;
  const contents = target === undefined ? undefined : heap.get(target);
  heap.writtenTo(object);
  switch (id) {
    case Runtime.set: {
      event.key = decoder.value();
      decoder.given = event.key === 'prototype' ? object : undefined;
      event.value = decoder.value();
      decoder.given = undefined;
      setProperty(heap, object, event.key, event.value);
      if (event.key === 'stack' && target !== undefined) state.failures.stackMade(state, target);
      return;
    }
    case Runtime.delete: {
      const key = toKey((event.key = decoder.value()));
      if (target !== undefined && key !== undefined) heap.delete(target, key);
      return;
    }
    case Runtime.define: {
      const name = (event.key = decoder.value());
      decoder.given = name === 'prototype' ? object : undefined;
      const value = decoder.contents();
      decoder.given = undefined;
      const attributes = decoder.int();
      if ('accessor' !== (value as { kind?: string } | null | undefined)?.kind) event.value = value as Value;
      const key = toKey(name);
      if (target === undefined || key === undefined) return;
      if (attributes === 7) defineOwn(heap, object, name, value);
      else heap.defineProperty(target, key, value, attributes);
      return;
    }
    case Runtime.push: {
      const items = (event.items = decoder.values(decoder.int()));
      event.index = contents?.elements?.length ?? 0;
      if (!cursor.ended && target !== undefined) heap.push(target, items);
      return;
    }
    case Runtime.splice: {
      const start = (event.index = decoder.int());
      const removed = decoder.int();
      const items = (event.items = decoder.values(decoder.int()));
      if (!cursor.ended && target !== undefined) heap.splice(target, start, removed, items);
      return;
    }
    case Runtime.elements: {
      const items = (event.items = decoder.values(decoder.int()));
      if (!cursor.ended && target !== undefined) heap.setElements(target, items);
      return;
    }
    case Runtime.mapSet: {
      event.key = decoder.value();
      event.value = decoder.value();
      if (contents !== undefined) heap.entriesOf(contents, event.key, false).set(event.key, event.value);
      return;
    }
    case Runtime.mapDelete:
      event.key = decoder.value();
      if (contents?.entries?.has(event.key) === true) heap.entriesOf(contents, event.key, true).delete(event.key);
      return;
    case Runtime.mapClear:
      if (contents?.entries !== undefined) heap.change(contents).entries = new Map();
      return;
    case Runtime.setPrototype:
      event.value = decoder.value();
      if (contents !== undefined && !cursor.ended) heap.change(contents).prototype = event.value;
      return;
    case Runtime.freeze: {
      const level = decoder.int();
      if (target !== undefined) heap.freeze(target, level);
      return;
    }
    case Runtime.dateSet:
      event.value = decoder.value();
      if (contents !== undefined && !cursor.ended) heap.change(contents).inner = event.value;
      return;
    default: {
      const offset = decoder.int();
      const bytes = decoder.bytes(decoder.int());
      event.index = offset;
      event.length = bytes.length;
      if (target !== undefined && !cursor.ended) heap.setBytes(target, offset, bytes);
    }
  }
}

function resume(state: StreamState): void {
  let op = state.decoder.int();
  const byFinally = state.resumed < 0;
  const id = Math.abs(state.resumed);
  const act = state.suspended.get(id);
  if (act === undefined) {
    const top = state.stack[state.stack.length - 1];
    // it was about to suspend when what it would have waited for threw
    if (top !== undefined && top.id === id) top.at = op;
    else state.problem(`Activation ${id} went on, but it was not suspended.`);
    return;
  }
  if (op < 0 || op >= act.file.code.count) {
    state.problem(`Activation ${id} went on at op ${op}, which ${act.file.path} does not have.`);
    op = act.position;
  }
  state.forget(id);
  state.heap.journal.touch(act);
  act.suspended = false;
  const waited = act.file.table.ops[op];
  if (byFinally) act.threwAt = act.pc;
  act.at = op;
  act.position = op;
  state.count(EventCode.resume, act, act.file, op);
  // what waits for a promise is closed by nobody: where no throw was seen that it may be of, it begins there
  const isAwait = waited?.k === 'suspend' && (waited.kind === 'await' || waited.kind === 'close');
  if (byFinally && !(isAwait && state.failures.sawNone)) state.failures.closing(state, act);
  goOn(state, act, op, byFinally);
  state.stack.push(act);
  state.overview?.recorder?.follow(state);
}

function loadFile(state: StreamState): void {
  const base = state.decoder.int();
  const count = state.decoder.int();
  const hash = state.decoder.text();
  const path = state.decoder.text();
  const how = state.decoder.int();
  if (!state.cursor.ended) state.loadFile(base, count, hash, path, how);
}

function beginTick(state: StreamState): void {
  const number = state.decoder.int();
  const cause = state.decoder.int();
  const causeTick = state.decoder.int();
  const time = state.decoder.value();
  if (state.cursor.ended) return;
  state.leaveSilently(0, 'before a turn of the event loop');
  const milliseconds = typeof time === 'number' ? time : 0;
  state.tick = { number, cause, causeTick, milliseconds, moment: state.moment };
  state.overview?.ticks.add(state.tick);
  state.failures.turn();
  state.requests.turn(state);
}

function beginCase(state: StreamState): void {
  const { decoder } = state;
  const id = decoder.int();
  const parent = decoder.int();
  const name = decoder.text();
  const file = state.placed(decoder.text());
  const line = decoder.int();
  if (state.cursor.ended || state.settled) return;
  state.cases.push({
    kind: 'test',
    id,
    parent,
    name,
    file,
    line,
    first: state.moment,
    last: undefined,
    outcome: undefined,
    error: undefined,
    milliseconds: undefined,
  });
}

function endCase(state: StreamState): void {
  const id = state.decoder.int();
  const outcome = state.decoder.int();
  const error = state.decoder.value();
  const milliseconds = state.decoder.value();
  const facts = state.cases.findLast((c) => c.id === id);
  if (state.cursor.ended || state.settled) return;
  if (facts === undefined) {
    state.problem(`Case ${id} ended, but it had not begun.`);
    return;
  }
  facts.last = state.moment;
  facts.outcome = outcome;
  facts.error = error;
  facts.milliseconds = typeof milliseconds === 'number' ? milliseconds : undefined;
  state.failures.caseEnded(state, facts);
}
