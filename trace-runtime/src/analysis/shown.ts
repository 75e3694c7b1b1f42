/** Answers to "why" in the words that every view of them uses. */
import { firstLine } from '../base/first-line.ts';
import type { LoadedFile } from '../query/activation.ts';
import type { Failure } from '../query/failures.ts';
import type { ThrowFrame } from '../query/throw-origins.ts';
import { printLine } from '../query/print-value.ts';
import type { Moment } from '../query/moments.ts';
import { finish } from '../query/timeline.ts';
import { ObjectValue, Opaque, type Accessor, type Value } from '../query/values.ts';
import type { Explanation } from './explain.ts';
import type { Hop } from './hops.ts';
import type { Traced } from './traced.ts';

/** Longer values are cut. */
const WIDTH = 60;

/** What a failure is answered with where no recorded code ran at it. */
export const NOTHING_KNOWN: Omit<Explanation, 'culprit'> & { readonly culprit: undefined } = {
  sentence: 'No recorded code ran where it was thrown',
  root: undefined,
  culprit: undefined,
  chain: { hops: [] },
  decisions: [],
};

/** `TypeError: x is not a function`, on one line */
export function failureTitle({ type, message }: Pick<Failure, 'type' | 'message'>): string {
  return [type, firstLine(message)].filter(Boolean).join(': ');
}

/** Where it was thrown, in the user's code where there is any of it on the stack. */
export function ownFrame({ frames }: Failure): ThrowFrame | undefined {
  return frames.find(({ file }) => !isForeign(file)) ?? frames[0];
}

function isForeign({ path }: LoadedFile): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

/** Stands where the value is what it was at the moment; an object that was seen later first, where it was. */
export function standFor({ timeline }: Traced, moment: Moment, value: Value | Accessor): void {
  timeline.seekMoment(moment);
  if (value instanceof ObjectValue && !timeline.replay.heap.isDefined(value.id))
    finish(timeline.toDefinition(value.id));
}

/** Of a step of an answer; empty where it is not known: then its sentence says all that is. */
export function printedValue({ traced, moment, value }: Hop): string {
  return value instanceof Opaque ? '' : printedAt(traced, moment, value);
}

/** The value as it was at the moment, on one line and cut. The timeline stands elsewhere afterwards. */
export function printedAt(traced: Traced, moment: Moment, value: Value | Accessor): string {
  standFor(traced, moment, value);
  const line = printLine(traced.reader, 2, value);
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}
