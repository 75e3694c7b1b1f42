/**
 * Steps through a stream, forward and backward, as a debugger does: from statement to statement. A call that suspends
 * at an `await` goes on as the same activation, so stepping over the `await` stays in it; a generator that yields hands
 * control to whom it answers, as if it returned.
 */
import type { Activation, LoadedFile } from './activation.ts';
import { F } from './code.ts';
import { EventCode, type Moment } from './moments.ts';
import type { Finder, Position, Search, Timeline } from './timeline.ts';
import type { Value } from './values.ts';

/** A call by its number; by its id it is found while it waits. */
interface Call {
  readonly serial: number;
  readonly id: number;
}

/** A call that is about to be made. */
export interface CallAhead {
  readonly serial: number;
  /** '' where anonymous */
  readonly name: string;
}

/** What a call gave. */
export interface Returned {
  readonly name: string;
  readonly value: Value;
}

/** Whether the developer wrote what stands at an offset of a file's loaded text, and no compiler put it in. */
export type IsWritten = (file: LoadedFile, offset: number) => boolean;

export class Navigator {
  /** `isWritten`: other statements and calls are passed over */
  constructor(
    readonly timeline: Timeline,
    private readonly isWritten: IsWritten = () => true,
  ) {}

  get position(): Position {
    return this.timeline.position;
  }

  /** The calls that run, by their number, innermost last. */
  private calls(): Call[] {
    return this.timeline.replay.stack.map(({ serial, id }) => ({ serial, id }));
  }

  /** Their numbers. */
  private running(): ReadonlySet<number> {
    return new Set(this.calls().map(({ serial }) => serial));
  }

  /** The next statement, wherever it is. */
  stepIn(): Search {
    return this.timeline.forward({ statement: (act, op) => this.isStep(act, op) });
  }

  /** The next statement of the call that it is in, or of those around it. */
  next(): Search {
    const own = this.calls().at(-1);
    if (own === undefined) return this.stepIn();
    const hasLeft = this.leaving();
    const calls = this.running();
    return this.timeline.forward({ calls, statement: (act) => act.serial === own.serial || hasLeft(act) });
  }

  /** The next statement of who called. */
  stepOut(): Search {
    if (this.calls().length === 0) return this.timeline.forward({});
    return this.timeline.forward({ calls: this.running(), statement: this.leaving() });
  }

  /**
   * The statement before, of the call that it is in or of those around it. Where that is the first of them all it is the
   * beginning of the statement that it is in, and then the last one of what ran before.
   */
  *stepBack(): Search {
    const calls = this.running();
    const own = this.calls().at(-1)?.serial;
    if (own === undefined) return yield* this.reverseInto();
    const from = this.position;
    const current = yield* this.currentStatement(own);
    const isFound = yield* this.timeline.backward(current, { calls, statement: ({ serial }) => calls.has(serial) });
    if (isFound) return true;
    this.timeline.seek(current);
    return isBefore(current, from) || (yield* this.before());
  }

  /** The statement before, of what began the turn that it is in then, not of the calls that this made. */
  private *before(): Search {
    if (!(yield* this.reverseInto())) return false;
    const at = this.position;
    const tick = this.timeline.replay.tick?.number;
    const [outermost, ...inner] = this.calls();
    if (outermost === undefined || inner.length === 0) return true;
    const calls = new Set([outermost.serial]);
    const isFound = yield* this.timeline.backward(at, { calls, statement: ({ serial }) => calls.has(serial) });
    if (!isFound || this.timeline.replay.tick?.number !== tick) this.timeline.seek(at);
    return true;
  }

  /** The statement before, wherever it is. */
  reverseInto(): Search {
    return this.timeline.backward(this.position, { statement: (act, op) => this.isStep(act, op) });
  }

  /** The statement that made the call that it is in; the one before it where no recorded code called. */
  *reverseOut(): Search {
    const own = this.calls().at(-1)?.serial;
    if (own === undefined) return yield* this.reverseInto();
    yield* this.timeline.backward(this.position, {
      calls: new Set([own]),
      event: ({ code, activation }) => code === EventCode.enter && activation?.serial === own,
    });
    const callers = this.running();
    return yield* this.timeline.backward(this.position, {
      ...(callers.size > 0 && { calls: callers }),
      statement: ({ serial }) => callers.size === 0 || callers.has(serial),
    });
  }

  /** The entry of the call at a depth of the stack, from 0 for the outermost. */
  *restart(depth: number): Search {
    const serial = this.timeline.replay.stack[depth]?.serial;
    if (serial === undefined) return false;
    const from = this.position;
    const found = yield* this.timeline.backward(from, {
      calls: new Set([serial]),
      event: ({ code, activation }) => code === EventCode.enter && activation?.serial === serial,
    });
    if (found) return yield* this.timeline.forward({ statement: (act) => act.serial === serial });
    this.timeline.seek(from);
    return false;
  }

