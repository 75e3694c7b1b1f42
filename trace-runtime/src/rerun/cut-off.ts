/**
 * What a recording cannot tell: a thread that was killed, or whose machine went away, would have gone on. What a rerun does behind
 * that is neither as it was nor otherwise.
 */
import type { Observed, ObservedFailure } from './observe.ts';
import type { Correspondence } from './sameness.ts';

export interface CutOffFacts {
  readonly before: Observed;
  readonly after: Observed;
  readonly correspondence: Correspondence;
}

/** Whether it failed later than the recording goes; of the same code, wherever that was. */
export function isBehindCut({ stream, tick }: ObservedFailure, { before, correspondence }: CutOffFacts): boolean {
  const recorded = before.ends[stream - 1];
  if (recorded === undefined || recorded.exitCode !== undefined) return false;
  return correspondence.edited.length === 0 || tick > (recorded.tick?.number ?? 0);
}

/** Whether any statement ran that was edited, or that is gone, before the rerun had come as far as the recording goes. */
export function ranEdited({ before, after, correspondence }: CutOffFacts): boolean {
  const last = Math.max(...before.ends.map((end) => (end.exitCode === undefined ? (end.tick?.number ?? 0) : Infinity)));
  return correspondence.edited.some(
    (path) =>
      some(after, path, (line, tick) => tick <= last && correspondence.isEditedAt(path, line)) ||
      some(before, path, (line) => !correspondence.isKept(path, line)),
  );
}

function some({ lines }: Observed, path: string, is: (line: number, tick: number) => boolean): boolean {
  return [...(lines.get(path) ?? [])].some(([line, tick]) => is(line, tick));
}
