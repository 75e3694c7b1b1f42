/** What is known of an expression that was evaluated. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import { Ending } from '../query/call-log.ts';
import type { PropertyState } from '../query/state.ts';
import { isPrimitive, ObjectValue, opaque, SymbolValue, type Value } from '../query/values.ts';
import type { Callee } from './calls.ts';
import type { Reenactment } from './reenact.ts';
import type { InnerCall, OwnEvent } from './run.ts';
import type { Traced } from './traced.ts';

export interface Evaluated {
  /** opaque where it is not known */
  readonly value: Value;
  /** happenings of the run that lie before it */
  readonly at: number;
  /** the recorded call that gave it */
  readonly call?: InnerCall;
  /** of a native function: what it called, and what it did */
  readonly inner?: readonly InnerCall[];
  readonly events?: readonly OwnEvent[];
  /** what was called, as far as it is known */
  readonly callee?: Callee;
  /** of a call: happenings before it, once its arguments were evaluated */
  readonly before?: number;
  /** of what an assignment or an update wrote: the event */
  readonly written?: OwnEvent;
}

/** Who made a call. */
export interface Caller {
  readonly node: AnyNode;
  readonly callee: Callee;
  /** happenings before it, once its arguments were evaluated */
  readonly before: number;
  /** of a native function: which of the calls that it made, from 0 */
  readonly round: number | undefined;
}

/** An expression's facts while they are gathered. */
export type Facts = { -readonly [P in keyof Evaluated]?: Evaluated[P] };

/** What the call gave in the end, behind its last wait; opaque where it has not ended or threw. */
export function returnedBy({ traced, run }: Reenactment, { serial }: InnerCall): Value {
  const { timeline } = traced;
  const { calls } = timeline.overview;
  const span = calls.spansOf(serial).at(-1);
  if (span === undefined || calls.endingOf(span) !== Ending.returned || calls.exit[span]! >= run.until) return opaque;
  timeline.seekMoment(calls.exit[span]!);
  timeline.replay.step();
  const { value } = timeline.replay.event;
  return isPrimitive(value) ? value : opaqueIfPromise(traced, value);
}

function opaqueIfPromise({ reader }: Traced, value: Value): Value {
  return value instanceof ObjectValue && reader.object(value)?.typeName === 'Promise' ? opaque : value;
}

export function isCallOf(
  { file, functionIndex, early }: InnerCall,
  code: { readonly file: LoadedFile; readonly index: number },
): boolean {
  return !early && file.hash === code.file.hash && functionIndex === code.index;
}

/** `value instanceof type`: opaque where the recording does not tell, or code of the program would have to. */
export function isInstance({ reader }: Traced, value: Value, type: Value): Value {
  if (!(type instanceof ObjectValue) || reader.typeOf(type) !== 'function') return opaque;
  const decides = ({ key }: PropertyState): boolean =>
    key instanceof SymbolValue && key.description === 'Symbol.hasInstance';
  for (let at: Value = type; at instanceof ObjectValue; at = reader.object(at)?.prototype ?? null)
    if (reader.object(at)?.properties.some(decides)) return opaque;
  const prototype = reader.property(type, 'prototype')?.value;
  if (!(prototype instanceof ObjectValue)) return opaque;
  if (isPrimitive(value)) return false;
  for (let at: Value = value; at instanceof ObjectValue;) {
    const object = reader.object(at);
    if (!object || object.kind === 'proxy') return opaque;
    at = object.prototype;
    if (at === prototype) return true;
    if (at === null) return false;
  }
  return opaque;
}
