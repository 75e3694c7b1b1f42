/**
 * The order of a stop and the response to the request that led to it. The protocol has the response first, and the client shows
 * from then on that the program runs. VS Code takes the stop first, too: it goes from line to line then without clearing its
 * views in between, which costs it more than the step. It goes on showing the label of the stop before that one, so the labels
 * must be equal; where they are not, it is told that the program ran on.
 */
import type { Stop } from './move-requests.ts';

/** Milliseconds after which a client is told that the program runs, as the stop is not near. */
const SOON = 40;

/** What a client shows of a stop, whatever its moment. */
export function labelOf(stop: Stop): string {
  switch (stop) {
    case 'end':
      return 'At the end of the recording';
    case 'entry':
      return 'At the beginning of the recording';
    case 'failure':
    case 'exception':
      return 'Stopped at an exception';
    case 'breakpoint':
    case 'data breakpoint':
      return `Stopped at a ${stop}`;
    case 'step':
    case 'goto':
    case 'restart':
    case 'pause':
      return 'Stopped in the recording';
  }
}

/** A response that is sent after the stop, but soon. */
export class LateResponse {
  private readonly timer: NodeJS.Timeout;
  private isSent = false;

  constructor(private readonly deliver: () => void) {
    this.timer = setTimeout(() => this.send(), SOON);
  }

  /** Only the first time. */
  send(): void {
    clearTimeout(this.timer);
    if (this.isSent) return;
    this.isSent = true;
    this.deliver();
  }
}
