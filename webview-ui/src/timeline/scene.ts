/** All that the timeline's picture depends on. */
import type { FailureAnswer, TimelineAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import type { Known } from '../base/range-data.ts';
import { toPixel, type Range } from '../base/range.ts';
import type { Theme } from '../base/theme.ts';
import type { Lanes, PlacedCase } from './lanes.ts';

export interface Scene {
  readonly lanes: Lanes;
  readonly view: Range;
  readonly whole: Range;
  /** what is known of the view */
  readonly parts: readonly Known<TimelineAnswer>[];
  /** what is known of the whole */
  readonly overall: readonly Known<TimelineAnswer>[];
  /** what is known of the whole of other threads */
  readonly others: ReadonlyMap<number, readonly Known<TimelineAnswer>[]>;
  readonly cases: readonly PlacedCase[];
  readonly failures: readonly FailureAnswer[];
  readonly deepest: number;
  /** moment at which the debugger stands on this thread, or is on its way to */
  readonly place: number | undefined;
  /** under the pointer */
  readonly pointed: number | undefined;
  /** from where to where something is being selected */
  readonly selecting: Range | undefined;
  readonly theme: Theme;
}

/** Where the moment is drawn. */
export function xOf({ lanes, view }: Pick<Scene, 'lanes' | 'view'>, moment: number): number {
  return lanes.gutter + toPixel(moment, view, lanes.plot);
}
