/** The recorder's counters, in a typed array: a reassigned `let` seen from closures would be boxed. */
export const Register = {
  /** the next object word: id << 3 | Tag.object */
  objectWord: 0,
  /** ids given out last */
  string: 1,
  symbol: 2,
  environment: 3,
  tick: 4,
  case: 5,
  /** the string word that a slow path found */
  found: 6,
  /** 1 while the work queue of definitions runs */
  defining: 7,
  /** Slot.position after a drain in the middle of a record, -1 where the last drain was between records */
  middle: 8,
  /** values that were not captured because the stack was nearly full, since the last ledger entry */
  shallow: 9,
  /** 1 once an array may have accessors at indices */
  indexAccessors: 10,
  /** cause and cause tick of the turn that withTick began, and 1 while it has not been written */
  cause: 11,
  causeTick: 12,
  pendingTick: 13,
  /** 1 while a flush is due at the end of the turn */
  flushDue: 14,
  /** 1 once the program is ending: every record is flushed */
  ending: 15,
  /** 1 after Runtime.end */
  ended: 16,
  /** 1 after a slow path was cut short: what was defined since may not have been written */
  broken: 18,
  /** the word of the main realm's global object; 0: not written yet */
  globalWord: 19,
  /** depth of the recorder's own work: hooks of builtins stay silent */
  quiet: 17,
  /** the throw statement that ran last: its word, line and column from 0 */
  thrownWord: 20,
  thrownLine: 21,
  thrownColumn: 22,
  /** 1 once a proxy was made */
  proxies: 23,
  /** 1 while shared memory is watched */
  shared: 24,
  /** 1 in a turn of a microtask, as a callback that was given to queueMicrotask is */
  microtask: 25,
  /** 1 while the next record has something told before it: see Room.wait */
  waiting: 26,
} as const;

export const REGISTERS = 32;

export const createRegisters = (): Int32Array => {
  const registers = new Int32Array(REGISTERS);
  registers[Register.objectWord] = (1 << 3) | 1;
  registers[Register.middle] = -1;
  return registers;
};
