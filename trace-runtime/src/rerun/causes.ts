/**
 * What an error was made of: its causes, and the error that the `catch` held which threw it, or the promise's callback. Whoever
 * takes the error away by swallowing one of these has mended nothing.
 */
import type { Activation } from '../query/activation.ts';
import { heldError, messageOf, messageShape, typeOfThrown, type Failure } from '../query/failures.ts';
import type { StreamState } from '../query/stream-state.ts';
import { ObjectValue, type Value } from '../query/values.ts';
import { Cause as TickCause, ObjectKind } from '../wire/words.ts';

export interface Cause {
  readonly type: string;
  readonly shape: string;
}

/** Causes of causes that are looked at. */
const DEEP = 10;

/** Of the error that the activation throws. Several errors of one are its causes together. */
export function causesOf(
  { heap, stack, tick }: StreamState,
  error: Value,
  at: Activation | undefined,
): readonly (readonly Cause[])[] {
  if (!(error instanceof ObjectValue)) return [];
  const isReaction = tick?.cause === TickCause.microtask && stack[0] === at && at?.site.async === false;
  const held = at && heldError({ stack: [at], heap }, !isReaction);
  const own = heap.get(error)?.properties.get('cause') as Value;
  const known = new Set<Value>([error]);
  const causes: Cause[][] = [];
  for (let next: Value = own ?? held; next instanceof ObjectValue && !known.has(next) && known.size <= DEEP;) {
    known.add(next);
    const contents = heap.get(next);
    if (contents?.kind !== ObjectKind.error) break;
    causes.push([causeOf(next)]);
    const parts = contents.properties.get('errors');
    const all = parts instanceof ObjectValue ? (heap.get(parts)?.elements ?? []) : [];
    if (all.length > 0) causes.push(all.map(causeOf));
    next = contents.properties.get('cause') as Value;
  }
  return causes;

  function causeOf(value: Value): Cause {
    return { type: typeOfThrown(heap, value), shape: messageShape(messageOf(heap, value)) };
  }
}

/** As the observation of a run has it. */
interface Met extends Cause {
  /** the same for one that is met several times, as it is thrown, caught and handed on */
  readonly object: string;
  readonly isThrown: boolean;
  readonly causes: readonly (readonly Cause[])[];
}

/** An error that the failing one was made of and that is met as often as before. */
export function causeMetAgain<T extends Met>(
  failure: Failure,
  before: { readonly errors: readonly Met[] },
  { errors }: { readonly errors: readonly T[] },
): T | undefined {
  const own = { type: failure.type, shape: messageShape(failure.message) };
  const thrown = before.errors.find((error) => error.isThrown && isOne(error, own));
  const times = (among: readonly Met[], cause: Cause): number =>
    new Set(among.filter((error) => isOne(error, cause)).map(({ object }) => object)).size;
  const isAgain = (cause: Cause): boolean => times(errors, cause) >= Math.max(times(before.errors, cause), 1);
  const again = thrown?.causes.find((all) => all.every(isAgain));
  return again && errors.find((error) => isOne(error, again[0]!));
}

export function isOne({ type, shape }: Cause, other: Cause): boolean {
  return type === other.type && shape === other.shape;
}

/**
 * An error that came from another thread or process, and is thrown there as often as before. Which class it had there may be
 * lost on the way.
 */
export function thrownAgainApart<T extends Met>(
  { type, message }: Failure,
  before: { readonly errors: readonly Met[]; readonly thrownApart: readonly Met[] },
  { thrownApart }: { readonly thrownApart: readonly T[] },
): T | undefined {
  const shape = messageShape(message);
  const isIt = (error: Met): boolean => error.shape === shape && (error.type === type || type === 'Error');
  if (shape === '' || before.errors.some((error) => error.isThrown && isIt(error))) return undefined;
  const now = thrownApart.filter(isIt);
  return now.length >= before.thrownApart.filter(isIt).length ? now[0] : undefined;
}
