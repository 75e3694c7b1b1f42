/**
 * Web streams of file handles. Before Node 22 Node reads them natively, unseen, unless they are streams of bytes: there they
 * are made of such a stream, whose reads cross the boundary as any, with the same parts of a file.
 */
import type { BoundaryLog } from './log.ts';
import { ownData, replace, type AnyFunction } from './patch.ts';

const { apply } = Reflect;
const { getPrototypeOf } = Object;
const Bytes = Uint8Array;
/** What Node reads natively at a time. */
const PART = 65_536;

interface Source {
  readonly pull: (controller: ReadableStreamDefaultController) => Promise<void>;
  readonly cancel: (reason: unknown) => Promise<void>;
}
type Streams = new (source: Source) => ReadableStream;

/** `prototype`: of file handles. */
export function installHandleStreams(log: BoundaryLog, prototype: object): void {
  const native = ownData(prototype, 'readableWebStream');
  if (typeof native !== 'function' || !String(native).includes('FromStreamBase')) return;
  replace(
    prototype,
    'readableWebStream',
    log.hide,
    (original): AnyFunction =>
      function (...args) {
        const type = (args[0] as { readonly type?: unknown } | undefined)?.type;
        // Node says what is wrong with it
        if (type === 'bytes' || (type !== undefined && typeof type !== 'string')) return apply(original, this, args);
        return inParts(apply(original, this, [{ type: 'bytes' }]) as ReadableStream);
      },
  );
}

function inParts(bytes: ReadableStream): ReadableStream {
  const reader = bytes.getReader({ mode: 'byob' });
  const Made = getPrototypeOf(bytes).constructor as Streams;
  return new Made({
    async pull(controller) {
      const { value, done } = await reader.read(new Bytes(PART));
      if (done) controller.close();
      else controller.enqueue(value.buffer.slice(0, value.byteLength));
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
