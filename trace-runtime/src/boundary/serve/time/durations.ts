/** How long what a statement begins took in the recording: found as answers are, by who asks, arguments and order. */
import { LOOKED_AT } from '../answers.ts';
import { callerOf } from '../callers.ts';
import type { Serving } from '../serving.ts';

/** From when it was begun, or came, or was refreshed, to when it came or was refreshed. Milliseconds, all of the recorded run. */
export interface Round {
  /** the turn of the event loop had lasted so long when this began */
  readonly lead: number;
  readonly took: number;
  /** `open`: until it was cleared, or the recording ended */
  readonly ends: 'comes' | 'refreshed' | 'open';
}

export interface Took {
  /** at least one */
  readonly rounds: readonly Round[];
}

export interface Begun {
  /** a module of Node does it for itself: it is real */
  readonly isNodesOwn: boolean;
  readonly took: Took | undefined;
}

export interface Durations {
  of(kind: string, args: string): Begun;
}

const REAL: Begun = { isNodesOwn: true, took: undefined };
const UNKNOWN: Begun = { isNodesOwn: false, took: undefined };

export function createDurations(serving: Serving): Durations {
  const asked = new Map<string, number>();
  return {
    of(kind, args) {
      const name = `took:${kind}`;
      const isKnown = serving.answers.knows(name);
      const count = (asked.get(kind) ?? 0) + 1;
      asked.set(kind, count);
      if (count > LOOKED_AT && serving.fromRecordedCode)
        return {
          isNodesOwn: false,
          took: serving.answers.take(name, args, undefined)?.value as unknown as Took | undefined,
        };
      const frames = serving.options.frames();
      if (frames[0]?.getFileName()?.startsWith('node:')) return REAL;
      const { by, place } = callerOf(frames, serving.options.correct);
      if (!isKnown || !serving.fromRecordedCode || (by !== 'program' && by !== 'package')) return UNKNOWN;
      return { isNodesOwn: false, took: serving.answers.take(name, args, place)?.value as unknown as Took | undefined };
    },
  };
}
