/** Why a statement ran: the decisions that led to the run of it that is nearest to a place. */
import type { LoadedFile } from '../query/activation.ts';
import type { Position } from '../query/timeline.ts';
import { decisionsFor, type Decision } from './control.ts';
import { shortened } from './hops.ts';
import { stepsOf } from './run.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';
import { hitsOf, nearestTime, statementAt } from './why-not.ts';

export interface WhyRan {
  /** the statement asked about */
  readonly file: LoadedFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** how often it ran in the whole stream */
  readonly count: number;
  /** where one stands before the run that it is about */
  readonly at: Position;
  /** that run began behind the place: there was none before it */
  readonly isLater: boolean;
  /** the latest first; what made the call is the last */
  readonly decisions: readonly Decision[];
}

/**
 * About the run that began last before the place, the one that is about to begin there among them; else about the first one
 * behind it. Undefined where no statement stands at the offsets, or it never ran.
 */
export function* whyRan(
  traced: Traced,
  file: LoadedFile,
  start: number,
  end: number,
  place: Position,
): Work<WhyRan | undefined> {
  const syntax = syntaxOf(traced, file);
  const node = syntax && statementAt(file, syntax, start, end);
  const op = node && stepsOf(file, syntax).get(node);
  if (!syntax || !node || op === undefined) return undefined;
  const count = hitsOf(traced, file, syntax, node);
  if (count === 0) return undefined;
  const upTo = { moment: place.moment, statements: place.statements + 1 };
  const earlier = yield* nearestTime(traced, file, op, 'before', upTo);
  const time = earlier ?? (yield* nearestTime(traced, file, op, 'after', place));
  if (!time) return undefined;
  const decisions = yield* decisionsFor(traced, { call: time.call, file, node, before: time.before });
  return {
    file,
    start: node.start,
    end: node.end,
    text: shortened(syntax.text(node)),
    count,
    at: time.at,
    isLater: !earlier,
    decisions,
  };
}
