/**
 * Steps through a stream, forward and backward, as a debugger does: from statement to statement. A call that suspends
 * at an `await` goes on as the same activation, so stepping over the `await` stays in it; a generator that yields hands
 * control to whom it answers, as if it returned.
 */
import type { Activation } from './activation.ts';
import { F } from './code.ts';
import { EventCode } from './moments.ts';
import type { Moment } from './moments.ts';
import type { Finder, Position, Timeline } from './timeline.ts';

export class Navigator {
  constructor(readonly timeline: Timeline) {}

  get position(): Position {
    return this.timeline.position;
  }

  /** The calls that run, by their number, innermost last. */
  private serials(): number[] {
    return this.timeline.replay.stack.map(({ serial }) => serial);
  }

  /** The next statement, wherever it is. */
  stepIn(): boolean {
    return this.timeline.forward({ statement: () => true });
  }

  /** The next statement of the call that it is in, or of those around it. */
  next(): boolean {
    const serials = this.serials();
    const own = serials.pop();
    if (own === undefined) return this.stepIn();
    const level = serials.length;
    const callers = new Set(serials);
    return this.timeline.forward({
      statement: ({ serial }) => {
        if (serial === own) return true;
        const presence = this.presence(own, level);
        return presence === 'left' && (callers.has(serial) || !this.runsAny(callers));
      },
    });
  }

  /** The next statement of who called. */
  stepOut(): boolean {
    const serials = this.serials();
    const own = serials.pop();
    if (own === undefined) return this.timeline.forward({});
    const level = serials.length;
    const callers = new Set(serials);
    return this.timeline.forward({
      statement: ({ serial }) =>
        serial !== own && this.presence(own, level) === 'left' && (callers.has(serial) || !this.runsAny(callers)),
    });
  }

  /** The statement before, of the call that it is in or of those around it. */
  stepBack(): boolean {
    const serials = this.serials();
    const own = serials.at(-1);
    if (own === undefined) return this.reverseInto();
    const running = new Set(serials);
    const current = this.currentStatement(own);
    return this.timeline.backward(current, { statement: ({ serial }) => running.has(serial) });
  }

  /** The statement before, wherever it is. */
  reverseInto(): boolean {
    return this.timeline.backward(this.position, { statement: () => true });
  }

  /** The statement that made the call that it is in; the one before it where no recorded code called. */
  reverseOut(): boolean {
    const own = this.serials().at(-1);
    if (own === undefined) return this.reverseInto();
    this.timeline.backward(this.position, {
      event: ({ code, activation }) => code === EventCode.enter && activation?.serial === own,
    });
    const callers = new Set(this.serials());
    return this.timeline.backward(this.position, {
      statement: ({ serial }) => callers.size === 0 || callers.has(serial),
    });
  }

  /** The entry of the call at a depth of the stack, from 0 for the outermost. */
  restart(depth: number): boolean {
    const serial = this.timeline.replay.stack[depth]?.serial;
    if (serial === undefined) return false;
    const from = this.position;
    const found = this.timeline.backward(from, {
      event: ({ code, activation }) => code === EventCode.enter && activation?.serial === serial,
    });
    if (found) return this.timeline.forward({ statement: (act) => act.serial === serial });
    this.timeline.seek(from);
    return false;
  }

  /** The next place that the finder knows, an event that is about to happen here left out; the end where there is none. */
  continue(find: Finder): boolean {
    const { moment } = this.position;
    const { event } = find;
    return this.timeline.forward(event ? { ...find, event: (e) => e.moment > moment && event(e) } : find);
  }

  reverseContinue(find: Finder): boolean {
    return this.timeline.backward(this.position, find);
  }

  toMoment(moment: Moment): void {
    this.timeline.seekMoment(moment);
  }

  /** Where the statement begins that the call is in. */
  private currentStatement(serial: number): Position {
    const here = this.position;
    if (this.timeline.replay.paused) return here;
    const { timeline } = this;
    return timeline.backward(here, { statement: (act) => act.serial === serial }) ? this.position : here;
  }

  /** Whether a call still runs at its place in the stack, waits for an `await`, or has given up control. */
  private presence(serial: number, level: number): 'runs' | 'waits' | 'left' {
    const { stack, suspended } = this.timeline.replay;
    if (stack[level]?.serial === serial || stack.some((act) => act.serial === serial)) return 'runs';
    for (const act of suspended.values()) if (act.serial === serial) return waitsItself(act) ? 'waits' : 'left';
    return 'left';
  }

  private runsAny(serials: ReadonlySet<number>): boolean {
    if (serials.size === 0) return false;
    const { stack, suspended } = this.timeline.replay;
    if (stack.some(({ serial }) => serials.has(serial))) return true;
    for (const { serial } of suspended.values()) if (serials.has(serial)) return true;
    return false;
  }
}

function waitsItself(act: Activation): boolean {
  return (act.file.code.flags[act.position]! & (F.yield | F.delegates)) === 0;
}
