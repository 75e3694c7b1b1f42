/** Changes of a variable or property over time: what they gave it, and where a value was before it came there. */
import { creationOf } from '../../trace-runtime/src/analysis/creation.ts';
import type { Traced } from '../../trace-runtime/src/analysis/traced.ts';
import type { Activation, LoadedFile, ScopeInstance } from '../../trace-runtime/src/query/activation.ts';
import { findScope } from '../../trace-runtime/src/query/derive.ts';
import type { Position } from '../../trace-runtime/src/query/timeline.ts';
import { ObjectValue, type Accessor, type Value } from '../../trace-runtime/src/query/values.ts';
import { findWrites, watchVariable, type Watched } from '../../trace-runtime/src/query/watched.ts';
import type { RecordedThread } from './recorded-thread.ts';
import type { Progress } from './work.ts';

export type Direction = 'previous' | 'next';

/** Copies that are followed to where a value came from. */
const HOPS = 1000;

const MEMBER = /^(.+?)(?:\??\.(#?[\p{ID_Start}$_][\p{ID_Continue}$]*)|\[\s*(\d+|"[^"\\]*"|'[^'\\]*')\s*\])$/su;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** What an expression in a call's scopes names: a variable, or a property of a recorded object. No code runs. */
export function watchExpression(thread: RecordedThread, call: Activation, expression: string): Watched | undefined {
  const text = expression.trim();
  if (NAME.test(text)) {
    for (let scope: ScopeInstance | undefined = call.scope; scope !== undefined; scope = scope.parent) {
      const found = watchVariable(call, scope, text);
      if (found) return found;
    }
    return undefined;
  }
  const [, of, name, index] = MEMBER.exec(text) ?? [];
  if (of === undefined) return undefined;
  const evaluated = thread.evaluator.evaluate(call, of, { sandbox: undefined });
  if ('fault' in evaluated || !(evaluated.value instanceof ObjectValue)) return undefined;
  return { kind: 'property', name: name ?? index!.replace(/^["']|["']$/g, ''), object: evaluated.value.id };
}

/** Goes to the nearest write that it does not stand before, and stands before it; false where there is none. */
export function* toChange(thread: RecordedThread, watched: Watched, direction: Direction): Progress<boolean> {
  const { timeline } = thread;
  const find = findWrites(watched, thread.files);
  if (direction === 'previous') return yield* timeline.backward(timeline.position, find);
  timeline.replay.step();
  return yield* timeline.forward(find);
}

/**
 * Goes to the write that the value came from: the last one, and on through writes that only copied it from another
 * variable, and through parameters to the call that passed it. A property that nothing recorded has written came with its
 * object: goes to the statement that made that. False where the recording does not show it. `traced`: of the thread.
 */
export function* toOrigin(thread: RecordedThread, traced: Traced, watched: Watched): Progress<boolean> {
  const { timeline } = thread;
  const from = timeline.position;
  if (!(yield* timeline.backward(from, findWrites(watched, thread.files)))) {
    return watched.kind === 'property' && (yield* toMaker(traced, from, watched.object));
  }
  for (let hops = 0; hops < HOPS; hops++) {
    const from = timeline.position;
    const copied = copiedFrom(thread);
    if (!copied) return true;
    if (!(yield* timeline.backward(timeline.position, findWrites(copied, thread.files)))) {
      timeline.seek(from);
      return true;
    }
  }
  return true;
}

/** Goes to the statement that made the object, if it began before. */
function* toMaker(traced: Traced, before: Position, object: number): Progress<boolean> {
  const { timeline } = traced;
  timeline.seek(before);
  const value = timeline.replay.heap.value(object);
  const made = value instanceof ObjectValue ? yield* creationOf(traced, value) : undefined;
  const begun = made?.lead.re.run.from;
  if (!begun || begun.moment > before.moment) return false;
  timeline.seek(begun);
  return true;
}

/** The variable that the write, which it stands before, copies. */
function copiedFrom(thread: RecordedThread): Watched | undefined {
  const { timeline } = thread;
  const from = timeline.position;
  const call = timeline.replay.stack.at(-1);
  timeline.replay.step();
  const { activation, file, op: at, code } = timeline.replay.event;
  timeline.seek(from);
  const op = file?.table.ops[at];
  if (!call || !file || op?.k !== 'write' || activation?.serial !== call.serial || code === 0) return undefined;
  const { value } = op;
  if (value.from !== 'derived' || value.rule.e !== 'variable') return undefined;
  const site = file.table.variables[value.rule.variable];
  if (!site) return undefined;
  const scope = findScope(call.scope, site.scope);
  return scope && watchVariable(call, scope, site.name);
}

/** What it holds where the thread stands; undefined where its call is over or its object gone. */
export function valueOf(
  { timeline: { replay }, reader }: RecordedThread,
  watched: Watched,
): { readonly value: Value | Accessor } | undefined {
  if (watched.kind === 'property') {
    const object = replay.heap.value(watched.object);
    return object instanceof ObjectValue ? reader.property(object, watched.name) : undefined;
  }
  const instance = instanceOf(replay, watched);
  if (!instance) return undefined;
  const slot = instance.file.table.scopes[instance.scope]?.variables.indexOf(watched.variable) ?? -1;
  return slot < 0 ? undefined : { value: replay.links.variable(instance, slot) };
}

function instanceOf(
  replay: RecordedThread['timeline']['replay'],
  { of, id, variable }: Extract<Watched, { kind: 'variable' }>,
): ScopeInstance | undefined {
  if (of === 'environment') return replay.environment(id);
  if (of === 'file') return replay.files.find(({ base }) => base === id)?.moduleScope;
  const calls = [...replay.stack, ...replay.suspended.values()];
  const call = calls.find(({ serial }) => serial === id);
  return call && findScope(call.scope, call.file.table.variables[variable]?.scope ?? -1);
}

/** One change: the place before it, and what it gave. */
export interface Change {
  readonly position: Position;
  /** the place of the source that writes; undefined where there is none */
  readonly at: { readonly file: LoadedFile; readonly offset: number } | undefined;
  readonly given: ReturnType<typeof valueOf>;
}

/** Visits the nearest changes in a direction while the thread stands behind each; the nearest first. */
export function* eachChange(
  thread: RecordedThread,
  watched: Watched,
  direction: Direction,
  count: number,
  visit: (change: Change) => void,
): Progress<void> {
  const { timeline } = thread;
  for (let found = 0; found < count; found++) {
    // what it stands before at first is still to come
    const isThere =
      found === 0 && direction === 'next'
        ? yield* timeline.forward(findWrites(watched, thread.files))
        : yield* toChange(thread, watched, direction);
    if (!isThere) return;
    const { position, replay } = timeline;
    const call = replay.stack.at(-1);
    replay.step();
    const { file = call?.file, op } = replay.event;
    const offset = file?.code.start[op || (call?.position ?? 0)];
    visit({
      position,
      at: file && offset !== undefined ? { file, offset } : undefined,
      given: valueOf(thread, watched),
    });
    timeline.seek(position);
  }
}
