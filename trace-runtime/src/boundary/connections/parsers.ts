/**
 * HTTP's parser of a server takes the bytes of a connection from the handle itself. It is left to: it calls back with what
 * it finds, and at the first call after a read it is asked for the bytes of that read. Where a run is executed again the
 * bytes come through the stream; the parser's calls then have their microtasks after them as they had.
 */
import type net from 'node:net';
import { safely } from '../calls.ts';
import type { BoundaryLog } from '../log.ts';
import { disguise, ownData, type AnyFunction } from '../patch.ts';

const { apply } = Reflect;

type Call = 'kOnHeaders' | 'kOnHeadersComplete' | 'kOnBody' | 'kOnMessageComplete' | 'kOnExecute';

/** Its callbacks stand at numbers that its class names. */
interface Parser {
  readonly constructor: Readonly<Record<Call, number>>;
  readonly socket: net.Socket | null;
  /** it reads from the handle */
  readonly _consumed: boolean;
  getCurrentBuffer(): Uint8Array;
  [call: number]: AnyFunction | null;
}

/** Of `http.in`, whose bytes the parser has read itself: its `by`. */
export const BY_PARSER = 'parser';
/** Is thrown through the parser where the program has thrown in microtasks behind a part of a body. */
export const STOPPED = new Error('The parser has stopped.');

/** Of `process`: how Node runs what waits, and what it does with what nobody has caught. */
interface Inside {
  _tickCallback(this: void): void;
  /** false: the process ends */
  _fatalException(this: void, error: unknown): boolean;
  reallyExit(this: void, code: number): void;
}

/** After these two Node runs microtasks. */
const WITH_TICKS: readonly Call[] = ['kOnHeaders', 'kOnBody'];
const WITHIN_READ: readonly Call[] = [...WITH_TICKS, 'kOnHeadersComplete', 'kOnMessageComplete'];

export interface Parsers {
  /** HTTP's server has taken the connection. */
  watch(socket: net.Socket): void;
}

/** `came` hears of each read's bytes before the program does. */
export function watchParsers(log: BoundaryLog, came: (socket: net.Socket, bytes: Uint8Array) => void): Parsers {
  /** whether the bytes of the read that is under way were told */
  const told = new WeakMap<Parser, { isTold: boolean }>();

  function tell(parser: Parser, read: { isTold: boolean }): void {
    if (read.isTold || !parser._consumed || !parser.socket) return;
    const bytes = parser.getCurrentBuffer();
    if (bytes.length === 0) return;
    read.isTold = true;
    came(parser.socket, bytes);
  }

  return {
    watch(socket) {
      const parser = parserOf(socket);
      if (!parser?._consumed) return;
      let read = told.get(parser);
      if (!read) {
        const mine = (read = { isTold: false });
        told.set(parser, read);
        for (const call of WITHIN_READ)
          wrap(log, parser, call, (original, self, args) => {
            safely(log, () => tell(parser, mine));
            let isThrown = true;
            try {
              const result = apply(original, self, args);
              isThrown = false;
              return result;
            } finally {
              // Node does not come to the end of this read
              if (isThrown) mine.isTold = false;
            }
          });
      }
      const mine = read;
      mine.isTold = false;
      // set anew for each connection
      wrap(log, parser, 'kOnExecute', (original, self, args) => {
        safely(log, () => tell(parser, mine));
        try {
          return apply(original, self, args);
        } finally {
          mine.isTold = false;
        }
      });
    },
  };
}

/** `isByParser`: whether what the connection was given just now was read by the parser when it was recorded. */
export function playParsers(log: BoundaryLog, isByParser: (socket: net.Socket) => boolean): Parsers {
  const known = new WeakSet<Parser>();
  const { _tickCallback, _fatalException, reallyExit } = process as unknown as Inside;

  /** As Node: what is thrown then reaches nobody that waits for the parser, and the parser goes no further. */
  function runTicks(): void {
    try {
      _tickCallback();
    } catch (error) {
      if (!_fatalException(error)) reallyExit(Number(process.exitCode ?? 1));
      throw STOPPED;
    }
  }

  return {
    watch(socket) {
      const parser = parserOf(socket);
      if (!parser || known.has(parser)) return;
      known.add(parser);
      for (const call of WITH_TICKS)
        wrap(log, parser, call, (original, self, args) => {
          const result = apply(original, self, args);
          if (parser.socket && isByParser(parser.socket)) runTicks();
          return result;
        });
    },
  };
}

function parserOf(socket: net.Socket): Parser | undefined {
  const parser = ownData(socket, 'parser');
  return typeof parser === 'object' && parser !== null ? (parser as Parser) : undefined;
}

function wrap(
  log: BoundaryLog,
  parser: Parser,
  call: Call,
  around: (original: AnyFunction, self: unknown, args: unknown[]) => unknown,
): void {
  const at = parser.constructor[call];
  const original = parser[at];
  if (typeof original !== 'function') return;
  parser[at] = disguise(
    function (this: unknown, ...args: unknown[]): unknown {
      return around(original, this, args);
    },
    original,
    log.hide,
  );
}
