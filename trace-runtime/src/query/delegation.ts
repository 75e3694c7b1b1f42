/**
 * Who stands below a generator's body. `yield*` and `for await` ask another object for values while they are on the
 * stack, but no code of theirs runs there that could say so: they are put below who answers.
 */
import type { Activation, Delegation } from './activation.ts';
import { F } from './code.ts';
import { clearScope } from './scopes.ts';
import type { StreamState } from './stream-state.ts';
import { ObjectValue } from './values.ts';
import type { Value } from './values.ts';

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

/** An activation has suspended where it asks another object. `asked` as in the op's contract. */
export function delegate(state: StreamState, act: Activation, op: number, asked: Value): void {
  const delegations = (act.delegations = new Map(act.delegations));
  const isRound = (act.file.code.flags[op]! & F.round) !== 0;
  if (asked !== null)
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
  if (now !== 'none' && now !== 'waiting') state.handover = [...state.setDown, act];
}

/** Where a `for await` suspends again: what it asked has answered, or a round has ended. */
const AGAIN: Partial<Record<Delegation, Delegation>> = { making: 'code', asking: 'waiting', waiting: 'code' };
/** Where it goes on: what it asks runs. */
const ASKED: Partial<Record<Delegation, Delegation>> = { fresh: 'making', code: 'asking' };

/** A generator's body begins. */
export function answer(state: StreamState, act: Activation): void {
  const { handover } = state;
  const first = handover?.[handover.length - 1];
  if (handover === undefined || !asksGenerator(first)) return;
  act.delegator = first;
  carry(state, handover);
}

/** A suspended activation goes on. `byFinally`: a `finally` block was the first to notice. */
export function goOn(state: StreamState, act: Activation, op: number, byFinally: boolean): void {
  let handover = state.handover ?? [];
  let first = handover[handover.length - 1];
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
