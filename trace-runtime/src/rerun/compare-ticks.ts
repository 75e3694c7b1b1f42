/** Whether two recordings are of the same run: their hashes of control flow, tick by tick, what they told, and how they ended. */
import type { TickColumns } from '../format/footer.ts';
import type { SaidOtherwise, WorldStream } from '../model/recorded-world.ts';
import type { Divergence, Verification } from '../store/materialised.ts';
import type { Recording } from '../store/recording.ts';
import { readBlock } from '../format/segment-reader.ts';
import { WordScanner } from '../format/word-scanner.ts';
import { exitCodeOf, scanSegment, type RecordedStream } from '../store/stream.ts';
import { Cause } from '../wire/words.ts';
import { lastToldWord } from './last-told.ts';
import type { WindowPlan } from './window.ts';

interface Tick {
  readonly word: number;
  readonly number: number;
  readonly cause: number;
  readonly hash: string;
}

/**
 * `light` is the recorded run, `executed` its threads as they were executed again, but for those that were left out: nothing
 * is said of them. `left`: their indexes.
 */
export function compareTicks(
  light: Pick<Recording, 'streams'>,
  executed: readonly (RecordedStream | undefined)[],
  said: readonly SaidOtherwise[],
  windows: readonly (WindowPlan | undefined)[] = [],
  left: ReadonlySet<number> = new Set(),
): Pick<Verification, 'ticks' | 'verified' | 'divergences' | 'first' | 'words' | 'byNode' | 'cut'> {
  let ticks = 0;
  let verified = 0;
  const divergences: Divergence[] = [];
  const words: (number | null)[] = [];
  const byNode: number[] = [];
  const cut: number[] = [];
  light.streams.forEach((stream, index) => {
    if (left.has(index)) return void words.push(0);
    const plan = windows[index];
    const isToEnd = stream.ended && plan?.isCut !== true;
    const was = ticksOf(stream).filter(({ number }) => !plan || plan.ticks.has(number));
    const is = ticksOf(executed[index]).filter(({ number }) => !plan || number <= plan.startup || number > plan.from);
    // what a killed thread did last has no hash, unless nothing interrupted it
    let same = 0;
    while (same < was.length && was[same]!.hash === is[same]?.hash) same++;
    const known = Math.max(same, stream.ended ? was.length : was.length - 1);
    const other = otherNode(stream, executed[index], index) ?? firstSaid(said, index);
    const at = other ? is.findIndex(({ number }) => number >= other.tick) : -1;
    // of the tick in which it was killed only what it told is compared
    const isOther = at >= 0 && (at < same || (at === known && !stream.ended && !plan && !other?.isGiven));
    if (other && was.length === 0) byNode.push(index + 1);
    if (isOther) same = at;
    const isAsLong = isToEnd ? is.length === was.length : is.length >= was.length;
    // it was killed before any of the program's code ran in it: there is nothing to compare, and nobody need come as far
    const isUnbegun = !stream.ended && !plan && was.length === 0;
    const isWhole = isUnbegun || (executed[index] !== undefined && same === known && isAsLong && !isOther);
    const end = isWhole && isToEnd ? endOf(stream, executed[index]) : undefined;
    // how it ends is decided in its last tick
    if (end !== undefined) same = Math.max(0, known - 1);
    const isEqual = isWhole && end === undefined;
    // what is not equal is not verified as a whole
    ticks += isEqual ? known : Math.max(known, 1);
    verified += isEqual ? same : Math.max(0, Math.min(same, known - 1));
    const again = executed[index];
    const [last, next] = [was[same], is[same]];
    const isCut = isEqual && !isToEnd && !other && last !== undefined && next !== undefined;
    if (isCut) cut.push(index + 1);
    const told = isCut && again && lastToldWord(stream, last.word, again, next.word);
    const isAll = isEqual && (isToEnd || next === undefined);
    // one that ended too early is equal as far as it came
    words.push(again === undefined ? 0 : isAll ? null : told || provenWords(again, next?.word));
    if (!isEqual) divergences.push(divergence(index + 1, same, was, is, isOther ? other?.what : end));
  });
  const [first] = divergences;
  return {
    ticks,
    verified,
    divergences,
    first,
    words,
    ...(byNode.length > 0 && { byNode }),
    ...(cut.length > 0 && { cut }),
  };
}

/**
 * Words before a tick at `word`, or before its end, that are proven. What Node changes between two ticks no hash tells of: where a
 * tick is another one, what led to it may be, too.
 */
function provenWords(stream: RecordedStream, word = Infinity): number {
  const scanner = new WordScanner();
  for (const { path, blocks } of stream.segments)
    for (const block of blocks) {
      if (block.firstWord >= word) break;
      const words = readBlock(path, block);
      if (!(words instanceof Int32Array)) return Math.min(word, scanner.codeEnd);
      scanner.word = block.firstWord;
      scanner.scan(words, 0, Math.min(words.length, word - block.firstWord));
    }
  return scanner.codeEnd;
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
  return own.sort((a, b) => a.tick - b.tick || Number(a.isGiven ?? false) - Number(b.isGiven ?? false))[0];
}

/** How it ended otherwise; undefined where it did not, or where it is not known how it ended. */
function endOf(was: RecordedStream, is: RecordedStream | undefined): string | undefined {
  if (!was.ended || !is) return undefined;
  if (!is.ended) return 'it was killed';
  const [codeWas, codeIs] = [exitCodeOf(was), exitCodeOf(is)];
  return codeWas === codeIs ? undefined : `it ended with code ${codeIs}, and not with ${codeWas}`;
}

/** Of a thread that was cut off: in which tick, and what that had rolled. */
export function cutOf(stream: RecordedStream): Pick<WorldStream, 'killedIn' | 'killedAt'> {
  const last = ticksOf(stream).at(-1);
  const [a = 0, b = 0] = last?.hash.split(' ').map(Number) ?? [];
  return { killedIn: last?.number ?? 0, killedAt: [a, b] };
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
  if (!stream) return [];
  const ticks = stream.segments.flatMap((segment) => toTicks(segment.footer?.ticks ?? scanSegment(segment).ticks));
  // of a stream that was cut off: the last one has no end
  const open = stream.ended ? undefined : openTick(stream);
  return open && open.number > (ticks.at(-1)?.number ?? 0) ? [...ticks, open] : ticks;
}

function openTick({ segments }: RecordedStream): Tick | undefined {
  for (const segment of segments.toReversed()) {
    const last = toTicks(scanSegment(segment, true).ticks).at(-1);
    if (last && last.number > 0) return last;
  }
  return undefined;
}

function toTicks({ word, tick, cause, hashA, hashB, length }: TickColumns): Tick[] {
  const hash = (i: number): string => `${hashA[i]} ${hashB[i]}`;
  return Array.from({ length }, (_, i) => ({ word: word[i]!, number: tick[i]!, cause: cause[i]!, hash: hash(i) }));
}
