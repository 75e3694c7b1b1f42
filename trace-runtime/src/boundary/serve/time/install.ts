/** The virtual timeline of a thread, and what stands on it. */
import type { Arrivals } from '../../arrivals.ts';
import { limitChildren } from '../../child-limits.ts';
import type { Serving } from '../serving.ts';
import { timedArrivals } from './arrivals.ts';
import { createDurations } from './durations.ts';
import { serveImmediates } from './immediates.ts';
import { stopTimer } from './real-time.ts';
import { Timeline } from './timeline.ts';
import { serveTimerPromises } from './timer-promises.ts';
import { serveTimers } from './timers.ts';

export interface Time {
  readonly timeline: Timeline;
  /** for calls that answer later */
  readonly arrivals: Arrivals;
}

export function serveTime(serving: Serving): Time {
  const timeline = new Timeline();
  const durations = createDurations(serving);
  const startTimer = serveTimers(serving, timeline, durations);
  limitChildren({ hide: serving.hide, start: startTimer, stop: stopTimer });
  serveImmediates(serving, timeline, durations);
  serveTimerPromises(serving);
  return { timeline, arrivals: timedArrivals(timeline, durations) };
}
