/**
 * The words that a recorded program writes and the sidecar takes.
 *
 * A stream is a sequence of 32-bit little-endian words. Every word carries a tag, so a reader can walk a stream
 * without knowing the site table; only the two raw words after `DOUBLE` and the byte blobs of `DEF_STRING`,
 * `DEF_BYTES` and `BYTES` are untagged.
 *
 *     xxxx xxx0   small integer: word >> 1                      (-2^30 … 2^30-1)
 *     xxxx x001   object: id = word >>> 3
 *     xxxx x011   string: id = word >>> 3
 *     xxxx x101   special: code = word >>> 3                    (SPECIAL)
 *     xxxx F111   control: id = word >>> 4, F = control-flow    (below FIRST_SITE: RUNTIME, else base + op index)
 *
 * A record is one control word and its payload. Definitions (`DEF_*`) may stand wherever a value may: they come
 * directly before the first value that needs them, inside another record's payload if need be.
 */
export const Tag = { object: 1, string: 3, special: 5, control: 7 } as const;

/** Ids of site records start here; smaller control ids are RUNTIME records. */
export const FIRST_SITE = 256;

/** Set in control words of places that control flow comes to. Where no `hashes` follows, the hash is rolled over them. */
export const FLOW_BIT = 8;

export const Special = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  negativeZero: 4,
  nan: 5,
  /** two raw words follow: low, high */
  double: 6,
  /** a string value follows: decimal digits */
  bigint: 7,
  /** a small integer follows: the symbol's id (DEF_SYMBOL) */
  symbol: 8,
  /** an absent array element */
  hole: 9,
  /** a binding in its temporal dead zone */
  uninitialised: 10,
  /** getter value and setter value follow */
  accessor: 11,
  /** a value that was not captured; the ledger says why */
  opaque: 12,
  /** a redacted secret: a string value follows, the secret's name */
  redacted: 13,
} as const;

/**
 * Runtime records. `int` is a small-integer word, `value` any value, `progress` the int at Slot.progress: the op that
 * the innermost recorded activation was at (0: no recorded code on the stack).
 */
export const Runtime = {
  /** int id, int length in UTF-16 units, int encoding (0 latin1, 1 utf16le), bytes padded to whole words */
  defString: 1,
  /** int id, int parent id, int start, int length */
  defSubstring: 2,
  /** int id, int left id, int right id */
  defConcat: 3,
  /** int id, value description, int kind (0 local, 1 registered, 2 well-known) */
  defSymbol: 4,
  /** int id, int kind (ObjectKind), int flags (ObjectFlag), value prototype, value class name, payload by kind,
   *  int property count, then for each: key value, value (Special.accessor for accessors), int attributes.
   *  Sent again for the same id it replaces the object's contents. */
  defObject: 5,
  /** value buffer, int offset, int length, bytes padded to whole words: what a part of a defined buffer holds now. Stands
   *  before a new view of that part, which native code may have written. */
  defBytes: 6,
  /** value text, value Object.prototype, value Array.prototype, int id: what JSON.parse made of the text. The objects in it
   *  have consecutive ids, the outermost the given one, breadth first in the order of their properties. */
  defParsed: 7,

  /** int base, int op count, value hash of the site table, value path, int how (Loaded, and of which query: loaded-as.ts) */
  file: 16,
  /** A turn of the event loop or a microtask begins. int tick, int cause (Cause), int cause tick, value milliseconds since start */
  tick: 17,
  /** An activation left by a throw or an abrupt generator return; a file's body only as an error leaves the program.
   *  progress (of the activation that is left) */
  abrupt: 18,
  /** A suspended activation goes on. int activation (negative: a `finally` was the first to notice it),
   *  progress (of whoever resumes it), int op it goes on at */
  resume: 19,
  /** progress, int fd, value text */
  output: 20,
  /** progress, value kind, value detail (JSON text) */
  boundary: 21,
  /** int case, int parent case or 0, value name, value file, int line */
  caseStart: 22,
  /** int case, int outcome (Outcome), value error or undefined, value milliseconds */
  caseEnd: 23,
  /** An error left the program. int kind (Uncaught), value error */
  uncaught: 24,
  /** progress, value entry: an object { kind, subject, reason } as JSON text */
  ledger: 25,
  /** Last record of an orderly end. int exit code */
  end: 26,
  /** An activation left normally after a user `finally` ran past its return. progress */
  leave: 27,
  /** A clock was read. progress, int kind (Clock), number; for the kinds in pairs a second number */
  clock: 28,
  /** Math.random() was asked. progress, number */
  random: 29,
  /** The control-flow hash of the tick that ends here, which the program has rolled. int high half, int low half of lane a, then of lane b */
  hashes: 30,
  /** Of earlier versions: the hash of the numeric loops in the tick that ends here. As `hashes`. */
  loopHashes: 31,

  /** progress, object, key, value: a plain [[Set]] by code that is not recorded step by step */
  set: 32,
  /** progress, object, key */
  delete: 33,
  /** progress, object, key, value, int attributes */
  define: 34,
  /** progress, object, int count, values */
  push: 35,
  /** progress, object, int start, int removed, int count, values */
  splice: 36,
  /** progress, object, int length, elements: all elements anew */
  elements: 37,
  /** progress, object, key, value (a Set: value is undefined) */
  mapSet: 38,
  /** progress, object, key */
  mapDelete: 39,
  /** progress, object */
  mapClear: 40,
  /** progress, object, value prototype */
  setPrototype: 41,
  /** progress, object, int level (1 not extensible, 2 sealed, 3 frozen) */
  freeze: 42,
  /** progress, object, value: a Date's new time */
  dateSet: 43,
  /** progress, ArrayBuffer object, int offset, int length, bytes padded to whole words */
  bytes: 44,
  /** What came over the boundary in the tick that ends here, and samples of its values, as a number. int high half, int low half */
  check: 45,
  /** Activations that had begun in the tick. int kind (Activations), int high half, int low half */
  activations: 46,
} as const;

