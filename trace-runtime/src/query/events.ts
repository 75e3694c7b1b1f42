import { Uncaught } from '../wire/words.ts';
import type { LoadedFile } from './activation.ts';
import { EventCode } from './moments.ts';
import type { Moment } from './moments.ts';
import type { StreamReplay } from './replay.ts';
import type { LastEvent } from './stream-state.ts';
import type { Value } from './values.ts';

interface EventBase {
  /** the state is as just before the event */
  readonly moment: Moment;
  /** number of the call it happens in; 0 outside recorded code */
  readonly call: number;
  readonly functionName: string;
  readonly file: LoadedFile | undefined;
  /** offsets in the source as it was written; -1 where it has no place */
  readonly start: number;
  readonly end: number;
  /** calls running, the event's own included */
  readonly depth: number;
}

/** What happened, one at a time. */
export type ReplayEvent = EventBase &
  (
    | { readonly kind: 'enter' }
    | { readonly kind: 'exit'; readonly value: Value }
    /** the call was left by a throw, or its generator was closed */
    | { readonly kind: 'abrupt' }
    /** the return value is known, but a `finally` block runs first */
    | { readonly kind: 'return'; readonly value: Value }
    | { readonly kind: 'suspend'; readonly value: Value }
    | { readonly kind: 'resume' }
    | { readonly kind: 'write'; readonly variable: string; readonly value: Value }
    | { readonly kind: 'closure'; readonly variable: string; readonly value: Value }
    | { readonly kind: 'set'; readonly object: Value; readonly key: Value; readonly value: Value }
    | { readonly kind: 'delete'; readonly object: Value; readonly key: Value }
    | { readonly kind: 'this'; readonly value: Value }
    | { readonly kind: 'branch' }
    | { readonly kind: 'throw'; readonly value: Value }
    | { readonly kind: 'catch'; readonly value: Value }
    | { readonly kind: 'finally' }
    | { readonly kind: 'value'; readonly value: Value }
    /** an object was changed by code that is not recorded step by step; `operation` is the RUNTIME record's id */
    | {
        readonly kind: 'mutation';
        readonly operation: number;
        readonly object: Value;
        readonly key: Value;
        readonly value: Value;
      }
    | { readonly kind: 'output'; readonly descriptor: number; readonly text: Value }
    | { readonly kind: 'boundary'; readonly operation: string; readonly detail: Value }
    | { readonly kind: 'uncaught'; readonly reason: 'exception' | 'rejection'; readonly value: Value }
  );

export type ReplayEventKind = ReplayEvent['kind'];

/** The events from where the replay is, each given just after it was executed. */
export function* eventsOf(replay: StreamReplay, until: Moment = Infinity): Generator<ReplayEvent, void> {
  while (replay.moment < until && replay.step()) yield describeEvent(replay);
}

/** The event that the replay executed last. */
export function describeEvent(replay: StreamReplay): ReplayEvent {
  const event = replay.event;
  const code = event.file?.code;
  const base: EventBase = {
    moment: event.moment,
    call: event.activation?.serial ?? 0,
    functionName: event.activation?.site.name ?? '',
    file: event.file,
    start: code?.start[event.op] ?? -1,
    end: code?.end[event.op] ?? -1,
    depth: replay.stack.length + (hasLeft(event.code) ? 1 : 0),
  };
  const { value, object, key } = event;
  switch (event.code) {
    case EventCode.enter:
      return { ...base, kind: 'enter' };
    case EventCode.exit:
      return { ...base, kind: 'exit', value };
    case EventCode.return:
      return { ...base, kind: 'return', value };
    case EventCode.abrupt:
      return { ...base, kind: 'abrupt' };
    case EventCode.suspend:
      return { ...base, kind: 'suspend', value };
    case EventCode.resume:
      return { ...base, kind: 'resume' };
    case EventCode.write:
      return { ...base, kind: 'write', variable: variableOf(event), value };
    case EventCode.closure:
      return { ...base, kind: 'closure', variable: variableOf(event), value };
    case EventCode.set:
      return { ...base, kind: 'set', object, key, value };
    case EventCode.delete:
      return { ...base, kind: 'delete', object, key };
    case EventCode.this:
      return { ...base, kind: 'this', value };
    case EventCode.branch:
    case EventCode.none:
      return { ...base, kind: 'branch' };
    case EventCode.throw:
      return { ...base, kind: 'throw', value };
    case EventCode.catch:
      return { ...base, kind: 'catch', value };
    case EventCode.finally:
      return { ...base, kind: 'finally' };
    case EventCode.value:
      return { ...base, kind: 'value', value };
    case EventCode.mutation:
      return { ...base, kind: 'mutation', operation: Number(event.detail), object, key, value };
    case EventCode.output:
      return { ...base, kind: 'output', descriptor: Number(event.detail), text: value };
    case EventCode.boundary:
      return { ...base, kind: 'boundary', operation: String(event.detail), detail: value };
    case EventCode.uncaught:
      return {
        ...base,
        kind: 'uncaught',
        reason: event.detail === Uncaught.rejection ? 'rejection' : 'exception',
        value,
      };
  }
}

function hasLeft(code: EventCode): boolean {
  return code === EventCode.exit || code === EventCode.abrupt || code === EventCode.suspend;
}

function variableOf(event: LastEvent): string {
  const table = event.file?.table;
  const op = table?.ops[event.op];
  if (table === undefined || op === undefined || (op.k !== 'write' && op.k !== 'closure')) return '';
  return table.variables[op.variable]?.name ?? '';
}
