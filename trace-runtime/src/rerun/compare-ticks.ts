/** Whether two recordings are of the same run: their hashes of control flow, tick by tick, what they told, and how they ended. */
import type { SaidOtherwise } from '../model/recorded-world.ts';
import type { Divergence, Verification } from '../store/materialised.ts';
import type { Recording } from '../store/recording.ts';
import { scanSegment, type RecordedStream } from '../store/stream.ts';
import { Cause } from '../wire/words.ts';

interface Tick {
  readonly word: number;
  readonly cause: number;
  readonly hash: string;
}

/** `light` is the recorded run, `executed` its threads as they were executed again. */
export function compareTicks(
  light: Recording,
  executed: readonly (RecordedStream | undefined)[],
  said: readonly SaidOtherwise[],
): Pick<Verification, 'ticks' | 'verified' | 'divergences' | 'first' | 'words'> {
  let ticks = 0;
  let verified = 0;
  const divergences: Divergence[] = [];
  const words: (number | null)[] = [];
  light.streams.forEach((stream, index) => {
    const [was, is] = [ticksOf(stream), ticksOf(executed[index])];
    // what a killed thread did last has no hash
    const known = stream.ended ? was.length : Math.max(0, was.length - 1);
    let same = 0;
    while (same < known && was[same]!.hash === is[same]?.hash) same++;
    const other = otherNode(stream, executed[index], index) ?? firstSaid(said, index);
    const isOther = other !== undefined && other.tick <= same;
    if (isOther) same = Math.max(0, other.tick - 1);
    const isWhole = executed[index] !== undefined && same === known && (!stream.ended || is.length === was.length);
    const end = isWhole ? endOf(stream, executed[index]) : undefined;
    // how it ends is decided in its last tick
    if (end !== undefined) same = Math.max(0, known - 1);
    const isEqual = isWhole && end === undefined;
    ticks += known;
    verified += same;
    // one that ended too early is equal as far as it came
    words.push(executed[index] === undefined ? 0 : isEqual && stream.ended ? null : (is[same]?.word ?? null));
    if (!isEqual) divergences.push(divergence(index + 1, same, was, is, isOther ? other.what : end));
  });
  const [first] = divergences;
  return { ticks, verified, divergences, first, words };
}

/** Another Node computes other values without going another way: nothing is proven. */
function otherNode(was: RecordedStream, is: RecordedStream | undefined, stream: number): SaidOtherwise | undefined {
  const [before, now] = [was.hello?.node, is?.hello?.node];
  if (before === now || before === undefined || now === undefined) return undefined;
  return { stream, tick: 1, what: `it ran on Node ${now}, and not on ${before}` };
}

/** Where it told, or was told, something else first. */
function firstSaid(said: readonly SaidOtherwise[], index: number): SaidOtherwise | undefined {
  const own = said.filter(({ stream }) => stream === index);
  return own.sort((a, b) => a.tick - b.tick)[0];
}

/** How it ended otherwise; undefined where it did not, or where it is not known how it ended. */
function endOf(was: RecordedStream, is: RecordedStream | undefined): string | undefined {
  if (!was.ended || !is) return undefined;
  if (!is.ended) return 'it was killed';
  const [codeWas, codeIs] = [exitCodeOf(was), exitCodeOf(is)];
  return codeWas === codeIs ? undefined : `it ended with code ${codeIs}, and not with ${codeWas}`;
}

function exitCodeOf({ segments }: RecordedStream): number | undefined {
  const landmarks = segments.flatMap((segment) => (segment.footer ?? scanSegment(segment)).landmarks);
  return landmarks.find(({ kind }) => kind === 'end')?.detail;
}

function divergence(
  stream: number,
  tick: number,
  was: readonly Tick[],
  is: readonly Tick[],
  said: string | undefined,
): Divergence {
  const [before, now] = [was[tick], is[tick]];
  const what =
    said !== undefined
      ? `in tick ${tick + 1} ${said}`
      : before && now
        ? `tick ${tick + 1} (${causeName(before.cause)}) went another way`
        : before
          ? `tick ${tick + 1} (${causeName(before.cause)}) did not come`
          : `tick ${tick + 1} (${causeName(now?.cause ?? 0)}) came, which the recorded run did not have`;
  return { stream, tick, word: now?.word, what };
}

function causeName(cause: number): string {
  return Object.entries(Cause).find(([, code]) => code === cause)?.[0] ?? 'unknown';
}

function ticksOf(stream: RecordedStream | undefined): readonly Tick[] {
  return (stream?.segments ?? []).flatMap((segment) => {
    const { word, cause, hashA, hashB, length } = segment.footer?.ticks ?? scanSegment(segment).ticks;
    return Array.from({ length }, (_, i) => ({ word: word[i]!, cause: cause[i]!, hash: `${hashA[i]} ${hashB[i]}` }));
  });
}