export const ObjectKind = {
  plain: 0,
  /** payload: int length, then that many values (Special.hole where absent) */
  array: 1,
  /** payload: value name, int length, int id of the first site in its text (0: native or not recorded), int environment id (0: none) */
  function: 2,
  /** payload: value stack text; message and cause are properties */
  error: 3,
  /** payload: int size, then key and value for each */
  map: 4,
  /** payload: int size, then values */
  set: 5,
  /** payload: value time in milliseconds */
  date: 6,
  /** payload: value source, value flags */
  regexp: 7,
  /** payload: value primitive */
  boxed: 8,
  /** payload: value ArrayBuffer, int byte offset, int length; the class name says the element type */
  typedArray: 9,
  /** payload: int byte length, bytes padded to whole words */
  arrayBuffer: 10,
  /** payload: value target, value handler (opaque where not known) */
  proxy: 11,
  promise: 12,
  weak: 13,
  /** a native or internal object: only its class and what was captured of its properties */
  opaque: 14,
  /** payload as array */
  arguments: 15,
  namespace: 16,
  /** payload: value path, for instance `Array.prototype` or `node:fs` */
  intrinsic: 17,
  /** payload as typedArray */
  dataView: 18,
  generator: 19,
} as const;

/** `owned`: a plain object that is its constructor's `prototype`. */
export const ObjectFlag = { notExtensible: 1, sealed: 2, frozen: 4, null: 8, owned: 16 } as const;
/** Property attributes; 7 is an ordinary assignment's. */
export const Attribute = { writable: 1, enumerable: 2, configurable: 4 } as const;
export const Cause = {
  main: 0,
  microtask: 1,
  timer: 2,
  immediate: 3,
  nextTick: 4,
  io: 5,
  message: 6,
  request: 7,
  test: 8,
} as const;
/** Date in milliseconds; performance.now in milliseconds; hrtime as seconds and nanoseconds; hrtime.bigint as its low 30
 *  bits and the rest; process.uptime in seconds; performance.mark and measure as start and duration. */
export const Clock = { date: 1, performance: 2, hrtime: 3, hrtimeBigint: 4, uptime: 5, mark: 6 } as const;
export const Outcome = { passed: 0, failed: 1, skipped: 2, timedOut: 3, unfinished: 4 } as const;
export const Uncaught = { exception: 1, rejection: 2 } as const;
/** When they are counted: at an overflow of the stack that was caught, at the end of a tick with many; or the stack has overflowed, nobody knows where. */
export const Activations = { atOverflow: 0, ofTick: 1, unplaced: 2 } as const;
export const Loaded = { commonjs: 0, module: 1, function: 2, script: 3 } as const;

/** The first words of a thread's buffer are its registers, not stream words. */
export const Slot = {
  /** index of the next free word */
  position: 0,
  /** when position passes this, the slow path is taken before a record */
  limit: 1,
  /** the op the innermost recorded activation is at; 0 when no recorded code is on the stack */
  progress: 2,
  /** records begun so far, low 31 bits: written by the slow path only */
  sequence: 3,
  /** the two lanes of the control-flow hash of the tick */
  hashA: 4,
  hashB: 5,
  /** of earlier versions: the two lanes of the hash of numeric loops since the tick began */
  loopA: 6,
  loopB: 7,
  /** what came over the boundary in the tick, and samples of its values, rolled into a number; 0 where nothing did */
  check: 8,
  /** counted down by the program: at 0 a value is sampled (recorder/value-samples.ts) */
  sample: 9,
  /** activations that have begun in the tick */
  activations: 10,
  /** how many may (recorder/stack-overflows.ts) */
  most: 11,
} as const;
/** Stream words start here. */
export const FIRST_WORD = 16;
/** A record's fixed part never exceeds this many words; longer payloads take the slow path between words. */
export const HEADROOM = 256;
/** Multipliers of the two lanes of a control-flow hash, which program and reader roll alike: h = imul(h, lane) + step. */
export const LANE_A = 31;
export const LANE_B = 1_000_003;
