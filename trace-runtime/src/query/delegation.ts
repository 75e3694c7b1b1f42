/**
 * Who stands below a generator's body. `yield*` and `for await` ask another object for values while they are on the
 * stack, but no code of theirs runs there that could say so: they are put below who answers.
 */
import type { Activation, Delegation, ResultRead } from './activation.ts';
import { F } from './code.ts';
import { truthy } from './derive.ts';
import { propertyRead, type PropertyRead } from './property-reads.ts';
import { clearScope } from './scopes.ts';
import type { StreamState } from './stream-state.ts';
import { ObjectValue } from './values.ts';
import type { Value } from './values.ts';

type Asking = readonly Activation[];

/** Takes the innermost activation from the stack, and whom it answered. */
export function leaveStack(state: StreamState): Activation | undefined {
  const { stack } = state;
  const act = stack.pop();
  const below: Activation[] = [];
  while (stack[stack.length - 1]?.carried === true) below.unshift(setDown(state, stack.pop()!));
  state.setDown = below;
  if (act && stack.length === 0 && !state.settled) state.failures.rejections.left(state, act);
  state.overview?.recorder?.follow(state);
  return act;
}

/** It waits again, off the stack. */
export function setDown(state: StreamState, act: Activation): Activation {
  state.heap.journal.touch(act);
  act.carried = false;
  act.suspended = true;
  return act;
}

/** An activation has suspended where it asks another object. `asked`, `result` as in the op's contract. */
export function delegate(state: StreamState, act: Activation, op: number, asked: Value, result: Value): void {
  const asking = [...state.setDown, act];
  if ((act.file.code.flags[op]! & F.closes) === 0) ask(state, act, op, asked, asking);
  if (asked === false && result instanceof ObjectValue) toRead(state, asking, result.id * 2);
}

function ask(state: StreamState, act: Activation, op: number, asked: Value, asking: Asking): void {
  const delegations = (act.delegations = new Map(act.delegations));
  const isRound = (act.file.code.flags[op]! & F.round) !== 0;
  if (asked !== null && asked !== false)
    delegations.set(
      op,
      asked instanceof ObjectValue ? 'generator' : asked !== true ? 'none' : isRound ? 'fresh' : 'code',
    );
  else {
    const next = AGAIN[delegations.get(op) ?? 'none'];
    if (next !== undefined) delegations.set(op, next);
    if (isRound && act.scope !== act.functionScope) clearScope(act, act.file.code.around[op]!);
  }
  const now = delegations.get(op);
  if (now !== 'none' && now !== 'waiting') state.handover = asking;
}

/** Where a `for await` suspends again: what it asked has answered, or a round has ended. */
const AGAIN: Partial<Record<Delegation, Delegation>> = { making: 'code', asking: 'waiting', waiting: 'code' };
/** Where it goes on: what it asks runs. */
const ASKED: Partial<Record<Delegation, Delegation>> = { fresh: 'making', code: 'asking' };

/** Another record was applied. */
export function forgetHandover(state: StreamState): void {
  state.handover = undefined;
  state.handoverReads = 0;
}

/** A call begins: of a generator that is asked, or of what gets a property that is read. */
export function answer(state: StreamState, act: Activation): void {
  const { handover, handoverReads } = state;
  if (handover === undefined) return;
  if (handoverReads !== 0) {
    const found = readProperty(state, handoverReads);
    const by = found && 'by' in found ? found.by : undefined;
    if (act.file !== by?.file || act.functionIndex !== by.functionIndex) return;
    act.reads = handoverReads;
    return carry(state, handover);
  }
  const first = handover.at(-1);
  if (!act.site.generator || !asksGenerator(first)) return;
  act.delegator = first;
  carry(state, handover);
}

/** A call has ended with the value of what was read: who reads may read on. */
export function readOn(state: StreamState, read: ResultRead, value: Value): void {
  state.handover = state.setDown;
  behindRead(state, state.setDown, read, value);
}

function toRead(state: StreamState, asking: Asking, read: ResultRead): void {
  const found = readProperty(state, read);
  if (found === undefined) return;
  if (!('by' in found)) return behindRead(state, asking, read, found.data);
  state.handover = asking;
  state.handoverReads = read;
}

/** Behind `done` comes `value`; what is not done goes on as it is to who delegates to the reader, and is read there. */
function behindRead(state: StreamState, asking: Asking, read: ResultRead, value: Value): void {
  const isDone = truthy(value);
  const reader = asking.at(-1);
  if (readsValue(read) || isDone === undefined || reader === undefined) return;
  if (isDone || reader.site.async) return toRead(state, asking, read + 1);
  const outer = asking.slice(0, -1);
  if (isDelegating(outer.at(-1))) toRead(state, outer, read);
}

function readsValue(read: ResultRead): boolean {
  return read % 2 !== 0;
}

function readProperty(state: StreamState, read: ResultRead): PropertyRead | undefined {
  const isValue = readsValue(read);
  return propertyRead(state, state.heap.value((isValue ? read - 1 : read) / 2), isValue ? 'value' : 'done');
}

/** A suspended activation goes on. `byFinally`: a `finally` block was the first to notice. */
export function goOn(state: StreamState, act: Activation, op: number, byFinally: boolean): void {
  let handover = state.handover ?? [];
  let first = handover.at(-1);
  if (!isAsked(act, op, byFinally, first !== undefined)) return;
  if (first === act) return carry(state, handover.slice(0, -1));
  if (!asksGenerator(first)) [handover, first] = [[], undefined];
  const chain: Activation[] = [];
  let innermost = act;
  while (innermost.delegator !== first && isDelegating(innermost.delegator)) {
    innermost = innermost.delegator;
    // only a damaged stream makes two wait for each other
    if (chain.length > 100_000) break;
    chain.unshift(innermost);
  }
  if (first !== undefined) {
    state.heap.journal.touch(innermost);
    innermost.delegator = first;
  }
  carry(state, [...handover, ...chain]);
}

/** Whether somebody on the stack made it go on. An asynchronous generator goes on by itself behind an await. */
function isAsked(act: Activation, op: number, byFinally: boolean, handedOver: boolean): boolean {
  const flags = act.file.code.flags[op]!;
  // it returns behind an await, too
  if ((flags & F.yield) !== 0) return !(act.site.async && byFinally);
  if ((flags & (F.delegates | F.round)) === 0) return false;
  if (!act.site.async) return true;
  const delegation = act.delegations?.get(op);
  if (!handedOver || delegation === undefined) return false;
  if ((flags & F.delegates) !== 0) return delegation === 'code';
  const now = ASKED[delegation];
  if (now !== undefined) act.delegations = new Map(act.delegations).set(op, now);
  return now !== undefined;
}

function isDelegating(delegator: Activation | undefined): delegator is Activation {
  return asksGenerator(delegator) && (delegator.file.code.flags[delegator.position]! & F.delegates) !== 0;
}

function asksGenerator(act: Activation | undefined): act is Activation {
  return act?.suspended === true && act.delegations?.get(act.position) === 'generator';
}

function carry(state: StreamState, asking: readonly Activation[]): void {
  for (const act of asking) {
    state.heap.journal.touch(act);
    act.carried = true;
    act.suspended = false;
    state.stack.push(act);
  }
}
