/** What a reader noticed that should not be; reading goes on. */
export interface Problem {
  /** sequence number of the event before which it was noticed */
  readonly moment: number;
  readonly sentence: string;
}

/** A damaged recording can have millions of problems that all say the same. */
const KEPT = 1000;

export class Problems {
  readonly list: Problem[] = [];
  /** all of them, also those not kept */
  count = 0;

  add(moment: number, sentence: string): void {
    this.count += 1;
    if (this.list.length < KEPT) this.list.push({ moment, sentence });
  }
}
