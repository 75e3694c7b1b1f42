/** What cannot be cloned is named by Node in an error of its own: functions in it by their original text. */
import v8 from 'node:v8';
import { MessagePort } from 'node:worker_threads';
import { natives } from './natives.ts';

type Hide = (replacement: object, original: object) => void;
type Holder = Record<string, unknown>;

/** `original`: of a message. Where the main realm's are replaced, Node's classes are, too. */
export function correctCloneErrors(
  globalObject: object,
  main: boolean,
  original: (message: string) => string,
  hide: Hide,
): void {
  replace(globalObject, 'structuredClone');
  if (!main) return;
  replace(MessagePort.prototype, 'postMessage');
  replace((v8 as unknown as { Serializer: { prototype: object } }).Serializer.prototype, 'writeValue');

  function replace(holder: object, key: string): void {
    const found = Object.getOwnPropertyDescriptor(holder, key);
    const before: unknown = found?.value;
    if (typeof before !== 'function' || !(found?.configurable || found?.writable)) return;
    const { [key]: replacement } = {
      [key](this: unknown, ...values: unknown[]): unknown {
        try {
          return natives.apply(before, this, values);
        } catch (error) {
          throw corrected(error, original);
        }
      },
    } as Holder;
    hide(replacement as object, before);
    Object.defineProperty(holder, key, { ...found, value: replacement });
  }
}

const OwnException = DOMException;

function corrected(error: unknown, original: (message: string) => string): unknown {
  try {
    const { message, name } = error as Error;
    const better = original(message);
    if (better === message) return error;
    if (error instanceof OwnException) return new OwnException(better, name);
    Object.defineProperty(error, 'message', { value: better, writable: true, enumerable: false, configurable: true });
  } catch {
    // the error as it is
  }
  return error;
}
