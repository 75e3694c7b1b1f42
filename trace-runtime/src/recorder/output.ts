/**
 * What the program writes to stdout and stderr, the console included, as Runtime.output at the moment of the write. The
 * streams are made when the program first asks for them, as without Hindcast.
 */
import type { Emitters } from './emitters.ts';
import { apply, defineProperty, getOwnPropertyDescriptor, is, latin1Of, OwnWeakMap } from './primordials.ts';
import { Runtime } from '../wire/words.ts';

export interface OutputParts {
  readonly emitters: Emitters;
  flush(): void;
  disguise(replacement: object, original: object): void;
  printed?(fd: number, text: string): void;
  /** true while the recorder itself is at work */
  redirected(): boolean;
}

type Write = (this: unknown, ...values: unknown[]) => unknown;

const utf8 = new TextDecoder();
const decode = utf8.decode.bind(utf8);

export function watchOutput(parts: OutputParts): void {
  watchStream(parts, 'stdout', 1);
  watchStream(parts, 'stderr', 2);
}

function watchStream(parts: OutputParts, name: 'stdout' | 'stderr', fd: number): void {
  const descriptor = getOwnPropertyDescriptor(process, name);
  const original = descriptor?.get;
  if (!descriptor?.configurable || original === undefined) return;
  const watched = new OwnWeakMap<object, boolean>();
  const holder = {
    get [name](): unknown {
      const stream: unknown = apply(original, process, []);
      if (typeof stream === 'object' && stream !== null && !watched.has(stream)) {
        watched.set(stream, true);
        watchWrites(parts, stream as { write: Write }, fd);
      }
      return stream;
    },
  };
  const getter = getOwnPropertyDescriptor(holder, name)?.get as () => unknown;
  parts.disguise(getter, original);
  defineProperty(process, name, { ...descriptor, get: getter });
}

function watchWrites(parts: OutputParts, stream: { write: Write }, fd: number): void {
  const original = stream.write;
  if (typeof original !== 'function') return;
  const { write } = {
    write(this: unknown, ...values: unknown[]): unknown {
      if (!parts.redirected()) {
        const text = textOf(values[0], values[1]);
        if (text !== undefined) {
          parts.emitters.emit(Runtime.output, true, [fd], [text]);
          parts.printed?.(fd, text);
        }
        parts.flush();
      }
      return apply(original, this, values);
    },
  };
  parts.disguise(write, original);
  defineProperty(stream, 'write', { value: write, writable: true, configurable: true, enumerable: false });
}

function textOf(chunk: unknown, encoding: unknown): string | undefined {
  if (typeof chunk === 'string') return chunk;
  if (!is.isUint8Array(chunk)) return undefined;
  return encoding === 'latin1' ? latin1Of(chunk, 0, chunk.length) : decode(chunk);
}
