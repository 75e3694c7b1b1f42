import type { Activation } from './activation.ts';
import { Pending } from './activation.ts';
import { F, K } from './code.ts';
import type { Code } from './code.ts';

/** The op after `op` where no record says otherwise. */
export function following(activation: Activation, code: Code, op: number): number {
  if (code.kind[op] !== K.endFinally) return code.next[op]!;
  const to = activation.pending?.get(code.partner[op]!) ?? Pending.none;
  // a guess that the block was entered by a throw or return is given up where the walk goes on behind it
  return to >= 0 ? to : op + 1;
}

/** Whether the walk from the activation's pc comes to `target` without further records. */
export function reaches(activation: Activation, target: number, from = activation.pc): boolean {
  const code = activation.file.code;
  const { firstOp, endOp } = activation.site;
  if (target < firstOp || target >= endOp) return false;
  if (code.reached[target] === from + 1) return true;
  let op = from;
  let steady = true;
  for (let steps = endOp - firstOp; steps >= 0; steps--) {
    if (op === target) {
      if (steady) code.reached[target] = from + 1;
      return true;
    }
    if (op < firstOp || op >= endOp) return false;
    // what is recorded in a numeric loop is what ends it: the walk computes its way there
    if (code.kind[op] === K.numeric && target > op && target < code.next[op]!) return true;
    if (code.kind[op] === K.endFinally) steady = false;
    op = following(activation, code, op);
  }
  return false;
}

/**
 * Where a loop over an iterator asks for its next value: the jump back to its head, -1 where there is none. `since`: the
 * statement that the program said it is at, the loop's own, which it says again behind each round's last statement. Code
 * of the loop's pattern runs under it too: a write of the pattern is then still to come.
 */
export function nextRound(activation: Activation, since: number): number {
  const code = activation.file.code;
  const { firstOp, endOp } = activation.site;
  let op = activation.pc;
  let inBody = false;
  for (let steps = endOp - firstOp; steps >= 0 && op >= firstOp && op < endOp; steps--) {
    const kind = code.kind[op];
    if (kind === K.statement) inBody = true;
    if (!inBody && kind === K.write && (code.flags[op]! & (F.elided | F.guarded)) === 0) return -1;
    if (kind === K.return || kind === K.throw || kind === K.exit) return -1;
    const next = following(activation, code, op);
    // an inner loop has ended where the one around it asks
    if (kind === K.jump && next <= op && next > since && !isInnerLoop(code, since, next))
      return (code.flags[op]! & F.nextRound) !== 0 ? op : -1;
    op = next;
  }
  return -1;
}

/** Whether a loop whose head is at `head` stands in the body of the loop whose statement is at `statement`. */
function isInnerLoop(code: Code, statement: number, head: number): boolean {
  for (let op = statement + 1; op < head; op++)
    if (code.kind[op] === K.block && (code.flags[op]! & F.loop) !== 0) return true;
  return false;
}

/** How control came to a `finally` block: the walk goes to `walkTo` first, then the block begins. */
export interface FinallyPlan {
  /** -1: control left from where the activation is */
  readonly walkTo: number;
  /** Pending, or the op that the block's end jumps to */
  readonly pending: number;
}

export function planFinally(activation: Activation, target: number): FinallyPlan {
  const code = activation.file.code;
  const { firstOp, endOp } = activation.site;
  let op = activation.pc;
  if (activation.returnedAt === op) return { walkTo: -1, pending: Pending.returned };
  if (activation.threwAt === op) return { walkTo: -1, pending: Pending.threw };
  for (let steps = endOp - firstOp; steps >= 0; steps--) {
    if (op === target) return { walkTo: target, pending: Pending.none };
    if (op < firstOp || op >= endOp) break;
    switch (code.kind[op]) {
      case K.jump:
        if ((code.flags[op]! & F.throughFinally) !== 0 && !reaches(activation, target, code.next[op]!)) {
          return { walkTo: op, pending: code.next[op]! };
        }
        break;
      case K.endFinally: {
        // the program would have said that it came here
        if ((code.flags[op]! & F.progress) !== 0 && op !== activation.pc) return { walkTo: -1, pending: Pending.threw };
        const inner = activation.pending?.get(code.partner[op]!) ?? Pending.none;
        if (inner < Pending.none) return { walkTo: op, pending: inner };
        if (inner >= 0 && !reaches(activation, target, inner)) return { walkTo: op, pending: inner };
        break;
      }
      case K.statement:
        // the program would have said that it came here; behind a jump's statement it says what the jump leads to
        if ((code.flags[op]! & F.progress) !== 0 && !jumpsThrough(code, op + 1))
          return { walkTo: -1, pending: Pending.threw };
        break;
      case K.return:
      case K.throw:
      case K.exit:
        return { walkTo: -1, pending: Pending.threw };
      default:
    }
    op = following(activation, code, op);
  }
  return { walkTo: -1, pending: Pending.threw };
}

function jumpsThrough(code: Code, after: number): boolean {
  let op = after;
  while (code.kind[op] === K.leave) op++;
  return code.kind[op] === K.jump && (code.flags[op]! & F.throughFinally) !== 0;
}

/**
 * An activation ends from within a `finally` block that ran to its end: the block's endFinally, to which the walk still
 * goes. -1 where it ends elsewhere: a statement that says where it is would have been reached first.
 */
export function planLeave(activation: Activation): number {
  if (activation.pending === undefined) return -1;
  const code = activation.file.code;
  const { firstOp, endOp } = activation.site;
  let op = activation.pc;
  for (let steps = endOp - firstOp; steps >= 0 && op >= firstOp && op < endOp; steps--) {
    switch (code.kind[op]) {
      case K.endFinally:
        if ((code.flags[op]! & F.progress) !== 0) return -1;
        return (activation.pending.get(code.partner[op]!) ?? Pending.none) <= Pending.none ? op : -1;
      case K.statement:
        if ((code.flags[op]! & F.progress) !== 0) return -1;
        break;
      case K.finally:
      case K.return:
      case K.throw:
      case K.exit:
        return -1;
      default:
    }
    op = code.next[op]!;
  }
  return -1;
}
