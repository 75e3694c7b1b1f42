/** What happens in a whole stream, collected while it is read for the first time: what panels draw and lists count. */
import { CallLog, grown } from './call-log.ts';
import { CallRecorder, type ChunkStore } from './call-recorder.ts';
import { messageOf, typeOfThrown } from './failures.ts';
import type { Heap } from './heap.ts';
import { MessageLog } from './message-log.ts';
import { EventCode, type Moment } from './moments.ts';
import type { StreamState, Tick } from './stream-state.ts';
import type { Value } from './values.ts';

const FIRST_ROWS = 64;
const FIRST_SITES = 1024;
/** Sites beyond are only a damaged stream's. */
const HIGH_SITE = 2 ** 25;
/** Throws whose error is described. */
const DESCRIBED = 20_000;
const LENGTH = 300;

export const Throw = { thrown: 0, caught: 1, uncaught: 2 } as const;
export type Throw = (typeof Throw)[keyof typeof Throw];

/** Turns of the event loop. */
export class TickLog {
  count = 0;
  moment = new Uint32Array(FIRST_ROWS);
  /** a Cause */
  cause = new Uint8Array(FIRST_ROWS);
  number = new Uint32Array(FIRST_ROWS);
  causeTick = new Uint32Array(FIRST_ROWS);
  /** since the program began */
  milliseconds = new Float64Array(FIRST_ROWS);

  add({ moment, cause, number, causeTick, milliseconds }: Tick): void {
    const row = this.count++;
    if (row === this.moment.length) {
      this.moment = grown(this.moment);
      this.cause = grown(this.cause);
      this.number = grown(this.number);
      this.causeTick = grown(this.causeTick);
      this.milliseconds = grown(this.milliseconds);
    }
    this.moment[row] = moment;
    this.cause[row] = cause;
    this.number[row] = number;
    this.causeTick[row] = causeTick;
    this.milliseconds[row] = milliseconds;
  }
}

/** Errors on their way: where each was thrown, caught, and where it left the program. */
export class ThrowLog {
  count = 0;
  moment = new Uint32Array(FIRST_ROWS);
  /** a Throw */
  kind = new Uint8Array(FIRST_ROWS);
  /** class or name of the error, and its message; where there are very many, of the first ones only */
  readonly texts: string[] = [];
  /** how many of them were thrown */
  thrown = 0;

  add(moment: Moment, kind: Throw, heap: Heap, value: Value): void {
    const row = this.count++;
    if (row === this.moment.length) {
      this.moment = grown(this.moment);
      this.kind = grown(this.kind);
    }
    this.moment[row] = moment;
    this.kind[row] = kind;
    if (kind === Throw.thrown) this.thrown++;
    if (row < DESCRIBED) this.texts.push(`${typeOfThrown(heap, value)}: ${messageOf(heap, value)}`.slice(0, LENGTH));
  }
}

/** What the program wrote to its standard output and error. */
export class OutputLog {
  count = 0;
  moment = new Uint32Array(FIRST_ROWS);
  descriptor = new Uint8Array(FIRST_ROWS);
  /** as recorded */
  readonly texts: Value[] = [];

  add(moment: Moment, descriptor: number, text: Value): void {
    const row = this.count++;
    if (row === this.moment.length) {
      this.moment = grown(this.moment);
      this.descriptor = grown(this.descriptor);
    }
    this.moment[row] = moment;
    this.descriptor[row] = descriptor;
    this.texts.push(text);
  }
}

export class Overview {
  /** follows the stack while the stream is read; its work is done when the log is made */
  recorder: CallRecorder | undefined = new CallRecorder();
  private log: CallLog | undefined;
  readonly ticks = new TickLog();
  readonly throws = new ThrowLog();
  readonly outputs = new OutputLog();
  readonly messages = new MessageLog();
  /** Runtime.activations, in order */
  readonly activations: { readonly tick: number; readonly kind: number; readonly count: number }[] = [];
  /** of ticks in which something came over the boundary: Runtime.check */
  readonly checks: { readonly tick: number; readonly check: number }[] = [];
  /** by site of a statement: how often it was executed */
  private hits = new Uint32Array(FIRST_SITES);

  /** The calls, once the stream was read. */
  get calls(): CallLog {
    if (this.log !== undefined) return this.log;
    this.log = new CallLog(this.recorder!.columns());
    this.recorder = undefined;
    return this.log;
  }

  /** As it is kept; the calls are put elsewhere. */
  save() {
    const { ticks, throws, outputs, checks } = this;
    return {
      calls: this.recorder!.save(),
      ticks: { ...ticks },
      throws: { ...throws },
      outputs: { count: outputs.count, moment: outputs.moment, descriptor: outputs.descriptor },
      checks,
      hits: this.hits,
    };
  }

  restore(saved: ReturnType<Overview['save']>, text: () => Value, store: ChunkStore): void {
    Object.assign(this.ticks, saved.ticks);
    Object.assign(this.throws, saved.throws);
    Object.assign(this.outputs, saved.outputs);
    for (let i = 0; i < saved.outputs.count; i++) this.outputs.texts.push(text());
    this.checks.push(...saved.checks);
    this.hits = saved.hits;
    this.recorder = CallRecorder.of(saved.calls, store);
  }

  /** How often the statement at the site (a file's base plus an op) was executed in the whole stream. */
  hitsOf(site: number): number {
    return this.hits[site] ?? 0;
  }

  /** A statement begins. */
  hit(site: number): void {
    if (site >= this.hits.length) {
      if (site >= HIGH_SITE) return;
      while (site >= this.hits.length) this.hits = grown(this.hits);
    }
    this.hits[site]!++;
  }

  /** An event that may be of interest was executed. */
  note({ event, heap }: StreamState): void {
    const { code, moment, value } = event;
    if (code === EventCode.throw) this.throws.add(moment, Throw.thrown, heap, value);
    else if (code === EventCode.catch) this.throws.add(moment, Throw.caught, heap, value);
    else if (code === EventCode.uncaught) this.throws.add(moment, Throw.uncaught, heap, value);
    else if (code === EventCode.output) this.outputs.add(moment, Number(event.detail), value);
  }
}
