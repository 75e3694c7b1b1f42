/** For our own bugs only. Bad input is a Result or a HindcastError. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Hindcast is wrong here: ${message}`);
}

/** The default of an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Hindcast is wrong here: unexpected ${JSON.stringify(value)}`);
}
