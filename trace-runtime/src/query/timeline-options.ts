import type { IndexPlace } from './stored/stream-index.ts';

export interface TimelineOptions {
  /** steps (events and statements) between two marks, at first */
  readonly steps?: number;
  /** about the bytes that changes and marks may take; beyond, every second mark is given up */
  readonly bytes?: number;
  /** where the stream's index is, or is to be made */
  readonly index?: IndexPlace | undefined;
  /** stretches of a window */
  readonly stretches?: number;
}
