/** Tells on stderr how far long work is: a recording that is executed again, read, or compared. */
import type { Progress } from '../../trace-runtime/src/rerun/materialising.ts';

/** From when on somebody who waits is told why. */
const QUICK_MS = 1000;
const WHAT = 'The light recording is executed again for its values…';

export interface Told {
  readonly progress: (progress: Progress) => void;
  dispose(): void;
}

/** Between two lines about the same. */
const TELL_MS = 100;

/** Tells a person at a terminal how far work is, once it takes long. */
export class ToldWork {
  readonly #what: string;
  #next = performance.now() + QUICK_MS;
  #isShown = false;

  /** `what`: `Reading the recording…` */
  constructor(what: string) {
    this.#what = what;
  }

  at(progress: Progress): void {
    const now = performance.now();
    if (now < this.#next || !process.stderr.isTTY) return;
    this.#next = now + TELL_MS;
    this.#isShown = true;
    process.stderr.write(`\r\u001b[K${this.#what} ${percent(progress)} %`);
  }

  dispose(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
  }
}

/** A line that is written anew at a terminal; elsewhere one line, once it takes long. */
export function tellsPeople(): Told {
  const { isTTY } = process.stderr;
  const told = setTimeout(() => process.stderr.write(isTTY ? WHAT : `${WHAT}\n`), QUICK_MS);
  return {
    progress: (progress) => void (isTTY && process.stderr.write(`\r\u001b[K${WHAT} ${percent(progress)} %`)),
    dispose() {
      clearTimeout(told);
      if (isTTY) process.stderr.write('\r\u001b[K');
    },
  };
}

/** One line each time, for programs: `progress: 43`, in percent. */
export function tellsPrograms(): Told {
  return {
    progress: (progress) => void process.stderr.write(`progress: ${percent(progress)}\n`),
    dispose: () => undefined,
  };
}

function percent({ done, of }: Progress): number {
  return of === 0 ? 0 : Math.floor((100 * done) / of);
}
