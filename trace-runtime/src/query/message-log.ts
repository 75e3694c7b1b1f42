/** Messages between threads and processes in the order in which a stream has them, and what tells whom they are from. */
import type { Moment } from './moments.ts';

/** A record of the boundary (boundary/README.md). */
export interface Crossing {
  readonly kind: string;
  /** of the record: the receiver's code is called behind it, the sender's call is under way */
  readonly moment: Moment;
  /** JSON */
  readonly detail: string;
}

const KINDS: ReadonlySet<string> = new Set(['message.in', 'message.out', 'worker.online', 'child.start']);

export class MessageLog {
  readonly list: Crossing[] = [];

  see(kind: string, moment: Moment, detail: () => string): void {
    if (KINDS.has(kind)) this.list.push({ kind, moment, detail: detail() });
  }
}
