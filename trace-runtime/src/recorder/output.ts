/**
 * What the program writes to stdout and stderr, the console included, as Runtime.output at the moment of the write. The
 * streams are made when the program first asks for them, as without Hindcast.
 */
import type { Emitters } from './emitters.ts';
import { override } from '../boundary/patch.ts';
import {
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  latin1Of,
  OwnWeakMap,
} from './primordials.ts';
import { Runtime } from '../wire/words.ts';

export interface OutputParts {
  readonly emitters: Emitters;
  flush(): void;
  disguise(replacement: object, original: object): void;
  prints?(): void;
  printed?(fd: number, text: string): void;
  /** true while the recorder itself is at work */
  redirected(): boolean;
}

const utf8 = new TextDecoder();
const decode = utf8.decode.bind(utf8);

export function watchOutput(parts: OutputParts): void {
  const watched: Watched = { streams: new OwnWeakMap(), prototypes: new OwnWeakMap() };
  watchStream(parts, watched, 'stdout', 1);
  watchStream(parts, watched, 'stderr', 2);
}

interface Watched {
  /** their descriptors, and classes: one that is derived hands a write on to the other, which may be watched, too */
  readonly streams: OwnWeakMap<object, { readonly fd: number; readonly prototype: object }>;
  readonly prototypes: OwnWeakMap<object, boolean>;
}

function watchStream(parts: OutputParts, watched: Watched, name: 'stdout' | 'stderr', fd: number): void {
  const descriptor = getOwnPropertyDescriptor(process, name);
  const original = descriptor?.get;
  if (!descriptor?.configurable || original === undefined) return;
  const holder = {
    get [name](): unknown {
      const stream: unknown = apply(original, process, []);
      if (typeof stream === 'object' && stream !== null && watched.streams.get(stream) === undefined) {
        const prototype = getPrototypeOf(stream) as object;
        watched.streams.set(stream, { fd, prototype });
        watchWrites(parts, watched, prototype);
      }
      return stream;
    },
  };
  const getter = getOwnPropertyDescriptor(holder, name)?.get as () => unknown;
  parts.disguise(getter, original);
  defineProperty(process, name, { ...descriptor, get: getter });
}

/** On the prototype: loggers look whether the stream has another `write` than its class, and then write another way. */
function watchWrites(parts: OutputParts, { streams, prototypes }: Watched, prototype: object): void {
  if (prototypes.get(prototype)) return;
  prototypes.set(prototype, true);
  override(
    prototype,
    'write',
    parts.disguise,
    (inherited) =>
      function (...values): unknown {
        const stream = streams.get(this as object);
        if (stream?.prototype === prototype && !parts.redirected()) {
          const { fd } = stream;
          const text = textOf(values[0], values[1]);
          if (text !== undefined) {
            parts.prints?.();
            parts.emitters.emit(Runtime.output, true, [fd], [text]);
            parts.printed?.(fd, text);
          }
          parts.flush();
        }
        return apply(inherited(), this, values);
      },
  );
}

function textOf(chunk: unknown, encoding: unknown): string | undefined {
  if (typeof chunk === 'string') return chunk;
  if (!is.isUint8Array(chunk)) return undefined;
  return encoding === 'latin1' ? latin1Of(chunk, 0, chunk.length) : decode(chunk);
}
