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

/**
 * Whether it failed later than the recording goes; of the same code, wherever that was. A process that the command ended itself, as
 * test runners end theirs, had done what it was to do: if it goes on now, and edited code ran, the edit had it go on.
 */
export function isBehindCut({ stream, tick }: ObservedFailure, facts: CutOffFacts): boolean {
  const { before, correspondence } = facts;
  const last = lastTick(before, stream - 1);
  const isOver = stream > 1 && before.ends[0]?.exitCode !== undefined;
  if (last === Infinity || (isOver && ranEdited(facts))) return false;
  return correspondence.edited.length === 0 || tick > last;
}

/** Whether any statement ran that was edited, or that is gone, before the rerun had come as far as the recording goes. */
export function ranEdited({ before, after, correspondence }: CutOffFacts): boolean {
  const last = Math.max(...before.ends.map((_, index) => lastTick(before, index)));
  return correspondence.edited.some(
    (path) =>
      some(after, path, (line, tick) => tick <= last && correspondence.isEditedAt(path, line)) ||
      some(before, path, (line) => !correspondence.isKept(path, line)),
  );
}

/** Number of the last tick that a thread began before it was killed; infinite where it ended by itself, or is not known. */
function lastTick({ ends, recording }: Observed, stream: number): number {
  const end = ends[stream];
  if (end === undefined || end.exitCode !== undefined) return Infinity;
  // of a light recording, what it was executed again to is shown as far as it is proven
  const light =
    recording.streams[stream]?.light?.segments.flatMap(({ footer }) => footer?.ticks.tick.at(-1) ?? []) ?? [];
  return Math.max(end.tick?.number ?? 0, ...light);
}

function some({ lines }: Observed, path: string, is: (line: number, tick: number) => boolean): boolean {
  return [...(lines.get(path) ?? [])].some(([line, tick]) => is(line, tick));
}
