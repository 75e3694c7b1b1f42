/** How likely it was that an event is the canary's, before it was seen to be, if both arms fail alike. */
import type { ClusterScale, FailureEvent } from './failure-clusters.ts';

/** that a cluster lasts longer than clusters do, and then as long again: far less, if it is known how long they last */
const FURTHER = 1 / 4;
/** the same where failures come in bursts: of what has lasted for some time, half lasts for as long again, if nobody knows for how long */
const FURTHER_OF_BURST = 1 / 2;
/** so that each event says something */
const MOST = 0.9;

/**
 * The canary's share of the requests. Where failures come in bursts, also that it is of the same burst as the canary's failure
 * before: how thin bursts are nobody knows, and of all scales one is as likely as the other, so that a gap `n` times as long as
 * those that are surely close is inside a burst with the probability `1 / n`.
 */
export function chanceOf({ kind, gap }: FailureEvent, share: number, { close, inBursts }: ClusterScale): number {
  if (!inBursts) return kind === 'further' ? Math.min(share, FURTHER) : share;
  const sameBurst = kind === 'further' ? FURTHER_OF_BURST : close / gap;
  return Math.min(MOST, Math.max(share, sameBurst));
}
