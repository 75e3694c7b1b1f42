/** The calls at a moment as a client shows them: those that run, then those that wait for them, and what began it all. */
import type { Activation } from '../../trace-runtime/src/query/activation.ts';
import type { StreamState } from '../../trace-runtime/src/query/stream-state.ts';
import { Cause } from '../../trace-runtime/src/wire/words.ts';

/** Names the same call after the replay has gone elsewhere and back. */
export interface Call {
  /** in the stack, 0 outermost; -1 of a call that waits */
  readonly depth: number;
  /** by which a call that waits is found */
  readonly id: number;
}

export type StackEntry = { readonly call: Call; readonly activation: Activation } | { readonly label: string };

/** What begins a turn, in words. */
export const CAUSES: Readonly<Record<number, string>> = {
  [Cause.microtask]: 'promise',
  [Cause.timer]: 'timer',
  [Cause.immediate]: 'setImmediate',
  [Cause.nextTick]: 'process.nextTick',
  [Cause.io]: 'input or output',
  [Cause.message]: 'message',
  [Cause.request]: 'request',
  [Cause.test]: 'test',
};

/** Innermost first. */
export function stackOf({ stack, suspended, tick }: StreamState): StackEntry[] {
  const entries: StackEntry[] = stack
    .map((activation, depth) => ({ call: { depth, id: activation.id }, activation }))
    .reverse();
  const running = new Set(stack.map(({ serial }) => serial));
  const waiting = (of: Activation | undefined): Activation | undefined => {
    const found = of && of.awaitedBy !== 0 ? suspended.get(of.awaitedBy) : undefined;
    return found && found.serial === of?.awaitedBySerial && !running.has(found.serial) ? found : undefined;
  };
  let isWaiting = false;
  for (let at = waiting(stack[0]); at !== undefined; at = waiting(at)) {
    entries.push({ label: 'await' }, { call: { depth: -1, id: at.id }, activation: at });
    running.add(at.serial);
    isWaiting = true;
  }
  const cause = tick && CAUSES[tick.cause];
  if (cause !== undefined && !isWaiting && stack.length > 0) entries.push({ label: cause });
  return entries;
}

/** undefined where the call is over */
export function findCall({ stack, suspended }: StreamState, { depth, id }: Call): Activation | undefined {
  return depth < 0 ? suspended.get(id) : stack[depth];
}
