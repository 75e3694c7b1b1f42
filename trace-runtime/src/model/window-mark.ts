/** Detail of the boundary record `window`; see boundary/window-marks.ts. */
export interface WindowMark extends GivenIds {
  /** counted from 0: where a number is missing, something was dropped */
  readonly n: number;
  /** number of the last tick before it */
  readonly tick: number;
  /** no word behind it refers to a string before it */
  readonly fresh?: true;
}

/** Ids that were given so far. */
export interface GivenIds {
  /** to calls */
  readonly ids: number;
  /** to objects, by family */
  readonly objects: Readonly<Record<string, number>>;
}

/** How an execution goes on behind the start-up: as if all before had been. */
export interface WindowJump extends Partial<GivenIds> {
  /** waits until so many ticks have begun */
  readonly after: number;
  /** number of the last tick that is passed over */
  readonly tick?: number;
}

/** In a stream's folder: the number of the last tick of its start-up. */
export const STARTED_FILE = 'started';