  /** The next place that the finder knows, an event that is about to happen here left out; the end where there is none. */
  continue(find: Finder): Search {
    const { moment } = this.position;
    const { event } = find;
    return this.timeline.forward(event ? { ...find, event: (e) => e.moment > moment && event(e) } : find);
  }

  reverseContinue(find: Finder): Search {
    return this.timeline.backward(this.position, find);
  }

  /**
   * The calls that the call it is in makes until its next statement, as targets to step into: their number and the
   * function's name. It stands where it stood.
   */
  *callsAhead(): Generator<Moment, CallAhead[], void> {
    const from = this.position;
    const own = this.calls().at(-1);
    const found: CallAhead[] = [];
    if (own === undefined) return found;
    const { stack } = this.timeline.replay;
    const depth = stack.length;
    const hasLeft = this.leaving();
    let isFirst = true;
    yield* this.timeline.forward({
      statement: (act) => {
        const isHere = isFirst;
        isFirst = false;
        return !isHere && (act.serial === own.serial || hasLeft(act));
      },
      event: ({ code, activation }) => {
        if (
          code === EventCode.enter &&
          activation !== undefined &&
          stack[depth - 1]?.serial === own.serial &&
          stack.length === depth + 1 &&
          this.isWritten(activation.file, activation.site.start)
        )
          found.push({ serial: activation.serial, name: activation.site.name });
        return false;
      },
    });
    this.timeline.seek(from);
    return found;
  }

  /** What the calls gave that the call it is in has made in the statement before. It stands where it stood. */
  *returned(): Generator<Moment, Returned[], void> {
    const from = this.position;
    const { timeline } = this;
    const { stack } = timeline.replay;
    const own = stack.at(-1)?.serial;
    const depth = stack.length;
    const given: Returned[] = [];
    const before: Finder = { calls: new Set([own ?? 0]), statement: ({ serial }) => serial === own };
    if (own !== undefined && (yield* timeline.backward(from, before)))
      yield* timeline.forward({
        statement: () => timeline.replay.statements >= from.statements,
        event: ({ code, activation, value, moment }) => {
          const isEnd = code === EventCode.exit || code === EventCode.return;
          const isOwn = stack.length === depth && stack[depth - 1]?.serial === own;
          if (
            moment < from.moment &&
            isEnd &&
            isOwn &&
            activation &&
            this.isWritten(activation.file, activation.site.start)
          )
            given.push({ name: activation.site.name, value });
          return moment >= from.moment;
        },
      });
    timeline.seek(from);
    return given;
  }

  /** Into a call by its number. */
  stepInto(serial: number): Search {
    return this.timeline.forward({ statement: (act) => act.serial === serial });
  }

  private isStep({ file }: Activation, op: number): boolean {
    return this.isWritten(file, file.code.start[op]!);
  }

  /** Where the statement begins that the call is in. */
  private *currentStatement(serial: number): Generator<Moment, Position, void> {
    const here = this.position;
    if (this.timeline.replay.paused) return here;
    const { timeline } = this;
    const calls = new Set([serial]);
    const found = yield* timeline.backward(here, { calls, statement: (act) => act.serial === serial });
    return found ? this.position : here;
  }

  /** Tells whether a statement is the first behind the innermost call: of who called, or of anybody where nobody waits. */
  private leaving(): (at: Activation) => boolean {
    const callers = this.calls();
    const own = callers.pop()!;
    const level = callers.length;
    const serials = new Set(callers.map(({ serial }) => serial));
    const { stack, suspended } = this.timeline.replay;
    const isOnStack = ({ serial }: Call): boolean => stack.some((act) => act.serial === serial);
    const waiting = ({ serial, id }: Call): Activation | undefined => {
      const act = suspended.get(id);
      return act?.serial === serial ? act : undefined;
    };
    return ({ serial }) => {
      if (stack[level]?.serial === own.serial || isOnStack(own)) return false;
      const act = waiting(own);
      if (act !== undefined && waitsItself(act)) return false;
      // who delegates to one that has yielded has yielded too
      const waits = (each: Call): boolean => {
        const waiter = waiting(each);
        return waiter !== undefined && (act === undefined || !delegates(waiter));
      };
      return serials.has(serial) || !callers.some((each) => isOnStack(each) || waits(each));
    };
  }
}

function delegates(act: Activation): boolean {
  return (act.file.code.flags[act.position]! & F.delegates) !== 0;
}

/** For an `await`; one that yields has given up control. */
function waitsItself(act: Activation): boolean {
  return (act.file.code.flags[act.position]! & (F.yield | F.delegates)) === 0;
}

function isBefore(a: Position, b: Position): boolean {
  return a.moment < b.moment || (a.moment === b.moment && a.statements < b.statements);
}
