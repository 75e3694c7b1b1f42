/** Where a rejection comes from that no recorded code threw: the error's stack names a call that waits, or has just ended. */
import type { Activation } from './activation.ts';
import type { Moment } from './moments.ts';
import type { StreamState } from './stream-state.ts';
import { isAt, type ThrowOrigin } from './throw-origins.ts';

interface Left {
  readonly act: Activation;
  /** of the event by which it was left, just before which it still runs */
  readonly moment: Moment;
}

export class RejectionPlaces {
  /** bodies of modules that await: what is thrown into them leaves no word */
  private readonly waiting = new Map<Activation, Left>();
  private last: Left | undefined;

  /** The outermost call has ended, or begun to wait. */
  left({ event: { moment } }: StreamState, act: Activation): void {
    this.last = { act, moment };
    if (act.functionIndex !== 0) return;
    if (act.suspended) this.waiting.set(act, this.last);
    else this.waiting.delete(act);
  }

  namedBy(state: StreamState, stack: string): ThrowOrigin | undefined {
    const waiting = [...this.waiting.values()].filter(({ act }) => act.suspended);
    return [...(this.last ? [this.last] : []), ...waiting].map(originOf).find((origin) => isAt(state, stack, origin));
  }
}

function originOf({ act, moment }: Left): ThrowOrigin {
  const { site, file, position } = act;
  return { moment, frames: [{ functionName: site.name, file, offset: file.code.start[position]! }] };
}
