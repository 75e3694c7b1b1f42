/** Node's functions that change memory of the program's: those that take buffers away, and those that fill them. */
import { TextEncoder } from 'node:util';
import { MessagePort } from 'node:worker_threads';
import type { Realm } from './builtins.ts';
import { apply, getOwnPropertyDescriptor, is, isArray, typedArrayBuffer, typedArrayOffset } from './primordials.ts';

export function replaceTransfers(realm: Realm): void {
  const { replace, known, anew, parts } = realm;

  /** Buffers in a list of what is transferred have no bytes any more. */
  function gone(options: unknown): void {
    const list: unknown = isArray(options) ? options : dataOf(options, 'transfer');
    if (!isArray(list)) return;
    for (let i = 0; i < list.length; i++) {
      const item: unknown = dataOf(list, i);
      if (is.isAnyArrayBuffer(item) && known(item)) anew(item);
    }
  }

  replace(MessagePort.prototype, 'postMessage', (original) => ({
    postMessage(this: unknown, _message: unknown, options: unknown): unknown {
      const result = apply(original, this, arguments);
      gone(options);
      return result;
    },
  }));
  replace(parts.globalObject, 'structuredClone', (original) => ({
    structuredClone(this: unknown, _value: unknown, options: unknown): unknown {
      const result = apply(original, this, arguments);
      gone(options);
      return result;
    },
  }));
  replace(TextEncoder.prototype, 'encodeInto', (original) => ({
    encodeInto(this: unknown, _text: unknown, into: unknown): unknown {
      const result = apply(original, this, arguments);
      const written = dataOf(result, 'written');
      if (is.isUint8Array(into) && typeof written === 'number' && written > 0)
        parts.emitBytes(typedArrayBuffer(into), typedArrayOffset(into), written);
      return result;
    },
  }));
}

function dataOf(object: unknown, key: PropertyKey): unknown {
  return typeof object === 'object' && object !== null && !is.isProxy(object)
    ? getOwnPropertyDescriptor(object, key)?.value
    : undefined;
}
