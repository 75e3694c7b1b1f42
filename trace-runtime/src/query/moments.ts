/**
 * A position in a stream: the number of events before it. Moment n is the state just before event n, and event n takes
 * it to moment n + 1. Events are entries and exits of recorded functions (normal, abrupt, suspending, resuming), writes
 * of variables and properties (also those that a reader computes), arms of branches, `catch` and `finally`, throws,
 * results shown, mutations by code that is not recorded, boundary crossings, output, and errors that left the program.
 * Definitions, loads, ticks, cases and ledger entries are not events: they change no number. The numbering is a function
 * of the stream and its site tables alone.
 */
export type Moment = number & { readonly brand?: 'Moment' };

export const EventCode = {
  none: 0,
  enter: 1,
  exit: 2,
  abrupt: 3,
  suspend: 4,
  resume: 5,
  write: 6,
  set: 7,
  delete: 8,
  closure: 9,
  this: 10,
  branch: 11,
  throw: 12,
  catch: 13,
  finally: 14,
  value: 15,
  mutation: 16,
  output: 17,
  boundary: 18,
  uncaught: 19,
  return: 20,
} as const;
export type EventCode = (typeof EventCode)[keyof typeof EventCode];

/** NUMBER or STREAM:NUMBER, as people write moments; undefined for anything else. Streams count from 1. */
export function parseMoment(text: string): { readonly stream: number; readonly moment: Moment } | undefined {
  const match = /^(?:(\d+):)?(\d+)$/.exec(text);
  return match ? { stream: Number(match[1] ?? '1'), moment: Number(match[2]) } : undefined;
}

/** Before every event of any stream. */
export const FIRST_MOMENT: Moment = 0;
