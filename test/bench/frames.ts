/** What Chromium's trace tells of a page's main thread. */

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** in microseconds */
  readonly ts: number;
  readonly dur?: number;
  /** of it, microseconds in which the thread ran: the rest it waited for a processor */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: unknown };
}

/** Of a frame, in milliseconds. */
export interface Frame {
  readonly took: number;
  /** without waiting for a processor */
  readonly ran: number;
}

/**
 * What the main thread has done for each frame that was drawn: all its tasks, from the one that draws a frame
 * up to the one that draws the next. Of several renderers the one that has drawn most frames.
 */
export function framesOf(events: readonly TraceEvent[]): Frame[] {
  const mains = events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const all = mains.map(({ pid, tid }) =>
    framesOfThread(events.filter((each) => each.pid === pid && each.tid === tid)),
  );
  return all.reduce((most, each) => (each.length > most.length ? each : most), []);
}

function framesOfThread(events: readonly TraceEvent[]): Frame[] {
  const ordered = events.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const frames: Frame[] = [];
  let current = { took: 0, ran: 0 };
  let end = -Infinity;
  let isDrawing = false;
  let task = { took: 0, ran: 0 };
  const finish = (): void => {
    if (isDrawing) {
      frames.push(current);
      current = { took: 0, ran: 0 };
    }
    current.took += task.took;
    current.ran += task.ran;
    task = { took: 0, ran: 0 };
    isDrawing = false;
  };
  for (const { name, ts, dur = 0, tdur = dur } of ordered) {
    if (name === 'FireAnimationFrame' && ts < end) isDrawing = true;
    // one inside another is counted once
    if (name !== 'RunTask' || ts < end) continue;
    finish();
    end = ts + dur;
    task = { took: dur / 1000, ran: tdur / 1000 };
  }
  finish();
  // what stands before the first frame is no frame's
  return frames.slice(1);
}
