/** What runs in a function's name before its body: initialisers of parameters and of a constructor's fields. */
import { apply } from './primordials.ts';
import { Slot } from '../wire/words.ts';

/**
 * What nothing recorded calls may throw where nobody sees it: a promise's callback, an asynchronous function. No later turn
 * may take it for its caller.
 */
export interface EarlyRoots {
  readonly begin: () => void;
  readonly end: () => void;
}

const settled = Promise.resolve();
const { then } = Promise.prototype;

/** `abandon`: one was left by an error. */
export function createEarlyRoots(abandon: () => void): EarlyRoots {
  let begun = 0;
  let open = 0;
  return {
    begin() {
      const own = ++begun;
      open = own;
      const look = (): void => {
        if (open !== own) return;
        open = 0;
        abandon();
      };
      void apply(then, settled, [look]);
    },
    end() {
      open = 0;
    },
  };
}

export interface EarlyParts {
  readonly words: Int32Array;
  readonly enter: (position: number, caller: number) => number;
  /** room for a record, at the limit */
  readonly begin: (position: number) => number;
  readonly roomAt: (position: number) => number;
  readonly put: (position: number, value: unknown) => number;
  /** ends the innermost activation */
  readonly leave: (caller: number) => void;
  /** as `leave`, by an error */
  readonly abrupt: (caller: number) => void;
}

export interface EarlyHooks {
  /** An activation begins whose steps have no ops (`early`). Returns the caller's progress, for EB. */
  readonly EA: (w: number, op: number, ...values: readonly unknown[]) => number;
  /** It ends; `v` is the initial value. */
  readonly EB: (c: number, v: unknown) => unknown;
  /** An initialiser has written a variable. */
  readonly EN: (w: number, v: unknown) => void;
  /** Reads the environment of a function whose parameters may not be bound yet; 0: they are not. */
  readonly EP: (read: () => number) => number;
}

export function createEarlyHooks({ words, enter, begin, roomAt, put, leave, abrupt }: EarlyParts): EarlyHooks {
  // an error that nobody handles has told it already
  const roots = createEarlyRoots(() => words[Slot.progress] === 0 || abrupt(0));
  return {
    EA(w, op, ...values) {
      const c = words[Slot.progress]!;
      if (c === 0) roots.begin();
      let p = enter(words[Slot.position]!, c);
      words[p] = w;
      words[p + 1] = c << 1;
      p += 2;
      for (let i = 0; i < values.length; i++) p = put(roomAt(p), values[i]);
      words[Slot.position] = p;
      words[Slot.progress] = op;
      return c;
    },
    EB(c, v) {
      if (c === 0) roots.end();
      leave(c);
      return v;
    },
    EN(w, v) {
      const position = words[Slot.position]!;
      const p = position > words[Slot.limit]! ? begin(position) : position;
      words[p] = w;
      words[p + 1] = words[Slot.progress]! << 1;
      words[Slot.position] = put(p + 2, v);
    },
    EP(read) {
      try {
        return read();
      } catch {
        return 0;
      }
    },
  };
}
