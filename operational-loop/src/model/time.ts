/** Points in time and lengths of time. */

/** milliseconds since 1970, UTC */
export type UnixMs = number & { readonly __unit?: 'unix-ms' };

/** a length of time in milliseconds */
export type Milliseconds = number & { readonly __unit?: 'ms' };

/** What tells the time: the system's, or a test's. */
export interface Clock {
  now(): UnixMs;
}

export const systemClock: Clock = { now: () => Date.now() };
