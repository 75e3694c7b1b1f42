/**
 * What a program printed of failures that no record tells of. Test runners that Hindcast does not know catch what a test
 * throws, or throw nothing at all: they print where it was, or `not ok` (TAP, testanything.org), and end with an exit code.
 */
import type { StreamState } from './stream-state.ts';
import { isAt, isOwn, originHere, type ThrowOrigin } from './throw-origins.ts';

/** At most so many of either kind: programs may print and throw without end. */
const MOST = 100;
/** Of a test that is to fail some day, or was skipped, TAP says so behind `#`. */
const NOT_OK = /^ *not ok\b *\d* *-? *((?:(?!# *(?:todo|skip)\b).)*)$/im;
const STANDARD_OUTPUT = 1;

export class PrintedFailures {
  /** what was printed behind `not ok`, and where */
  readonly notOk: { readonly origin: ThrowOrigin; readonly sentence: string }[] = [];
  /** throws whose places were printed: one of those at the same place */
  readonly throws: ThrowOrigin[] = [];
  /** throws that left all recorded code, and were not printed; the latest last */
  private unseen: ThrowOrigin[] = [];

  /** It left the outermost recorded call. */
  left(origin: ThrowOrigin): void {
    if (this.unseen.at(-1) === origin || !origin.frames.some(isOwn)) return;
    if (this.unseen.push(origin) > MOST) this.unseen.shift();
  }

  /** Recorded code caught it after all, as `await` does; undefined: the latest. */
  caught(origin: ThrowOrigin | undefined): void {
    if (origin === undefined) this.unseen.pop();
    else if (this.unseen.at(-1) === origin) this.unseen.pop();
  }

  /** The state is that of the write. */
  saw(state: StreamState, descriptor: number, text: string): void {
    const sentence = descriptor === STANDARD_OUTPUT ? NOT_OK.exec(text)?.[1] : undefined;
    if (sentence !== undefined && this.notOk.length < MOST) {
      const origin = originHere(state, undefined);
      if (origin.frames.some(isOwn)) this.notOk.push({ origin, sentence: sentence.trim() });
    }
    const isShown = (origin: ThrowOrigin): boolean => isAt(state, text, origin);
    for (const origin of this.unseen.filter(isShown))
      if (this.throws.length < MOST && !this.throws.some((other) => isSamePlace(origin, other)))
        this.throws.push(origin);
    this.unseen = this.unseen.filter((origin) => !isShown(origin));
  }
}

function isSamePlace({ frames: [a] }: ThrowOrigin, { frames: [b] }: ThrowOrigin): boolean {
  return a?.file === b?.file && a?.offset === b?.offset;
}
