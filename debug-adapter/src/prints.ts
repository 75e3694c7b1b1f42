/**
 * Lines that logpoints have printed, and changes that hovers list: a client that opens one as a value, and asks for its
 * location, travels there.
 */
import type { Moment } from '../../trace-runtime/src/query/moments.ts';
import type { RecordedThread } from './recorded-thread.ts';

export interface Print {
  readonly thread: RecordedThread;
  readonly moment: Moment;
  readonly text: string;
}

/** Above all references of values, which die at every move; these stay. */
const FIRST = 2 ** 30;

export class Prints {
  private readonly list: Print[] = [];

  /** A reference by which the line is found. */
  add(print: Print): number {
    return FIRST + this.list.push(print) - 1;
  }

  get(reference: number): Print | undefined {
    return this.list[reference - FIRST];
  }
}
